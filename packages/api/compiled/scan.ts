/**
 * The scan of `json-scan.ts` in AssemblyScript, for WebAssembly: the same walk over the same bytes,
 * without waiting for a compiler that first watches it run. It knows less: whatever it does not
 * accept at once (a mistake, an escaped key, many keys in no order) it leaves to the other, which
 * says what is wrong or reads it. It must never accept what the other refuses, nor tell of it
 * anything else. No object of the language is used: everything is a number or a place in memory.
 */
import { BACKSLASH, byteAt, COLON, COMMA, oddBytes, QUOTE, sequence } from './bytes.ts'
import {
  ELEMENT_BYTES,
  isChange,
  memberOfChange,
  memberOfElement,
  NO_MEMBER,
  tellBesides,
  tellCaught,
  tellElementEnd,
  tellElementStart,
  tellEnd,
  tellMarked,
  tellOdd,
  tellStart,
} from './outline.ts'
import { catchesKey, catchesName, catchesShape, catchesText } from './sieve.ts'
import { tellOwnText } from './told.ts'

export { NAMES } from './outline.ts'
export { CLASSES, SIEVE } from './sieve.ts'
export { ACTION_WORDS, ACTIONS, MODES, PIECES, TEXT } from './told.ts'

/** What is full, or ended, is handed over: which log, and how many 32-bit words of it. */
declare function take(log: i32, words: i32): void
/** The text that is digested of an element, so many bytes from TEXT on. */
declare function digest(element: i32, bytes: i32): void

const ELEMENTS_LOG: i32 = 0
const MEMBERS_LOG: i32 = 1
const NUMBERS_LOG: i32 = 2

const KEYS: i32 = 0x8400
export const ELEMENTS: i32 = 0x20000
const ELEMENTS_END: i32 = 0x28000
export const MEMBERS: i32 = 0x34000
const MEMBERS_END: i32 = 0x37000
export const NUMBERS: i32 = 0x38000
const NUMBERS_END: i32 = 0x3a000
/** The document lies from here on; behind it is at least one zero byte. */
export const DOCUMENT: i32 = 0x40000

const FAILED: i32 = 0
const DEPTH_MAX: i32 = 256
const PAIRWISE_MAX: i32 = 32
/** Keys that one object remembers: those that are compared with one another, and the last. */
const KEYS_OF_OBJECT: i32 = PAIRWISE_MAX + 1
/** Of a value that is a member of a list's element itself. */
const OUTER_DEPTH: i32 = 4

const DOLLAR: i32 = 0x24

/** Where the document begins: every place that is told counts from here. */
let base: i32 = 0
let elementsAt: i32 = 0
let elementCount: i32 = 0
/** Of the list that is the top-level object's member; -1 where the member is none. */
let firstElement: i32 = -1
let membersAt: i32 = 0
let numbersAt: i32 = 0
/** The depth of the lists whose elements are told: the top, or below a top-level object. */
let listDepth: i32 = 0
let inList: bool = false
/** In the member of a list's element whose members are told too. */
let inChange: bool = false
let odds: i32 = 0
let caught: i32 = 0
/** Counts texts, numbers and `true`: what a mask that marks nothing has not. */
let marks: i32 = 0
let escaped: bool = false

/** The end of the only value in `start` to `end`, counted from `start`; 0 where it is left to the other. */
export function scan(start: i32, end: i32): i32 {
  base = start
  elementsAt = ELEMENTS
  elementCount = 0
  membersAt = MEMBERS
  numbersAt = NUMBERS
  inList = false
  inChange = false
  odds = 0
  caught = 0
  marks = 0
  const first = space(start)
  listDepth = byteAt(first) === 0x5b ? 1 : 2
  const close = value(first, 1)
  if (close === FAILED || space(close) !== end) return 0
  take(ELEMENTS_LOG, (elementsAt - ELEMENTS) >> 2)
  take(MEMBERS_LOG, (membersAt - MEMBERS) >> 2)
  take(NUMBERS_LOG, (numbersAt - NUMBERS) >> 2)
  return close - base
}

function space(from: i32): i32 {
  let at = from
  let byte = byteAt(at)
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
    at += 1
    byte = byteAt(at)
  }
  if (at !== from) odds += 1
  return at
}

function value(at: i32, depth: i32): i32 {
  const byte = byteAt(at)
  if (byte === QUOTE) return text(at, depth)
  if (byte === 0x7b) return object(at, depth)
  if (byte === 0x5b) return array(at, depth)
  // "true", "null" and "alse" as the words of a little-endian machine, which WebAssembly is.
  if (byte === 0x74) {
    marks += 1
    return load<u32>(at) === 0x65757274 ? at + 4 : FAILED
  }
  if (byte === 0x66) return load<u32>(at + 1) === 0x65736c61 ? at + 5 : FAILED
  if (byte === 0x6e) return load<u32>(at) === 0x6c6c756e ? at + 4 : FAILED
  return number(at)
}

