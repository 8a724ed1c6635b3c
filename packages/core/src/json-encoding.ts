/**
 * Brings the bytes of a document to UTF-8 without a byte order mark, before anything reads them.
 * PowerShell writes UTF-16 when output is redirected, so that is decoded too, by its mark alone.
 * It never repairs: a lone surrogate or an odd byte is a problem, because repaired text could make
 * two different plans equal.
 */

/** `before` is what could be decoded before the problem, as UTF-8: it tells the place. */
export type Encoded =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly message: string; readonly before: Uint8Array }

export function toUtf8(bytes: Uint8Array): Encoded {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    return { ok: true, bytes: bytes.subarray(3) }
  }
  if (first === 0xff && second === 0xfe) return fromUtf16(bytes, 0)
  if (first === 0xfe && second === 0xff) return fromUtf16(bytes, 1)
  return { ok: true, bytes }
}

/** `bigEndian` is 1 where the high byte of a code unit comes first. */
function fromUtf16(bytes: Uint8Array, bigEndian: 0 | 1): Encoded {
  const out = new Uint8Array((bytes.length >> 1) * 3)
  const failed = (message: string, length: number): Encoded => {
    return { ok: false, message, before: out.subarray(0, length) }
  }
  let to = 0
  for (let at = 2; at + 1 < bytes.length; at += 2) {
    let point = unitAt(bytes, at, bigEndian)
    if (point >= 0xd800 && point <= 0xdfff) {
      const low = at + 2 < bytes.length ? unitAt(bytes, at + 2, bigEndian) : 0
      if (point > 0xdbff || low < 0xdc00 || low > 0xdfff) {
        return failed('half a surrogate pair in UTF-16 text', to)
      }
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
      at += 2
    }
    to = putUtf8(out, to, point)
  }
  if (bytes.length % 2 === 1) return failed('it ends in the middle of a UTF-16 character', to)
  return { ok: true, bytes: out.subarray(0, to) }
}

function unitAt(bytes: Uint8Array, at: number, bigEndian: 0 | 1): number {
  const one = bytes[at] ?? 0
  const two = bytes[at + 1] ?? 0
  return bigEndian === 1 ? (one << 8) | two : (two << 8) | one
}

function putUtf8(out: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    out[at] = point
    return at + 1
  }
  if (point < 0x800) {
    out[at] = 0xc0 | (point >> 6)
    out[at + 1] = 0x80 | (point & 0x3f)
    return at + 2
  }
  if (point < 0x10000) {
    out[at] = 0xe0 | (point >> 12)
    out[at + 1] = 0x80 | ((point >> 6) & 0x3f)
    out[at + 2] = 0x80 | (point & 0x3f)
    return at + 3
  }
  out[at] = 0xf0 | (point >> 18)
  out[at + 1] = 0x80 | ((point >> 12) & 0x3f)
  out[at + 2] = 0x80 | ((point >> 6) & 0x3f)
  out[at + 3] = 0x80 | (point & 0x3f)
  return at + 4
}

/**
 * Length in bytes of the valid UTF-8 sequence at `at` whose first byte is 0x80 or more, 0 where it
 * is not valid (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
 */
export function utf8Length(bytes: Uint8Array, at: number): 0 | 2 | 3 | 4 {
  const first = bytes[at] ?? 0
  const second = bytes[at + 1] ?? 0
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? 2 : 0
  if (!isTail(bytes[at + 2] ?? 0)) return 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high ? 3 : 0
  }
  if (first < 0xf0 || first > 0xf4 || !isTail(bytes[at + 3] ?? 0)) return 0
  const low = first === 0xf0 ? 0x90 : 0x80
  const high = first === 0xf4 ? 0x8f : 0xbf
  return second >= low && second <= high ? 4 : 0
}

function isTail(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}
