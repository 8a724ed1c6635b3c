/**
 * What server and CLI share of Node's crypto: the core's primitives, and Ed25519 (RFC 8032) over
 * raw 32-byte keys as they appear on the wire and in signed notes. The page has its own.
 */
import type { KeyObject } from 'node:crypto'
import type { PasskeyAlgorithm, PasskeyVerifier, Primitives, Verifier } from '@holdpoint/core'
import { compiledScan, type ScanPrimitives } from './compiled-scan.ts'

export { roomFor } from './compiled-scan.ts'

// An import of the module would load the Web Cryptography API too, which is only there on demand.
const { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify } =
  process.getBuiltinModule('node:crypto')

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const text = (data: Uint8Array): string => decoder.decode(data)

export const scanPrimitives: ScanPrimitives = { text, digest: (data) => hash('sha256', data) }

export const nodePrimitives: Primitives = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  sha256Hex: (text) => hash('sha256', text),
  utf8: (text) => Buffer.from(text, 'utf8'),
  text,
  scan: (document) => compiledScan(document, scanPrimitives),
}

/** DER prefixes of an Ed25519 SubjectPublicKeyInfo and PKCS #8 key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface SigningKey {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
}

export function newSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  return signingKeyOf(privateKey)
}

/** The 32-byte seed of an existing key; whoever calls this has just read a secret. */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  const der = Buffer.concat([PKCS8_PREFIX, seed])
  return signingKeyOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    publicKey: spki.subarray(SPKI_PREFIX.length),
    sign: (message) => sign(null, message, privateKey),
  }
}

/** False for any malformed key or signature: hostile input is an answer, not an exception. */
export function verifyEd25519(signed: {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}): boolean {
  if (signed.publicKey.length !== 32 || signed.signature.length !== 64) return false
  try {
    const der = Buffer.concat([SPKI_PREFIX, signed.publicKey])
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify(null, signed.message, key, signed.signature)
  } catch {
    return false
  }
}

const DIGEST_OF: { readonly [A in PasskeyAlgorithm]: string | null } = {
  [-7]: 'sha256',
  [-8]: null,
  [-257]: 'sha256',
}
const KEY_TYPE_OF: { readonly [A in PasskeyAlgorithm]: string } = {
  [-7]: 'ec',
  [-8]: 'ed25519',
  [-257]: 'rsa',
}

/** Passkey signatures by Node's crypto: ES256 in DER, Ed25519, RS256 (PKCS #1 v1.5). */
export const nodePasskeyVerifier: PasskeyVerifier = {
  verify: ({ algorithm, publicKey, data, signature }) => {
    try {
      const der = Buffer.from(publicKey)
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
      if (key.asymmetricKeyType !== KEY_TYPE_OF[algorithm]) return false
      return verify(DIGEST_OF[algorithm], data, key, signature)
    } catch {
      return false
    }
  },
}

/** What checks a bundle's signatures on this machine. */
export const nodeVerifiers: {
  readonly verifier: Verifier
  readonly passkeys: PasskeyVerifier
} = {
  verifier: {
    verify: (message, signature, publicKey) => verifyEd25519({ publicKey, message, signature }),
  },
  passkeys: nodePasskeyVerifier,
}
