/**
 * What a passkey signs here, and how a signature is checked with nothing but the log. The WebAuthn
 * challenge is the digest of a statement, under a domain of its own, so that a signature for one
 * purpose is never one for another. Nothing here believes a server: a key comes from the log, the
 * challenge from the statement, and the curve is an argument.
 *
 * Source: Web Authentication Level 3, §5.8.1 (client data), §6.1 (authenticator data), §7.2.
 */
import { decodeBase64, decodeBase64Url, encodeBase64Url } from './base64.ts'
import { joinBytes, sameBytes } from './bytes.ts'
import { canonicalText } from './canonical.ts'
import { type ChangeId, type Digest, digestText, type KeyId, type PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Primitives } from './primitives.ts'
import type { Json } from './value.ts'
import type { Requirement, Slot } from './verdict.ts'

/** COSE algorithms (IANA): ES256, EdDSA with Ed25519, RS256. */
export const PASSKEY_ALGORITHMS = [-7, -8, -257] as const
export type PasskeyAlgorithm = (typeof PASSKEY_ALGORITHMS)[number]

/** A passkey as the log knows it. */
export interface Passkey {
  readonly id: KeyId
  readonly person: PersonId
  readonly since: Instant
  /** SubjectPublicKeyInfo (RFC 5280), DER in base64. */
  readonly publicKey: string
  readonly algorithm: PasskeyAlgorithm
  /** The relying party it was made for: a registrable domain or `localhost`. */
  readonly rpId: string
  /** SHA-256 of the credential's id, which itself is kept outside the log. */
  readonly credential: Digest
  /** Who vouched for it with a key of the log; `null` where it rests on the server's word. */
  readonly vouched: Vouch | null
  readonly revoked: boolean
}

/** A signature in the log: whose key, and the signed statement as evidence. */
export interface Vouch {
  readonly key: KeyId
  /** Content hash of the signed statement. */
  readonly proof: Digest
}

export const PURPOSES = ['sign-in', 'decision', 'vouch', 'invite'] as const
export type Purpose = (typeof PURPOSES)[number]

/** A review says in what is signed what it found. */
export const SIGNED_DECISIONS = [
  'approve',
  'reject',
  'break_glass',
  'review_justified',
  'review_not_justified',
] as const
export type SignedDecision = (typeof SIGNED_DECISIONS)[number]

/** What a decision commits to. Every field is in the signature. */
export interface DecisionStatement {
  readonly decision: SignedDecision
  readonly change: ChangeId
  readonly person: PersonId
  /** As whoever signs computed it from the evidence that was shown. */
  readonly fingerprint: Digest
  /** SHA-256 of the plan file's bytes. */
  readonly artifact: Digest
  readonly policyRevision: number
  /** Digest of what the rules ask for; of `null` where they ask nobody. */
  readonly requirement: Digest
  /** Digest of the credential's session policy; `null` where none is granted. */
  readonly sessionPolicy: Digest | null
  /** Salted digest of the typed reason. */
  readonly reason: Digest | null
  /** What the page states that it showed; `null` from a terminal. Never a claim of reading. */
  readonly shown: ShownRows | null
  readonly client: 'page' | 'cli'
  /** 32 random bytes of the server in hex: one signature counts once. */
  readonly nonce: Digest
}

/** Destroyed or replaced resources that were on the screen, of how many there are. */
export interface ShownRows {
  readonly count: number
  readonly of: number
  /** Whether anything beyond the first screen was opened; absent in earlier logs. */
  readonly opened?: boolean
  /** Whole seconds for which the page had shown the change; absent in earlier logs. */
  readonly seconds?: number
}

/** An earlier key of the same person vouches for a new one. */
export interface VouchStatement {
  readonly person: PersonId
  readonly key: KeyId
  readonly publicKey: string
  readonly nonce: Digest
}

/**
 * A person invites another: whoever holds the secret half of `inviteKey` may enrol the first key of
 * that person. The secret is made in the inviter's page and travels in the link, not by the server.
 */
export interface InviteStatement {
  readonly inviter: PersonId
  readonly person: PersonId
  /** SubjectPublicKeyInfo of an ECDSA P-256 key, DER in base64. */
  readonly inviteKey: string
  readonly until: Instant
  readonly nonce: Digest
}

export interface Statements {
  readonly 'sign-in': { readonly nonce: Digest }
  readonly decision: DecisionStatement
  readonly vouch: VouchStatement
  readonly invite: InviteStatement
}

