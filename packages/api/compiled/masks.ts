/**
 * Whether a value leaves out what its mask says is not decided yet: `isLeftOut` of core's
 * terraform-plain.ts, on the canonical texts themselves. It must never say so of two for which that
 * one says no.
 */
import { BACKSLASH, byteAt, COLON, COMMA, oddBytes, QUOTE } from './bytes.ts'

/**
 * Whether nothing stands in a value where its mask says `true`, nor anything of another shape; see
 * `isLeftOut` in core's terraform-plain.ts. Both are places of canonical texts that were scanned.
 */
export function leavesOut(value: i32, mask: i32): bool {
  return isLeftOut(value, mask)
}

/** `value` is 0 where there is none. */
function isLeftOut(value: i32, mask: i32): bool {
  const mark = byteAt(mask)
  if (mark === 0x7b) return byteAtOr(value) === 0x7b && isLeftOutOfMap(value, mask)
  if (mark === 0x5b) return byteAtOr(value) === 0x5b && isLeftOutOfList(value, mask)
  return mark !== 0x74
}

function byteAtOr(at: i32): i32 {
  return at === 0 ? 0 : byteAt(at)
}

/** Keys ascend on both sides, so both are walked once. */
function isLeftOutOfMap(map: i32, mask: i32): bool {
  if (byteAt(mask + 1) === 0x7d) return true
  let at = mask + 1
  let key = byteAt(map + 1) === 0x7d ? 0 : map + 1
  while (true) {
    const close = behindText(at)
    const mark = close + 1
    const end = behind(mark)
    if (hasTrue(mark, end)) {
      key = keyFrom(key, at)
      const value = key !== 0 && orderOf(key, at) === 0 ? behindText(key) + 1 : 0
      if (byteAt(mark) === 0x74 ? value !== 0 : !isLeftOut(value, mark)) return false
    }
    at = end
    if (byteAt(at) === 0x7d) return true
    at += 1
  }
}

function isLeftOutOfList(list: i32, mask: i32): bool {
  if (byteAt(mask + 1) === 0x5d) return true
  let at = mask + 1
  let value = byteAt(list + 1) === 0x5d ? 0 : list + 1
  while (true) {
    const end = behind(at)
    if (hasTrue(at, end) && !isLeftOut(value, at)) return false
    at = end
    if (byteAt(at) === 0x5d) return true
    at += 1
    if (value !== 0) {
      value = behind(value)
      value = byteAt(value) === 0x5d ? 0 : value + 1
    }
  }
}

/** The first key from here on that is not before another; 0 where none is. */
function keyFrom(from: i32, other: i32): i32 {
  let key = from
  while (key !== 0 && orderOf(key, other) < 0) {
    const next = behind(behindText(key) + 1)
    key = byteAt(next) === 0x7d ? 0 : next + 1
  }
  return key
}

/** Order of two keys, given with the quotes before them; neither has escapes. */
function orderOf(one: i32, other: i32): i32 {
  let offset = 1
  while (true) {
    const left = byteAt(one + offset)
    const right = byteAt(other + offset)
    if (left !== right) return left === QUOTE ? -1 : right === QUOTE ? 1 : left - right
    if (left === QUOTE) return 0
    offset += 1
  }
}

function hasTrue(mask: i32, end: i32): bool {
  let at = mask
  while (at < end) {
    const byte = byteAt(at)
    if (byte === 0x74) return true
    at = byte === QUOTE ? behindText(at) : at + 1
  }
  return false
}

/** Behind a value. */
function behind(from: i32): i32 {
  let at = from
  let depth = 0
  while (true) {
    const byte = byteAt(at)
    if (byte === QUOTE) at = behindText(at)
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1
      at += 1
      continue
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1
      at += 1
    } else if (byte === COMMA || byte === COLON) {
      at += 1
      continue
    } else at = behindWord(at)
    if (depth === 0) return at
  }
}

function behindText(open: i32): i32 {
  let at = open + 1
  while (true) {
    const odd = oddBytes(at)
    at += odd === 0 ? 16 : ctz(odd)
    const byte = byteAt(at)
    if (odd !== 0 && byte === QUOTE) return at + 1
    if (odd !== 0) at += byte === BACKSLASH ? 2 : 1
  }
}

/** Behind a number, `true`, `false` or `null`: none of their signs ends a value. */
function behindWord(from: i32): i32 {
  let at = from
  let byte = byteAt(at)
  while (byte !== COMMA && byte !== 0x7d && byte !== 0x5d) {
    at += 1
    byte = byteAt(at)
  }
  return at
}
