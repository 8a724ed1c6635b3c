/**
 * A new passkey as an authenticator gives it. Nothing signs a registration without attestation, so
 * what is checked is that it is well formed, answers this nonce on our own page, and that the person
 * was verified; who it belongs to is proved by whoever vouches for it.
 *
 * Source: Web Authentication Level 3, §7.1; COSE keys: RFC 9052 §7, RFC 9053 §7.
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { identity } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Digest,
  hex,
  PASSKEY_ALGORITHMS,
  type PasskeyAlgorithm,
  parseDigest,
} from '@holdpoint/core'
import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import type { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import { invariant } from '../io/fault.ts'
import type { RelyingParty } from '../relying-party.ts'

export interface NewPasskey {
  /** base64url, as the authenticator names it. */
  readonly credentialId: string
  readonly credential: Digest
  /** SubjectPublicKeyInfo, DER in base64. */
  readonly publicKey: string
  readonly algorithm: PasskeyAlgorithm
  readonly transports: readonly string[]
}

export interface Registering {
  readonly registration: z.output<typeof identity.Registration>
  readonly nonce: Digest
  readonly site: RelyingParty
}

/** The bytes of a nonce in base64url: the challenge of a registration. */
export function challengeOfNonce(nonce: Digest): string {
  return Buffer.from(nonce, 'hex').toString('base64url')
}

/** By it the log knows a credential: SHA-256 of the bytes of its id. */
export function credentialDigest(id: string): Digest {
  const digest = parseDigest(hex(nodePrimitives.sha256(bytesOf(id))))
  invariant(digest !== null, 'SHA-256 gives 64 hex digits')
  return digest
}

export async function readRegistration(registering: Registering): Promise<Result<NewPasskey>> {
  const { id, transports } = registering.registration
  try {
    const key = await verifiedKey(registering)
    return typeof key === 'string'
      ? refused({ code: 'passkey_refused', because: key })
      : done({ credentialId: id, credential: credentialDigest(id), transports, ...key })
  } catch {
    // The library throws for each thing that is wrong, in words for programmers.
    const because = 'the device’s answer does not fit what this page asked it for'
    return refused({ code: 'passkey_refused', because })
  }
}

type ReadKey = Pick<NewPasskey, 'publicKey' | 'algorithm'>

async function verifiedKey({ registration, nonce, site }: Registering): Promise<ReadKey | string> {
  const { id, clientDataJSON, attestationObject } = registration
  // Other attestations make the library ask servers that a stranger's certificate names.
  if (decodeAttestationObject(bytesOf(attestationObject)).get('fmt') !== 'none')
    return 'the device attests its make, which was not asked for'
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON, attestationObject },
    },
    expectedChallenge: challengeOfNonce(nonce),
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
  })
  if (!verified || registrationInfo.credential.id !== id) return 'it names another passkey'
  return keyOf(registrationInfo.credential.publicKey) ?? 'its kind of key is not known here'
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64url'))
}

const ALGORITHM = 3
const CURVE = -1
const X = -2
const Y = -3
const RSA_N = -1
const RSA_E = -2
const RSA_BITS_MIN = 2048

/** From COSE to what the log holds; `null` for a curve or an algorithm that is not ours. */
function keyOf(cose: Uint8Array<ArrayBuffer>): ReadKey | null {
  const decoded: unknown = decodeCredentialPublicKey(cose)
  const fields: ReadonlyMap<unknown, unknown> = decoded instanceof Map ? decoded : new Map()
  const algorithm = PASSKEY_ALGORITHMS.find((each) => each === fields.get(ALGORITHM))
  if (algorithm === undefined) return null
  const jwk = jwkOf(fields, algorithm)
  if (jwk === null) return null
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  // A key that can be factored lets its person say later that somebody else signed.
  const bits = key.asymmetricKeyDetails?.modulusLength ?? RSA_BITS_MIN
  if (bits < RSA_BITS_MIN) return null
  return { algorithm, publicKey: key.export({ format: 'der', type: 'spki' }).toString('base64') }
}

function jwkOf(
  fields: ReadonlyMap<unknown, unknown>,
  algorithm: PasskeyAlgorithm,
): JsonWebKey | null {
  const bytes = (label: number): string => {
    const value = fields.get(label)
    return value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : ''
  }
  switch (algorithm) {
    case -7:
      return fields.get(CURVE) === 1 ? { kty: 'EC', crv: 'P-256', x: bytes(X), y: bytes(Y) } : null
    case -8:
      return fields.get(CURVE) === 6 ? { kty: 'OKP', crv: 'Ed25519', x: bytes(X) } : null
    case -257:
      return { kty: 'RSA', n: bytes(RSA_N), e: bytes(RSA_E) }
  }
}
