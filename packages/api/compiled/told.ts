/**
 * A resource change that is told by its own text: nothing in it is marked, odd, moved or imported,
 * and each part is written in canonical form already. Whatever is not sure is read as a value; see
 * core's plain-change.ts and plan-digest.ts, whose text this one makes of the same pieces.
 */
import { byteAt, QUOTE } from './bytes.ts'
import { leavesOut } from './masks.ts'
import { caught, endOf, marked, odds, startOf, tellTold } from './outline.ts'
import { lengthOf, NO_WORD, placeOf, wordThere } from './words.ts'

/** The lists of actions as they are written, and the word for each. */
export const ACTIONS: i32 = 0x1b000
export const ACTION_WORDS: i32 = 0x1b400
export const MODES: i32 = 0x1b800
/** Pieces: which member, the length of the text before it, and of the one in its place. */
export const PIECES: i32 = 0x1c000
export const TEXT: i32 = 0x28000
const TEXT_END: i32 = 0x34000

const ADDRESS: i32 = 0
const MODE: i32 = 2
const ACTION_REASON: i32 = 6
const ACTIONS_TAKEN: i32 = 9
const AFTER: i32 = 11
const AFTER_UNKNOWN: i32 = 12
const BEFORE_SENSITIVE: i32 = 13
const AFTER_SENSITIVE: i32 = 14
const REPLACE_PATHS: i32 = 15

const IN_CHANGE: i32 = 0xfe00
/** All but the index, which the address says, and the change, whose members are looked at. */
const DIGESTED: i32 = 0xfe7f
const BESIDES: i32 = 0x10000
const MASKS: i32 = (1 << BEFORE_SENSITIVE) | (1 << AFTER_SENSITIVE)

/** The first of the actions. */
const NOTHING: i32 = 0

const OF_ACTION: i32 = 16
const LAST: i32 = -1

/**
 * Where an element is told by its own text, says so, and writes what is digested of it: so many
 * bytes, none of one that does nothing. `base` is where the document begins.
 */
export function tellOwnText(at: i32, base: i32): i32 {
  const actions = plainActions(at, base)
  if (actions === NO_WORD) return 0
  const bytes = actions === NOTHING ? 0 : writeText(at, base, actions)
  if (actions === NOTHING || bytes > 0) tellTold(at, actions + 1)
  return bytes
}

/** Which of the actions it takes. */
function plainActions(at: i32, base: i32): i32 {
  if ((odds(at) & (DIGESTED | BESIDES)) !== 0 || (caught(at) & IN_CHANGE) !== 0) return NO_WORD
  if ((marked(at) & MASKS) !== 0 || !hasTexts(at, base)) return NO_WORD
  const replaced = startOf(at, REPLACE_PATHS)
  if (replaced !== 0 && !isNull(base + replaced) && byteAt(base + replaced) !== 0x5b) return NO_WORD
  if ((marked(at) & (1 << AFTER_UNKNOWN)) !== 0 && !leavesUnknownOut(at, base)) return NO_WORD
  return wordThere(ACTIONS, base + startOf(at, ACTIONS_TAKEN), base + endOf(at, ACTIONS_TAKEN))
}

/** An address, a mode that is known, and nothing else where a text has to be. */
function hasTexts(at: i32, base: i32): bool {
  for (let member = ADDRESS; member <= ACTION_REASON; member += 1) {
    const start = startOf(at, member)
    if (start !== 0 && byteAt(base + start) !== QUOTE && !isNull(base + start)) return false
  }
  const address = startOf(at, ADDRESS)
  if (endOf(at, ADDRESS) - address <= 2 || isNull(base + address)) return false
  return wordThere(MODES, base + startOf(at, MODE), base + endOf(at, MODE)) !== NO_WORD
}

function leavesUnknownOut(at: i32, base: i32): bool {
  const value = startOf(at, AFTER)
  return leavesOut(value === 0 ? 0 : base + value, base + startOf(at, AFTER_UNKNOWN))
}

/** Of all values only one begins like this. */
function isNull(at: i32): bool {
  return byteAt(at) === 0x6e
}

let to: i32 = 0

/** Writes what is digested of it and says how many bytes that is; 0 where it is too long. */
function writeText(at: i32, base: i32, actions: i32): i32 {
  to = TEXT
  let piece = PIECES
  while (true) {
    const member = load<i32>(piece)
    const before = load<i32>(piece, 4)
    const instead = load<i32>(piece, 8)
    const isWritten = write(piece + 12, before)
    if (!isWritten) return 0
    if (member === LAST) return to - TEXT
    const start = member === OF_ACTION ? 0 : startOf(at, member)
    if (member === OF_ACTION) {
      if (!write(placeOf(ACTION_WORDS, actions), lengthOf(ACTION_WORDS, actions))) return 0
    } else if (start === 0 || isNull(base + start)) {
      if (!write(piece + 12 + before, instead)) return 0
    } else if (!write(base + start, endOf(at, member) - start)) return 0
    piece += 12 + before + instead
  }
}

function write(from: i32, length: i32): bool {
  if (to + length > TEXT_END) return false
  memory.copy(to, from, length)
  to += length
  return true
}
