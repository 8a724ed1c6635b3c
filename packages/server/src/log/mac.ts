/**
 * Where an entry comes from: an HMAC by the gate under a key that is not in the database, so that
 * whoever can write to the database cannot write history.
 */
import { timingSafeEqual } from 'node:crypto'
import { nodePrimitives } from '@holdpoint/api/node'
import { prepareHmac } from '@holdpoint/core'
import { invariant } from '../io/fault.ts'

export interface MacKey {
  /** HMAC-SHA256 over the sequence (8 bytes, big-endian) and the leaf hash; 32 bytes. */
  readonly mac: (seq: number, leafHash: Uint8Array) => Uint8Array
}

export const MAC_KEY_BYTES = 32

export function macKeyFrom(key: Uint8Array): MacKey {
  invariant(key.length === MAC_KEY_BYTES, 'a MAC key has 32 bytes')
  const hmac = prepareHmac(key, nodePrimitives)
  return {
    mac: (seq, leafHash) => {
      const placed = Buffer.alloc(8 + leafHash.length)
      placed.writeBigUInt64BE(BigInt(seq))
      placed.set(leafHash, 8)
      return hmac(placed)
    },
  }
}

export function isMac(found: Uint8Array, expected: Uint8Array): boolean {
  return found.length === expected.length && timingSafeEqual(found, expected)
}
