/**
 * Accepting an invitation: the new passkey, signed by the link's key, on the inviter's signed word.
 * The whole proof is kept, so that an auditor checks it with the log and without this server.
 */
import { identity } from '@holdpoint/api'
import { nodePasskeyVerifier, nodePrimitives } from '@holdpoint/api/node'
import {
  type Access,
  derOfRawSignature,
  type InviteProof,
  inviteProofProblem,
  inviteProofText,
  type KeyId,
  liveKeys,
  mayInvite,
  type Passkey,
  type PersonId,
  type Refusal,
  type SignedStatement,
} from '@holdpoint/core'
import { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import { keepEvidence } from '../kept.ts'
import { newKeyId } from '../new-ids.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { findInvite, type Invite, takeInvite } from '../store/invites.ts'
import { begin, enrolFirst, enrolmentBegun, newNonce, takeBegun } from './enrol.ts'
import { inviteView } from './invites.ts'
import { type NewPasskey, readRegistration } from './registration.ts'
import { TOO_LATE } from './welcome.ts'

const PURPOSE = 'accept'
const USED_UP: Refusal = { code: 'link_used_up', link: 'invitation' }

const Begun = z.object({ inviteKey: z.string() })

export async function beginAccept(
  { inviteKey }: z.output<typeof identity.BeginAccept>,
  services: Services,
): Promise<Result<z.input<typeof identity.AcceptBegun>>> {
  const found = await openInvite(inviteKey, services)
  if (found === null) return refused(USED_UP)
  const { statement } = found.signed
  const nonce = newNonce()
  const begun = await begin(
    { purpose: PURPOSE, owner: null, statement: { inviteKey }, nonce },
    services,
  )
  if (!begun.ok) return begun
  const view = await inviteView(statement, services)
  const good = { nonce, until: begun.value }
  const enrolling = { ...view.person, id: statement.person }
  return done({ invite: view, enrolment: await enrolmentBegun(enrolling, good, services) })
}

interface OpenInvite {
  readonly invite: Invite
  readonly signed: SignedStatement<'invite'>
  /** The inviter's passkey, which still counts. */
  readonly by: Passkey
}

/** One whose inviter still may, by a key that still counts, for somebody who still needs it. */
async function openInvite(inviteKey: string, services: Services): Promise<OpenInvite | null> {
  const invite = await findInvite(services.database.kysely, inviteKey, services.clock.now())
  if (invite === null) return null
  const signed = identity.SignedInvite.safeParse(JSON.parse(invite.signed))
  const access = await services.gate.access()
  if (liveKeys(access, invite.person).length > 0) return null
  const by = inviterKey(access, invite.key)
  return signed.success && by !== null ? { invite, signed: signed.data, by } : null
}

function inviterKey(access: Access, id: KeyId): Passkey | null {
  const person = access.keys.get(id)?.person
  if (person === undefined || !mayInvite(access, person)) return null
  return liveKeys(access, person).find((key) => key.id === id) ?? null
}

export async function accept(
  body: z.output<typeof identity.Accept>,
  services: Services,
): Promise<Result<PersonId>> {
  const { nonce, registration, inviteKey } = body
  const begun = Begun.safeParse(await takeBegun({ purpose: PURPOSE, nonce, owner: null }, services))
  if (!begun.success || begun.data.inviteKey !== inviteKey) return refused(TOO_LATE)
  const found = await openInvite(inviteKey, services)
  if (found === null) return refused(USED_UP)
  const site = relyingParty(services.baseUrl())
  const passkey = await readRegistration({ registration, nonce, site })
  if (!passkey.ok) return passkey
  const proof = proofOf(found, { passkey: passkey.value, signature: body.signature }, services)
  if (!proof.ok) return proof
  if (!(await takeInvite(services.database.kysely, inviteKey))) return refused(USED_UP)
  const text = inviteProofText(proof.value)
  const digest = await keepEvidence(services.database, { workspace: 'access', text })
  const { person } = found.invite
  const vouched = { key: found.by.id, proof: digest }
  const { label } = body
  const first = { key: newKeyId(), person, label, passkey: passkey.value, vouched }
  const problem = await enrolFirst(first, services)
  return problem === null ? done(person) : refused(problem)
}

function proofOf(
  { invite, signed, by }: OpenInvite,
  made: { readonly passkey: NewPasskey; readonly signature: string },
  services: Services,
): Result<InviteProof> {
  const { publicKey } = made.passkey
  const signature = derOfRawSignature(made.signature) ?? ''
  const proof: InviteProof = { v: 1, invite: signed, publicKey, signature }
  const { person } = invite
  const expected = { person, publicKey, inviter: by, at: services.clock.now() }
  const sources = { primitives: nodePrimitives, verifier: nodePasskeyVerifier }
  const problem = inviteProofProblem(proof, expected, sources)
  return problem === null ? done(proof) : refused({ code: 'passkey_refused', because: problem })
}
