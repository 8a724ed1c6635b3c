/** Tables of words that core puts into this memory: each a length and its bytes, in 32 bytes. */
import { byteAt } from './bytes.ts'

const WORD_BYTES: i32 = 32
export const NO_WORD: i32 = -1

/** Which word of the table stands there; behind its last is one without a length. */
export function wordThere(table: i32, start: i32, end: i32): i32 {
  const length = end - start
  for (let index = 0; lengthOf(table, index) !== 0; index += 1) {
    if (lengthOf(table, index) === length && isSame(start, placeOf(table, index), length)) {
      return index
    }
  }
  return NO_WORD
}

export function lengthOf(table: i32, index: i32): i32 {
  return load<i32>(table + index * WORD_BYTES)
}

export function placeOf(table: i32, index: i32): i32 {
  return table + index * WORD_BYTES + 4
}

function isSame(one: i32, other: i32, length: i32): bool {
  for (let offset = 0; offset < length; offset += 1) {
    if (byteAt(one + offset) !== byteAt(other + offset)) return false
  }
  return true
}
