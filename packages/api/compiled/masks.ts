/**
 * Whether a value leaves out what its mask says is not decided yet: `isLeftOut` of core's
 * terraform-plain.ts, on the canonical texts themselves. It must never say so of two for which that
 * one says no.
 */
import { BACKSLASH, byteAt, COLON, COMMA, oddBytes, QUOTE } from './bytes.ts'

/** Behind the value that was walked last. */
let valueEnd: i32 = 0
/** The value that was asked about: nobody needs to know where it ends. */
let outermost: i32 = 0

/**
 * Whether nothing stands in a value where its mask says `true`, nor anything of another shape; see
 * `isLeftOut` in core's terraform-plain.ts. Both are places of canonical texts that were scanned.
 */
export function leavesOut(value: i32, mask: i32): bool {
  outermost = value
  return behindLeftOut(value, mask) !== 0
}

/** Behind a mask whose marks are all left out, else 0; `value` is 0 where there is none. */
function behindLeftOut(value: i32, mask: i32): i32 {
  const mark = byteAt(mask)
  if (value !== 0 && byteAt(value) === mark) {
    if (mark === 0x7b) return behindMap(value, mask)
    if (mark === 0x5b) return behindList(value, mask)
  }
  if (value !== 0) valueEnd = behind(value)
  const end = behind(mask)
  return hasTrue(mask, end) ? 0 : end
}

/** Keys ascend on both sides, so each side is walked once. */
function behindMap(map: i32, mask: i32): i32 {
  let at = mask + 1
  let key = map + 1
  while (byteAt(at) !== 0x7d) {
    if (byteAt(at) === COMMA) at += 1
    key = keyFrom(key, at)
    const isThere = byteAt(key) === QUOTE && orderOf(key, at) === 0
    const mark = behindText(at) + 1
    if (isThere && byteAt(mark) === 0x74) return 0
    if (!isThere && byteAt(mark) === 0x74) at = mark + 4
    else at = behindLeftOut(isThere ? behindText(key) + 1 : 0, mark)
    if (at === 0) return 0
    if (isThere) key = nextFrom(valueEnd)
  }
  if (map !== outermost) valueEnd = lastKey(key) + 1
  return at + 1
}

function behindList(list: i32, mask: i32): i32 {
  let at = mask + 1
  let item = list + 1
  while (byteAt(at) !== 0x5d) {
    if (byteAt(at) === COMMA) at += 1
    const isThere = byteAt(item) !== 0x5d
    at = behindLeftOut(isThere ? item : 0, at)
    if (at === 0) return 0
    if (isThere) item = nextFrom(valueEnd)
  }
  while (byteAt(item) !== 0x5d) item = nextFrom(behind(item))
  valueEnd = item + 1
  return at + 1
}

/** The next key or item, or the end of what it would be in. */
function nextFrom(end: i32): i32 {
  return byteAt(end) === COMMA ? end + 1 : end
}

/** The first key from here on that is not before another, or the end of the map. */
function keyFrom(from: i32, other: i32): i32 {
  let key = from
  while (byteAt(key) === QUOTE && orderOf(key, other) < 0) {
    key = nextFrom(behind(behindText(key) + 1))
  }
  return key
}

/** The end of the map with this key, if it is one. */
function lastKey(from: i32): i32 {
  let key = from
  while (byteAt(key) === QUOTE) key = nextFrom(behind(behindText(key) + 1))
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
