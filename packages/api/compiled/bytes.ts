/** What the scan and the walk along a mask both read with. */

export const QUOTE: i32 = 0x22
export const BACKSLASH: i32 = 0x5c
export const COMMA: i32 = 0x2c
export const COLON: i32 = 0x3a

export function byteAt(at: i32): i32 {
  return <i32>load<u8>(at)
}

/** One bit for each of 16 bytes that is not plain ASCII inside a string; as signed ones the
 * control bytes and those of longer characters are below the space. */
export function oddBytes(at: i32): i32 {
  const bytes = v128.load(at)
  const ends = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE))
  const escapes = i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH))
  const others = i8x16.lt_s(bytes, i8x16.splat(0x20))
  return i8x16.bitmask(v128.or(v128.or(ends, escapes), others))
}

/** Behind a valid UTF-8 sequence of several bytes (RFC 3629), or 0. */
export function sequence(at: i32): i32 {
  const first = byteAt(at)
  const second = byteAt(at + 1)
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? at + 2 : 0
  if (!isTail(byteAt(at + 2))) return 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high ? at + 3 : 0
  }
  if (first < 0xf0 || first > 0xf4 || !isTail(byteAt(at + 3))) return 0
  const low = first === 0xf0 ? 0x90 : 0x80
  const high = first === 0xf4 ? 0x8f : 0xbf
  return second >= low && second <= high ? at + 4 : 0
}

function isTail(byte: i32): bool {
  return (byte & 0xc0) === 0x80
}
