/**
 * The one text of a value, so that equal values have equal digests and different ones never do.
 * RFC 8785 (keys by UTF-16 code units, numbers as ECMAScript prints them), except that a number
 * which keeps its text is printed as that text. It never repairs: what has no canonical text (half
 * a surrogate pair, an infinite number) throws `NotCanonical`, because a replacement character
 * would make two values equal.
 */

import {
  Hidden,
  isList,
  type Json,
  NumberText,
  Unknown,
  type Value,
  type ValueMap,
} from './value.ts'
import { encodeKey, tagHidden } from './value-codec.ts'

/** The value has no canonical text. The message names the reason, never the value. */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical'
}

/**
 * Canonical text of a plain document; keys are printed as they are. Throws `NotCanonical`.
 * Values of a plan go through `canonicalValue`: their tags could otherwise be forged by data.
 */
export function canonicalText(document: Json): string {
  return plainText(document, false) ?? print(document, false)
}

/**
 * Canonical text of a value of a plan. Hidden and unknown values are printed as tags that no data
 * can imitate (see value-codec.ts). Throws `NotCanonical`.
 */
export function canonicalValue(value: Value): string {
  return plainCanonicalText(value) ?? print(value, true)
}

/** The same for a value without any tag whose keys ascend; null for any other. */
export function plainCanonicalText(value: Value): string | null {
  if (value === null) return 'null'
  return typeof value === 'string' ? printText(value) : plainText(value, true)
}

/** JSON.stringify is RFC 8785 where keys ascend as the engine lists them; null elsewhere. */
function plainText(value: Value, tagged: boolean): string | null {
  if (!isPlain(value, tagged)) return null
  const text = JSON.stringify(value)
  // JSON.stringify escapes half a pair like this; an escaped backslash before "ud" only costs time.
  return text.includes('\\ud') ? null : text
}

function isPlain(value: Value, tagged: boolean): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (isList(value)) {
    for (const item of value) if (!isPlain(item, tagged)) return false
    return true
  }
  if (value instanceof Unknown) return tagged
  if (value instanceof NumberText || value instanceof Hidden) return false
  let last: string | null = null
  for (const key in value) {
    if (last !== null && key <= last) return false
    if (tagged && key.startsWith('$')) return false
    const child = value[key]
    if (child === undefined || !isPlain(child, tagged)) return false
    last = key
  }
  return true
}

function print(value: Value, tagged: boolean): string {
  if (typeof value === 'string') return printText(value)
  if (typeof value === 'number') return printNumber(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof NumberText) return value.text
  if (value instanceof Hidden) return print(tagHidden(value), false)
  if (value instanceof Unknown) return '{"$unknown":true}'
  return isList(value) ? printList(value, tagged) : printMap(value, tagged)
}

function printList(list: readonly Value[], tagged: boolean): string {
  let text = ''
  for (const item of list) text += `${text === '' ? '[' : ','}${print(item, tagged)}`
  return text === '' ? '[]' : `${text}]`
}

/** One more `$` in front of keys that have one does not change the order of keys. */
function printMap(map: ValueMap, tagged: boolean): string {
  let text = ''
  for (const key of sortedKeys(map)) {
    const name = printText(tagged ? encodeKey(key) : key)
    text += `${text === '' ? '{' : ','}${name}:${print(map[key] ?? null, tagged)}`
  }
  return text === '' ? '{}' : `${text}}`
}

function sortedKeys(map: ValueMap): readonly string[] {
  const keys = Object.keys(map)
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index] ?? '') <= (keys[index - 1] ?? '')) return keys.sort()
  }
  return keys
}

function printNumber(value: number): string {
  if (Number.isFinite(value)) return String(value)
  throw new NotCanonical('a number that is not finite has no canonical text')
}

/** Characters that JSON escapes, and surrogates, which need a look. */
const SPECIAL = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

function printText(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`
  if (hasHalfPair(text)) throw new NotCanonical('half a surrogate pair has no canonical text')
  return JSON.stringify(text)
}

/** Whether a text has a surrogate without its partner (ES2024's `isWellFormed`, negated). */
export function hasHalfPair(text: string): boolean {
  return /[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text)
}