function text(open: i32, depth: i32): i32 {
  const end = string(open)
  if (end === FAILED) return FAILED
  const isCaught =
    depth === OUTER_DEPTH ? catchesShape(open + 1, end - 1) : catchesText(open + 1, end - 1)
  if (isCaught) caught += 1
  marks += 1
  return end
}

function object(open: i32, depth: i32): i32 {
  if (depth > DEPTH_MAX) return FAILED
  let at = space(open + 1)
  if (byteAt(at) === 0x7d) return at + 1
  const keys = KEYS + (depth - 1) * (KEYS_OF_OBJECT + 1) * 8
  const found = keys + KEYS_OF_OBJECT * 8
  let count = 0
  let ascending = true
  while (true) {
    if (byteAt(at) !== QUOTE) return FAILED
    const start = at + 1
    const close = string(at)
    if (close === FAILED || escaped) return FAILED
    const end = close - 1
    store<i32>(found, start)
    store<i32>(found, end, 4)
    if (ascending) ascending = count === 0 || compare(last(keys, count), found) < 0
    if (!ascending && (count >= PAIRWISE_MAX || isThere(keys, count, found))) return FAILED
    count += 1
    store<u64>(last(keys, count), load<u64>(found))
    if (!ascending || byteAt(start) === DOLLAR) odds += 1
    if (end - start === 9 && byteAt(start) === 0x5f && isProto(start)) return FAILED
    at = space(close)
    if (byteAt(at) !== COLON) return FAILED
    at = space(at + 1)
    const isTold = inList && (depth === 3 || depth === 4)
    const told = isTold ? toldOf(start, end, depth) : NO_MEMBER
    if (isTold && told === NO_MEMBER) tellBesides(elementsAt)
    const oddsBefore = odds
    const caughtBefore = caught
    const marksBefore = marks
    const first = byteAt(at)
    if ((first === QUOTE || first === 0x5b) && catchesName(end)) caught += 1
    if (catchesKey(start, end)) caught += 1
    if (depth === 1) firstElement = first === 0x5b ? elementCount : -1
    const valueEnd = value(at, depth + 1)
    if (valueEnd === FAILED) return FAILED
    if (told !== NO_MEMBER) {
      tellStart(elementsAt, told, at - base)
      tellEnd(elementsAt, told, valueEnd - base)
      if (oddsBefore !== odds) tellOdd(elementsAt, told)
      if (caughtBefore !== caught) tellCaught(elementsAt, told)
      if (marksBefore !== marks) tellMarked(elementsAt, told)
    }
    if (depth === 1) member(last(keys, count), at, valueEnd)
    at = space(valueEnd)
    if (byteAt(at) === 0x7d) return at + 1
    if (byteAt(at) !== COMMA) return FAILED
    at = space(at + 1)
  }
}

/** Of a key at this depth below a list. */
function toldOf(start: i32, end: i32, depth: i32): i32 {
  if (depth === 4) return inChange ? memberOfChange(start, end) : NO_MEMBER
  const told = memberOfElement(start, end)
  inChange = isChange(told)
  return told
}

/** The place of the newest of so many keys: beyond those that are compared only the last is kept. */
function last(keys: i32, count: i32): i32 {
  return keys + (min(count, KEYS_OF_OBJECT) - 1) * 8
}

function isThere(keys: i32, count: i32, found: i32): bool {
  for (let index = 0; index < count; index += 1) {
    if (compare(keys + index * 8, found) === 0) return true
  }
  return false
}

/** Order of two remembered keys by bytes. */
function compare(one: i32, other: i32): i32 {
  const start = load<i32>(one)
  const otherStart = load<i32>(other)
  const length = load<i32>(one, 4) - start
  const otherLength = load<i32>(other, 4) - otherStart
  const common = min(length, otherLength)
  for (let offset = 0; offset < common; offset += 1) {
    const difference = byteAt(start + offset) - byteAt(otherStart + offset)
    if (difference !== 0) return difference
  }
  return length - otherLength
}

/** Whether the nine bytes are `__proto__`: two words of four, and the last. */
function isProto(start: i32): bool {
  return (
    load<u32>(start) === 0x72705f5f &&
    load<u32>(start, 4) === 0x5f6f746f &&
    byteAt(start + 8) === 0x5f
  )
}