/** What an authenticator gave for a statement; bytes are base64url without padding. */
export interface Assertion {
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

/** The evidence behind a signed event: statement and assertion, whole. */
export interface SignedStatement<P extends Purpose = Purpose> {
  readonly v: 1
  readonly purpose: P
  readonly statement: Statements[P]
  readonly assertion: Assertion
}

/** The 32 bytes that the authenticator is asked to sign: SHA-256 over domain and statement. */
export function challengeOf<P extends Purpose>(
  purpose: P,
  statement: Statements[P],
  primitives: Primitives,
): Uint8Array {
  const text = `holdpoint-${purpose}-v1\n${canonicalText(plain(statement))}`
  return primitives.sha256(primitives.utf8(text))
}

/** A slot without escalation reads as it did before there was any. */
function slotDocument({ from, count, escalate }: Slot): Json {
  if (escalate === undefined) return { from: [...from], count }
  const { afterSeconds, to } = escalate
  return { from: [...from], count, escalate: { afterSeconds, to: [...to] } }
}

/** Digest of a requirement, as a decision commits to it. */
export function requirementDigest(requirement: Requirement | null, primitives: Primitives): Digest {
  const slots = requirement?.slots.map(slotDocument) ?? []
  const document =
    requirement === null
      ? null
      : {
          slots,
          assurance: requirement.assurance,
          expiresSeconds: requirement.expiresSeconds,
        }
  return digestText(primitives, `holdpoint-requirement-v1\n${canonicalText(document)}`)
}

/** Statements are flat but for `shown`; this says so to the compiler. */
function plain(statement: Statements[Purpose]): Json {
  const entries = Object.entries(statement).map(([key, value]): [string, Json] => [
    key,
    value !== null && typeof value === 'object' ? { ...value } : value,
  ])
  return Object.fromEntries(entries)
}

/** The evidence bytes of a signed statement: canonical, so that one has one hash. */
export function signedStatementText(signed: SignedStatement): string {
  const { v, purpose, statement, assertion } = signed
  return canonicalText({ v, purpose, statement: plain(statement), assertion: { ...assertion } })
}

/** Checks a signature by an algorithm and a key; answers false for bad keys too. */
export interface PasskeyVerifier {
  readonly verify: (signed: {
    readonly algorithm: PasskeyAlgorithm
    /** DER of SubjectPublicKeyInfo. */
    readonly publicKey: Uint8Array
    readonly data: Uint8Array
    /** As WebAuthn gives it: DER for ES256, raw for Ed25519 and RS256. */
    readonly signature: Uint8Array
  }) => boolean
}

export interface AssertionSources {
  readonly primitives: Primitives
  readonly verifier: PasskeyVerifier
}

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const AUTHENTICATOR_DATA_MIN = 37

/** Why an assertion does not sign this challenge with this key; `null` when it does. */
export function assertionProblem(
  assertion: Assertion,
  expected: {
    readonly challenge: Uint8Array
    readonly key: Pick<Passkey, 'publicKey' | 'algorithm' | 'rpId'>
  },
  { primitives, verifier }: AssertionSources,
): string | null {
  const client = decodeBase64Url(assertion.clientDataJSON)
  const data = decodeBase64Url(assertion.authenticatorData)
  const signature = decodeBase64Url(assertion.signature)
  const publicKey = decodeBase64(expected.key.publicKey)
  if (client === null || data === null || signature === null || publicKey === null)
    return 'it is not base64'
  const { rpId, algorithm } = expected.key
  const told = clientProblem(client, { challenge: expected.challenge, rpId }, primitives)
  if (told !== null) return told
  if (data.length < AUTHENTICATOR_DATA_MIN) return 'its authenticator data is cut short'
  if (!sameBytes(data.subarray(0, 32), primitives.sha256(primitives.utf8(rpId))))
    return 'it was made for another site'
  const flags = data[32] ?? 0
  if ((flags & USER_PRESENT) === 0) return 'nobody was present'
  if ((flags & USER_VERIFIED) === 0) return 'the person was not verified by the authenticator'
  const signed = joinBytes([data, primitives.sha256(client)])
  return verifier.verify({ algorithm, publicKey, data: signed, signature })
    ? null
    : 'its signature is not by that key'
}

function clientProblem(
  bytes: Uint8Array,
  expected: { readonly challenge: Uint8Array; readonly rpId: string },
  primitives: Primitives,
): string | null {
  const client = readClient(bytes, primitives)
  if (client === null) return 'its client data cannot be read'
  if (client['type'] !== 'webauthn.get') return 'it is not an assertion'
  if (client['challenge'] !== encodeBase64Url(expected.challenge))
    return 'it signs another statement'
  if (client['crossOrigin'] === true || client['topOrigin'] !== undefined)
    return 'it was made inside a page of another site'
  const host = originHost(client['origin'])
  const { rpId } = expected
  return host !== null && (host === rpId || host.endsWith(`.${rpId}`))
    ? null
    : 'it was made on a page of another site'
}

function readClient(
  bytes: Uint8Array,
  primitives: Primitives,
): { readonly [key: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(primitives.text(bytes))
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** https anywhere; http on the own machine only, as browsers have it. */
function originHost(origin: unknown): string | null {
  if (typeof origin !== 'string') return null
  const [, scheme, host = ''] = /^(https?):\/\/([a-z0-9.-]+)(?::\d{1,5})?$/.exec(origin) ?? []
  if (scheme === 'https') return host
  return scheme === 'http' && (host === 'localhost' || host.endsWith('.localhost')) ? host : null
}
