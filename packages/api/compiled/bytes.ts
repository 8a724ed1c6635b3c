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
