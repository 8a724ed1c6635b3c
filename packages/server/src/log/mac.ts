/**
 * Where an entry comes from: an HMAC by the gate under a key that is not in the database, so that
 * whoever can write to the database cannot write history.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { invariant } from '../io/fault.ts'

export interface MacKey {
  /** HMAC-SHA256 over the sequence (8 bytes, big-endian) and the leaf hash; 32 bytes. */
  readonly mac: (seq: number, leafHash: Uint8Array) => Uint8Array
}

export const MAC_KEY_BYTES = 32

export function macKeyFrom(key: Uint8Array): MacKey {
  invariant(key.length === MAC_KEY_BYTES, 'a MAC key has 32 bytes')
  // Made once: giving the bytes each time costs five times the MAC itself.
  const secret = createSecretKey(key)
  return {
    mac: (seq, leafHash) => {
      const place = Buffer.alloc(8)
      place.writeBigUInt64BE(BigInt(seq))
      return createHmac('sha256', secret).update(place).update(leafHash).digest()
    },
  }
}

export function isMac(found: Uint8Array, expected: Uint8Array): boolean {
  return found.length === expected.length && timingSafeEqual(found, expected)
}
