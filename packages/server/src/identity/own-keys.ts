/**
 * One's own passkeys. The first rests on the server's word, and therefore on a sign-in that is
 * young; each further one is signed for with an earlier one, so that a stolen sign-in adds none.
 */
import { identity } from '@holdpoint/api'
import {
  hasEverHadKey,
  type Instant,
  type KeyId,
  liveKeys,
  type PersonId,
  type Refusal,
  signedStatementText,
  type VouchStatement,
} from '@holdpoint/core'
import { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import { keepEvidence } from '../kept.ts'
import { newKeyId } from '../new-ids.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { credentialsOf } from '../store/credentials.ts'
import { loadNames } from '../views-names.ts'
import { begin, enrol, enrolFirst, enrolmentBegun, newNonce, takeBegun } from './enrol.ts'
import { proveStatement, signingCredentials } from './prove.ts'
import { type NewPasskey, readRegistration } from './registration.ts'
import { TOO_LATE } from './welcome.ts'

export const FRESH_MINUTES = 10

/** Who asks, and since when they are signed in here. */
export interface Owner {
  readonly person: PersonId
  /** `null` where a development person named themselves. */
  readonly signedInAt: Instant | null
}

type KeyView = z.input<typeof identity.KeyView>

export async function keyViews(person: PersonId, services: Services): Promise<readonly KeyView[]> {
  const access = await services.gate.access()
  const { kysely } = services.database
  const names = await loadNames(kysely, access)
  const known = new Map((await credentialsOf(kysely, person)).map((each) => [each.key, each]))
  const own = [...access.keys.values()].filter((key) => key.person === person)
  return own.map((key) => {
    const kept = known.get(key.id)
    const voucher = key.vouched === null ? undefined : access.keys.get(key.vouched.key)?.person
    return {
      key: key.id,
      label: kept?.label ?? 'passkey',
      transports: kept?.transports ?? [],
      addedAt: key.since,
      usedAt: kept?.usedAt ?? null,
      revoked: key.revoked,
      vouchedBy:
        voucher === undefined
          ? null
          : { person: voucher, name: names.person(voucher), you: voucher === person },
    }
  })
}

export async function needsFreshSignIn(owner: Owner, services: Services): Promise<boolean> {
  const access = await services.gate.access()
  return !hasEverHadKey(access, owner.person) && !isFresh(owner, services.clock.now())
}

function isFresh({ signedInAt }: Owner, now: Instant): boolean {
  return signedInAt === null || now < signedInAt + FRESH_MINUTES * 60 * 1000
}

/** Why no passkey can be added now, before anybody touches a device. */
async function problemOf(owner: Owner, services: Services): Promise<Refusal | null> {
  const access = await services.gate.access()
  if (await needsFreshSignIn(owner, services))
    return { code: 'fresh_sign_in_needed', minutesMax: FRESH_MINUTES }
  if (liveKeys(access, owner.person).length > 0 || !hasEverHadKey(access, owner.person)) return null
  const because =
    'none of your passkeys counts any more, so an administrator has to invite you again'
  return { code: 'passkey_refused', because }
}

export async function beginKey(
  owner: Owner,
  services: Services,
): Promise<Result<z.input<typeof identity.EnrolmentBegun>>> {
  const problem = await problemOf(owner, services)
  if (problem !== null) return refused(problem)
  const { person } = owner
  const nonce = newNonce()
  const begun = await begin({ purpose: 'key', owner: person, statement: {}, nonce }, services)
  if (!begun.ok) return begun
  const names = await loadNames(services.database.kysely, await services.gate.access())
  const handle = names.profile(person)?.handle ?? person
  const enrolling = { id: person, handle, name: names.person(person) }
  return done(await enrolmentBegun(enrolling, { nonce, until: begun.value }, services))
}

export async function registerKey(
  owner: Owner,
  body: z.output<typeof identity.RegisterKey>,
  services: Services,
): Promise<Result<z.input<typeof identity.KeyRegistered>>> {
  const { person } = owner
  const { nonce, registration, label } = body
  const begun = await takeBegun({ purpose: 'key', nonce, owner: person }, services)
  if (begun === null) return refused(TOO_LATE)
  const site = relyingParty(services.baseUrl())
  const read = await readRegistration({ registration, nonce, site })
  if (!read.ok) return read
  const problem = await problemOf(owner, services)
  if (problem !== null) return refused(problem)
  const passkey = read.value
  if (liveKeys(await services.gate.access(), person).length > 0)
    return beginVouch({ person, label, passkey }, services)
  const key = newKeyId()
  const failed = await enrolFirst({ key, person, label, passkey, vouched: null }, services)
  if (failed !== null) return refused(failed)
  return done({ key: await viewOf(person, key, services), vouch: null })
}

async function viewOf(person: PersonId, key: KeyId, services: Services): Promise<KeyView | null> {
  return (await keyViews(person, services)).find((each) => each.key === key) ?? null
}

const Vouching = z.object({
  statement: identity.VouchStatement,
  label: z.string(),
  passkey: z.object({
    credentialId: z.string(),
    credential: identity.VouchStatement.shape.nonce,
    publicKey: z.string(),
    algorithm: z.union([z.literal(-7), z.literal(-8), z.literal(-257)]),
    transports: z.array(z.string()).readonly(),
  }),
})

interface NewKey {
  readonly person: PersonId
  readonly label: string
  readonly passkey: NewPasskey
}

async function beginVouch(
  { person, label, passkey }: NewKey,
  services: Services,
): Promise<Result<z.input<typeof identity.KeyRegistered>>> {
  const nonce = newNonce()
  const { publicKey } = passkey
  const statement: VouchStatement = { person, key: newKeyId(), publicKey, nonce }
  const kept = { statement, label, passkey }
  const begun = await begin({ purpose: 'vouch', owner: person, statement: kept, nonce }, services)
  if (!begun.ok) return begun
  const { id: rpId } = relyingParty(services.baseUrl())
  const credentials = await signingCredentials(person, services)
  return done({ key: null, vouch: { statement, rpId, credentials, until: begun.value } })
}

export async function vouchKey(
  person: PersonId,
  { signed }: z.output<typeof identity.VouchKey>,
  services: Services,
): Promise<Result<z.input<typeof identity.KeyAdded>>> {
  const asked = { purpose: 'vouch', nonce: signed.nonce, owner: person }
  const begun = Vouching.safeParse(await takeBegun(asked, services))
  if (!begun.success) return refused(TOO_LATE)
  const { statement, label, passkey } = begun.data
  const proved = await proveStatement({ purpose: 'vouch', person, statement, signed }, services)
  if (!proved.ok) return proved
  const text = signedStatementText(proved.value.signed)
  const proof = await keepEvidence(services.database, { workspace: 'access', text })
  const { key } = statement
  const vouched = { key: proved.value.key, proof }
  const actor = { kind: 'person', id: person, assurance: 'passkey' } as const
  const problem = await enrol({ key, person, label, passkey, vouched, actor }, services)
  if (problem !== null) return refused(problem)
  const view = await viewOf(person, key, services)
  return view === null ? refused({ code: 'not_found', what: 'passkey' }) : done({ key: view })
}
