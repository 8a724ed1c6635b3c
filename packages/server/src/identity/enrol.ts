/**
 * Enrolling a passkey: what the authenticator is asked for, and the event by which the log knows the
 * key from then on. Its credential is kept first: a key without one could never sign.
 */
import type { identity } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Actor,
  type Digest,
  digestText,
  type KeyId,
  PASSKEY_ALGORITHMS,
  type PersonId,
  type Refusal,
  SYSTEM,
  type Vouch,
} from '@holdpoint/core'
import type { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import { randomSecretText } from '../io/random-ids.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { addCeremony, CEREMONY_MS, takeCeremony } from '../store/ceremonies.ts'
import { addCredential, removeCredential } from '../store/credentials.ts'
import { signingCredentials } from './prove.ts'
import { recordAccess } from './record.ts'
import { challengeOfNonce, type NewPasskey } from './registration.ts'

export const TRIES_MINUTES = 5

export function newNonce(): Digest {
  return digestText(nodePrimitives, randomSecretText())
}

export interface Begin {
  readonly purpose: string
  /** Whose ceremony it is; `null` where nobody is known yet. */
  readonly owner: PersonId | null
  readonly statement: unknown
  readonly nonce: Digest
}

/** Until when it is good. */
export async function begin(
  { purpose, owner, statement, nonce }: Begin,
  services: Services,
): Promise<Result<number>> {
  const now = services.clock.now()
  const expiresAt = now + CEREMONY_MS
  const text = JSON.stringify(statement)
  const ceremony = { nonce, purpose, person: owner, statement: text, expiresAt }
  return (await addCeremony(services.database.kysely, ceremony, now))
    ? done(expiresAt)
    : refused({ code: 'too_many_tries', minutes: TRIES_MINUTES })
}

/** What was begun, once; `null` where it is used, too old, or was begun for somebody else. */
export async function takeBegun(
  asked: { readonly purpose: string; readonly nonce: Digest; readonly owner: PersonId | null },
  services: Services,
): Promise<unknown> {
  const ceremony = await takeCeremony(services.database.kysely, asked, services.clock.now())
  if (ceremony === null || ceremony.person !== asked.owner) return null
  return JSON.parse(ceremony.statement)
}

export interface Enrolling {
  readonly id: PersonId
  readonly handle: string
  readonly name: string
}

type EnrolmentBegun = z.input<typeof identity.EnrolmentBegun>

export async function enrolmentBegun(
  person: Enrolling,
  good: { readonly nonce: Digest; readonly until: number },
  services: Services,
): Promise<EnrolmentBegun> {
  const { id, handle, name } = person
  return {
    nonce: good.nonce,
    challenge: challengeOfNonce(good.nonce),
    rp: { id: relyingParty(services.baseUrl()).id, name: 'Holdpoint' },
    user: { id: Buffer.from(id).toString('base64url'), name: handle, displayName: name },
    algorithms: [...PASSKEY_ALGORITHMS],
    exclude: await signingCredentials(id, services),
    until: good.until,
  }
}

export interface Enrolled {
  readonly key: KeyId
  readonly person: PersonId
  readonly label: string
  readonly passkey: NewPasskey
  readonly vouched: Vouch | null
  /** The system, or the very person who vouches with an earlier key. */
  readonly actor: Actor
}

/** `null` when the log has the key. */
export async function enrol(enrolled: Enrolled, services: Services): Promise<Refusal | null> {
  const { key, person, label, passkey, vouched, actor } = enrolled
  const { credentialId: id, transports, credential, publicKey, algorithm } = passkey
  const { kysely } = services.database
  const addedAt = services.clock.now()
  const row = { key, id, person, transports, label, addedAt, usedAt: null }
  if (!(await addCredential(kysely, row))) return { code: 'already_exists', what: 'passkey' }
  const { id: rpId } = relyingParty(services.baseUrl())
  const event = {
    type: 'key_enrolled',
    key,
    person,
    publicKey,
    algorithm,
    rpId,
    credential,
  } as const
  const problem = await recordAccess(actor, [{ ...event, vouched }], services)
  if (problem !== null) await removeCredential(kysely, key)
  return problem
}

/** A person's first key, which rests on the server's word or on an invitation. */
export function enrolFirst(
  enrolled: Omit<Enrolled, 'actor'>,
  services: Services,
): Promise<Refusal | null> {
  return enrol({ ...enrolled, actor: SYSTEM }, services)
}