function array(open: i32, depth: i32): i32 {
  if (depth > DEPTH_MAX) return FAILED
  if (depth === 2 && listDepth === 2) inList = true
  let at = space(open + 1)
  let end = byteAt(at) === 0x5d ? at : FAILED
  while (end === FAILED) {
    if (depth === listDepth) openElement()
    const next = value(at, depth + 1)
    if (next === FAILED) return FAILED
    if (depth === listDepth) closeElement(at, next)
    at = space(next)
    const byte = byteAt(at)
    if (byte === 0x5d) end = at
    else if (byte !== COMMA) return FAILED
    else at = space(at + 1)
  }
  if (depth <= 2) inList = false
  return end + 1
}

function string(open: i32): i32 {
  escaped = false
  let at = open + 1
  while (true) {
    const odd = oddBytes(at)
    if (odd === 0) {
      at += 16
      continue
    }
    at += ctz(odd)
    const byte = byteAt(at)
    if (byte === QUOTE) return at + 1
    if (byte < 0x20) return FAILED
    if (byte === BACKSLASH) {
      escaped = true
      odds += 1
      at = escaping(at)
    } else at = sequence(at)
    if (at === FAILED) return FAILED
  }
}

function escaping(at: i32): i32 {
  const byte = byteAt(at + 1)
  if (byte !== 0x75) {
    const isKnown =
      byte === QUOTE || byte === BACKSLASH || byte === 0x2f || byte === 0x62 || byte === 0x66
    return isKnown || byte === 0x6e || byte === 0x72 || byte === 0x74 ? at + 2 : FAILED
  }
  const high = unit(at)
  if (high < 0) return FAILED
  if (high < 0xd800 || high > 0xdfff) return at + 6
  const low = high <= 0xdbff ? unit(at + 6) : -1
  return low >= 0xdc00 && low <= 0xdfff ? at + 12 : FAILED
}

/** The code unit of the escape `\uXXXX` at `at`, or -1. */
function unit(at: i32): i32 {
  if (byteAt(at) !== BACKSLASH || byteAt(at + 1) !== 0x75) return -1
  let found = 0
  for (let index = at + 2; index < at + 6; index += 1) {
    const byte = byteAt(index)
    const lower = byte | 0x20
    if (byte >= 0x30 && byte <= 0x39) found = found * 16 + byte - 0x30
    else if (lower >= 0x61 && lower <= 0x66) found = found * 16 + lower - 0x57
    else return -1
  }
  return found
}

function number(start: i32): i32 {
  marks += 1
  const isNegative = byteAt(start) === 0x2d
  let at = isNegative ? start + 1 : start
  if (byteAt(at) === 0x30) at += 1
  else {
    const end = digits(at)
    if (end === at) return FAILED
    at = end
  }
  const whole = at
  if (byteAt(at) === 0x2e) {
    const end = digits(at + 1)
    if (end === at + 1) return FAILED
    at = end
  }
  const byte = byteAt(at)
  if (byte === 0x65 || byte === 0x45) {
    const sign = byteAt(at + 1)
    const from = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1
    const end = digits(from)
    if (end === from) return FAILED
    at = end
  }
  const isShort = at === whole && at - start <= 15 && !(isNegative && byteAt(start + 1) === 0x30)
  if (!isShort) longNumber(start, at)
  return at
}

function digits(from: i32): i32 {
  let at = from
  let byte = byteAt(at)
  while (byte >= 0x30 && byte <= 0x39) {
    at += 1
    byte = byteAt(at)
  }
  return at
}

function openElement(): void {
  memory.fill(elementsAt, 0, ELEMENT_BYTES)
  inChange = false
}

function closeElement(start: i32, end: i32): void {
  tellElementStart(elementsAt, start - base)
  tellElementEnd(elementsAt, end - base)
  const bytes = tellOwnText(elementsAt, base)
  if (bytes > 0) digest(elementCount, bytes)
  elementCount += 1
  elementsAt += ELEMENT_BYTES
  if (elementsAt + ELEMENT_BYTES <= ELEMENTS_END) return
  take(ELEMENTS_LOG, (elementsAt - ELEMENTS) >> 2)
  elementsAt = ELEMENTS
}

function member(key: i32, start: i32, end: i32): void {
  store<i32>(membersAt, load<i32>(key) - base)
  store<i32>(membersAt, load<i32>(key, 4) - base, 4)
  store<i32>(membersAt, start - base, 8)
  store<i32>(membersAt, end - base, 12)
  store<i32>(membersAt, firstElement, 16)
  store<i32>(membersAt, elementCount, 20)
  membersAt += 24
  if (membersAt < MEMBERS_END) return
  take(MEMBERS_LOG, (membersAt - MEMBERS) >> 2)
  membersAt = MEMBERS
}

function longNumber(start: i32, end: i32): void {
  store<i32>(numbersAt, start - base)
  store<i32>(numbersAt, end - base, 4)
  numbersAt += 8
  if (numbersAt < NUMBERS_END) return
  take(NUMBERS_LOG, (numbersAt - NUMBERS) >> 2)
  numbersAt = NUMBERS
}
