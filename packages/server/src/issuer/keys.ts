/**
 * Keys of the issuer at rest: the private half as a JWK, sealed with AES-256-GCM under a key that is
 * given by reference and never in the database. The thumbprint is bound to it, so that one sealed key
 * cannot be put in the place of another.
 */
import { createCipheriv, createDecipheriv, randomBytes, type webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { Fault } from '../io/fault.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const MODULUS_BITS = 2048

export const ALGORITHM = 'RS256'

export interface NewKey {
  readonly id: string
  readonly publicJwk: string
  readonly sealed: Uint8Array
}

export async function newSealedKey(seal: Uint8Array): Promise<NewKey> {
  const pair = await generateKeyPair(ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const id = await calculateJwkThumbprint(publicJwk)
  const privateJwk = JSON.stringify(await exportJWK(pair.privateKey))
  const publicText = JSON.stringify(published(publicJwk, id))
  return { id, publicJwk: publicText, sealed: sealed(privateJwk, id, seal) }
}

function published({ n = '', e = '' }: JWK, id: string): JWK {
  return { kty: 'RSA', n, e, ...USE, kid: id }
}

const USE = { alg: ALGORITHM, use: 'sig' } as const

/**
 * What verifiers are told of a key: out of the sealed half, because clouds trust whatever stands
 * there, and the public column is whatever the database's administrator wrote. `null` for a key that
 * this installation's seal did not close: nothing signs with it.
 */
export function publishedKey(key: Pick<NewKey, 'id' | 'sealed'>, seal: Uint8Array): JWK | null {
  const text = openedOrNull(key, seal)
  return text === null ? null : published(JSON.parse(text), key.id)
}

function sealed(text: string, id: string, seal: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, seal, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(id))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Throws a Fault when this seal did not close it: the wrong key file, or a row that was edited. */
export async function openKey(
  key: Pick<NewKey, 'id' | 'sealed'>,
  seal: Uint8Array,
): Promise<webcrypto.CryptoKey> {
  const text = opened(key, seal)
  const imported = await importJWK(JSON.parse(text), ALGORITHM)
  if (imported instanceof Uint8Array)
    throw new Fault('key_unusable', `the issuer key ${key.id} is no RSA key`)
  return imported
}

type SealedKey = Pick<NewKey, 'id' | 'sealed'>

function openedOrNull(key: SealedKey, seal: Uint8Array): string | null {
  try {
    return opened(key, seal)
  } catch (cause) {
    if (cause instanceof Fault) return null
    throw cause
  }
}

function opened({ id, sealed: bytes }: SealedKey, seal: Uint8Array): string {
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  try {
    const cipher = createDecipheriv(CIPHER, seal, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(id))
    cipher.setAuthTag(tag)
    const body = cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([body, cipher.final()]).toString('utf8')
  } catch (cause) {
    throw new Fault(
      'key_unusable',
      `the issuer key ${id} does not open with this installation's issuer.key; put the right ` +
        'one back, or make a new issuer key with holdpoint issuer rotate --drop',
      { cause },
    )
  }
}
