/**
 * `json(text)`: policy documents and other JSON inside a string, as values that rules can read.
 * Stricter than JavaScript's own parser: a key that is there twice is refused, because the reader
 * of the rule and the cloud might each take another one, and numbers keep all their digits. A text
 * of which a part is hidden stays opaque, and only that one: the rest of the document is readable.
 */
import { readNumber } from './decimal.ts'
import { CannotEvaluate } from './error.ts'
import { type CelValue, PartlyHidden, readRedacted } from './value.ts'

const DEPTH_MAX = 100
const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

/** Reads one JSON document (RFC 8259). Throws `CannotEvaluate` for anything else. */
export function readJsonText(source: string | PartlyHidden): CelValue {
  const redacted = source instanceof PartlyHidden
  const text = redacted ? source.text : source
  const cursor = { text, at: 0, redacted }
  const value = readValue(cursor, 0)
  take(cursor, SPACE)
  if (cursor.at !== text.length) throw notJson()
  return value
}

interface Cursor {
  readonly text: string
  /** Whether texts inside may have hidden parts; a plain text only looks as if. */
  readonly redacted: boolean
  at: number
}

function readValue(cursor: Cursor, depth: number): CelValue {
  if (depth > DEPTH_MAX) throw notJson()
  take(cursor, SPACE)
  if (accept(cursor, '{')) return readObject(cursor, depth)
  if (accept(cursor, '[')) return readArray(cursor, depth)
  if (cursor.text[cursor.at] === '"') {
    const text = readText(cursor)
    return cursor.redacted ? readRedacted(text) : text
  }
  const word = take(cursor, WORD)
  if (word !== '') return word === 'null' ? null : word === 'true'
  const number = readNumber(take(cursor, NUMBER))
  if (number === null) throw notJson()
  return number
}

function readArray(cursor: Cursor, depth: number): CelValue {
  const items: CelValue[] = []
  take(cursor, SPACE)
  if (accept(cursor, ']')) return items
  do {
    items.push(readValue(cursor, depth + 1))
    take(cursor, SPACE)
  } while (accept(cursor, ','))
  if (!accept(cursor, ']')) throw notJson()
  return items
}

function readObject(cursor: Cursor, depth: number): CelValue {
  const entries = new Map<string, CelValue>()
  take(cursor, SPACE)
  if (accept(cursor, '}')) return entries
  do {
    take(cursor, SPACE)
    const key = readText(cursor)
    take(cursor, SPACE)
    if (!accept(cursor, ':') || entries.has(key)) throw notJson()
    entries.set(key, readValue(cursor, depth + 1))
    take(cursor, SPACE)
  } while (accept(cursor, ','))
  if (!accept(cursor, '}')) throw notJson()
  return entries
}

// By hand: a regular expression over a long text ends the stack of some engines.
function readText(cursor: Cursor): string {
  const { text, at } = cursor
  if (text[at] !== '"') throw notJson()
  let end = at + 1
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  cursor.at = end + 1
  try {
    const value: unknown = JSON.parse(text.slice(at, end + 1))
    return String(value)
  } catch (error) {
    if (error instanceof SyntaxError) throw notJson()
    throw error
  }
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0] ?? ''
  cursor.at += found.length
  return found
}

function accept(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false
  cursor.at += 1
  return true
}

function notJson(): CannotEvaluate {
  return new CannotEvaluate('reads a text as JSON that is not JSON')
}
