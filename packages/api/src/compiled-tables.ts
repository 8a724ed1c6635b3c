/** What core knows and the compiled scan works with, as bytes for its memory. */
import { ACTION_TEXTS, OUTLINED, PLAIN_PIECES, SIEVE, SIEVE_CLASSES } from '@holdpoint/core'

const WORD_BYTES = 32
/** Of the action itself, and behind the last piece. */
const OF_ACTION = 16
const LAST = -1

/** By the name of the place where each belongs. */
export const SCAN_TABLES: readonly (readonly [place: string, bytes: Uint8Array])[] = [
  ['CLASSES', SIEVE_CLASSES],
  ['SIEVE', SIEVE],
  ['NAMES', wordTable(Object.keys(OUTLINED))],
  ['ACTIONS', wordTable(ACTION_TEXTS.map(([text]) => text))],
  ['ACTION_WORDS', wordTable(ACTION_TEXTS.map(([, action]) => `"${action}"`))],
  ['MODES', wordTable(['"managed"', '"data"'])],
  ['PIECES', pieceTable()],
]

/** Each as its length and its bytes; behind the last is one without a length. */
function wordTable(words: readonly string[]): Uint8Array {
  const table = Buffer.alloc((words.length + 1) * WORD_BYTES)
  for (const [index, word] of words.entries()) {
    if (word.length > WORD_BYTES - 4) throw new Error(`${word} is too long for the compiled scan`)
    table.writeInt32LE(word.length, index * WORD_BYTES)
    table.write(word, index * WORD_BYTES + 4, 'latin1')
  }
  return table
}

function pieceTable(): Uint8Array {
  const pieces = PLAIN_PIECES.map(({ before, member, instead }) => {
    return pieceBytes(member === 'action' ? OF_ACTION : member, before, instead)
  })
  return Buffer.concat([...pieces, pieceBytes(LAST, '}', '')])
}

function pieceBytes(member: number, before: string, instead: string): Uint8Array {
  const head = Buffer.alloc(12)
  head.writeInt32LE(member, 0)
  head.writeInt32LE(before.length, 4)
  head.writeInt32LE(instead.length, 8)
  return Buffer.concat([head, Buffer.from(before + instead, 'latin1')])
}
