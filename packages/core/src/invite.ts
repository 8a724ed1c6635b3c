/**
 * How somebody new gets their first passkey without anyone believing the server: a person who
 * administers signs an invitation for a key pair whose secret half only the link has, and that half
 * signs the new passkey. The proof is kept whole, so that it is checked again with the log alone.
 */
import { decodeBase64, decodeBase64Url, encodeBase64Url } from './base64.ts'
import { joinBytes } from './bytes.ts'
import { canonicalText } from './canonical.ts'
import type { PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import {
  type AssertionSources,
  assertionProblem,
  challengeOf,
  type Passkey,
  type SignedStatement,
} from './passkey.ts'

/** What the secret half of an invitation signs: this passkey is that person's. */
export interface Enrolment {
  readonly person: PersonId
  /** SubjectPublicKeyInfo of the invitation's ECDSA P-256 key, DER in base64. */
  readonly inviteKey: string
  /** SubjectPublicKeyInfo of the new passkey, DER in base64. */
  readonly publicKey: string
}

/** The evidence behind a first passkey that an invitation vouches for. */
export interface InviteProof {
  readonly v: 1
  readonly invite: SignedStatement<'invite'>
  readonly publicKey: string
  /** ECDSA with SHA-256 by the invitation's key over `enrolmentText`: DER in base64url. */
  readonly signature: string
}

/** The text that is signed, as UTF-8. */
export function enrolmentText({ person, inviteKey, publicKey }: Enrolment): string {
  return `holdpoint-enrolment-v1\n${canonicalText({ person, inviteKey, publicKey })}`
}

/** The evidence bytes of a proof: canonical, so that one has one hash. */
export function inviteProofText({ v, invite, publicKey, signature }: InviteProof): string {
  const { purpose, statement, assertion } = invite
  return canonicalText({
    v,
    invite: { v: invite.v, purpose, statement: { ...statement }, assertion: { ...assertion } },
    publicKey,
    signature,
  })
}

export interface ExpectedInvite {
  readonly person: PersonId
  /** The new passkey's. */
  readonly publicKey: string
  /** The inviter's passkey, as the log knows it. */
  readonly inviter: Pick<Passkey, 'person' | 'publicKey' | 'algorithm' | 'rpId'>
  /** When the passkey was enrolled. */
  readonly at: Instant
}

/** Why a proof does not vouch for this passkey of this person; `null` when it does. */
export function inviteProofProblem(
  proof: InviteProof,
  expected: ExpectedInvite,
  sources: AssertionSources,
): string | null {
  const { statement, assertion } = proof.invite
  if (statement.person !== expected.person) return 'it invites somebody else'
  if (statement.inviter !== expected.inviter.person) return 'it is not by the person it names'
  if (proof.publicKey !== expected.publicKey) return 'it is for another passkey'
  if (expected.at >= statement.until) return 'it was over by then'
  const challenge = challengeOf('invite', statement, sources.primitives)
  const problem = assertionProblem(assertion, { challenge, key: expected.inviter }, sources)
  if (problem !== null) return problem
  return enrolmentProblem(proof, sources)
}

function enrolmentProblem(
  { invite, publicKey, signature }: InviteProof,
  { primitives, verifier }: AssertionSources,
): string | null {
  const { person, inviteKey } = invite.statement
  const key = decodeBase64(inviteKey)
  const bytes = decodeBase64Url(signature)
  if (key === null || bytes === null) return 'it is not base64'
  const data = primitives.utf8(enrolmentText({ person, inviteKey, publicKey }))
  return verifier.verify({ algorithm: -7, publicKey: key, data, signature: bytes })
    ? null
    : 'the passkey is not signed by the key of the link'
}

const P256_BYTES = 32

/** WebCrypto gives r ‖ s (RFC 7518 §3.4); everything else here takes DER. `null`: not 64 bytes. */
export function derOfRawSignature(raw: string): string | null {
  const bytes = decodeBase64Url(raw)
  if (bytes === null || bytes.length !== 2 * P256_BYTES) return null
  const parts = joinBytes([
    derInteger(bytes.subarray(0, P256_BYTES)),
    derInteger(bytes.subarray(P256_BYTES)),
  ])
  return encodeBase64Url(joinBytes([Uint8Array.of(0x30, parts.length), parts]))
}

/** The shortest two's complement of a number that is never negative (X.690 §8.3). */
function derInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  const short = first === -1 ? bytes.subarray(-1) : bytes.subarray(first)
  const padded = (short[0] ?? 0) >= 0x80 ? joinBytes([Uint8Array.of(0), short]) : short
  return joinBytes([Uint8Array.of(0x02, padded.length), padded])
}
