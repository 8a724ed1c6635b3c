/**
 * How a value becomes hidden. With a key: `hmac-sha256(key, address ‖ path ‖ type ‖ value)`, so
 * that the same value at the same place compares equal and nothing else does; without a key it is
 * one constant. The key is derived per change (DESIGN §5): a key shared by many changes would
 * let its holders guess low-entropy secrets of others. Never hash a secret without a key.
 */
import { joinBytes } from './bytes.ts'
import { canonicalValue } from './canonical.ts'
import { hex, type Primitives } from './primitives.ts'
import { Hidden, type HiddenBy, isList, NumberText, type Value } from './value.ts'

/** A value at its place. `path` is a JSON pointer inside what `address` names. */
export interface ClearValue {
  readonly address: string
  readonly path: string
  readonly value: Value
  readonly by: HiddenBy
}

export type Hide = (clear: ClearValue) => Hidden

/** The token where there is no key: it says that a value is hidden, and nothing about it. */
export const OFFLINE_TOKEN = '(sensitive)'

export const offlineHide: Hide = (clear) => new Hidden(OFFLINE_TOKEN, clear.by)

/** `key` has 32 bytes (see `deriveChangeKey`). Tokens are lower-case hex, 64 characters. */
export function keyedHide(key: Uint8Array, primitives: Primitives): Hide {
  const mac = prepareHmac(key, primitives)
  return ({ address, path, value, by }) => {
    const parts = ['holdpoint-hide-v1', address, path, typeOf(value), canonicalValue(value)]
    return new Hidden(hex(mac(frame(parts.map(primitives.utf8)))), by)
  }
}

function typeOf(value: Value): string {
  if (value === null) return 'null'
  if (value instanceof NumberText) return 'number'
  return isList(value) ? 'list' : typeof value
}

/** Each part after its length in 4 bytes, so that no two lists of parts have the same bytes. */
function frame(parts: readonly Uint8Array[]): Uint8Array {
  const framed: Uint8Array[] = []
  for (const part of parts) {
    const length = part.length
    framed.push(new Uint8Array([length >>> 24, length >>> 16, length >>> 8, length]), part)
  }
  return joinBytes(framed)
}

const BLOCK_BYTES = 64
const HASH_BYTES = 32

/** HMAC-SHA256 (RFC 2104, test vectors RFC 4231). */
export function hmacSha256(key: Uint8Array, data: Uint8Array, primitives: Primitives): Uint8Array {
  return prepareHmac(key, primitives)(data)
}

/** For many texts under one key: the key's own two blocks are made once. */
export function prepareHmac(
  key: Uint8Array,
  { sha256 }: Primitives,
): (data: Uint8Array) => Uint8Array {
  const short = key.length > BLOCK_BYTES ? sha256(key) : key
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36)
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c)
  for (const [index, byte] of short.entries()) {
    inner[index] = byte ^ 0x36
    outer[index] = byte ^ 0x5c
  }
  return (data) => sha256(joinBytes([outer, sha256(joinBytes([inner, data]))]))
}

/** What a key is derived from and for. */
export interface Derivation {
  readonly secret: Uint8Array
  readonly salt: Uint8Array
  readonly info: Uint8Array
  /** 1 to 8,160 (RFC 5869). */
  readonly lengthBytes: number
}

/** HKDF-SHA256 (RFC 5869). */
export function deriveKey(derivation: Derivation, primitives: Primitives): Uint8Array {
  const { secret, salt, info, lengthBytes } = derivation
  const mac = prepareHmac(hmacSha256(salt, secret, primitives), primitives)
  const blocks: Uint8Array[] = []
  let last: Uint8Array = new Uint8Array(0)
  for (let count = 1; (count - 1) * HASH_BYTES < lengthBytes; count += 1) {
    last = mac(joinBytes([last, info, new Uint8Array([count])]))
    blocks.push(last)
  }
  return joinBytes(blocks).subarray(0, lengthBytes)
}

/** The key for the hidden values of one change: HKDF(workspace secret, change id), 32 bytes. */
export function deriveChangeKey(
  workspaceSecret: Uint8Array,
  changeId: string,
  primitives: Primitives,
): Uint8Array {
  const info = primitives.utf8(`holdpoint-hidden-values-v1\n${changeId}`)
  const salt = new Uint8Array(0)
  return deriveKey({ secret: workspaceSecret, salt, info, lengthBytes: HASH_BYTES }, primitives)
}
