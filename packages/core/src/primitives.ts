import type { JsonScanned } from './json-scan.ts'

/**
 * What the core needs from the platform it runs on. Core compiles without `crypto` and
 * `TextEncoder`; server, CLI and page each hand in their own, so the same code runs in all three.
 */
export interface Primitives {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  readonly sha256: (data: Uint8Array) => Uint8Array
  /** Lower-case hex SHA-256 of the UTF-8 of well-formed text, in one step where there is one. */
  readonly sha256Hex: (text: string) => string
  /** UTF-8 encoding of well-formed text. */
  readonly utf8: (text: string) => Uint8Array
  /** UTF-8 decoding; throws on bytes that are not valid UTF-8. Does not strip a BOM. */
  readonly text: (data: Uint8Array) => string
  /**
   * A faster way to what `scanJson` finds in a document; null where that one has to look, because
   * the document is not accepted at once. Left out where there is none.
   */
  readonly scan?: (document: Uint8Array) => JsonScanned | null
}

const HEX = '0123456789abcdef'

export function hex(bytes: Uint8Array): string {
  let out = ''
  for (const byte of bytes) out += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15)
  return out
}
