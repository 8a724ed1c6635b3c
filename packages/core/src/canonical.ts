/**
 * The one text of a value, so that equal values have equal digests and different ones never do.
 * RFC 8785 (keys by UTF-16 code units, numbers as ECMAScript prints them), except that a number
 * which keeps its text is printed as that text. It never repairs: what has no canonical text (half
 * a surrogate pair, an infinite number) throws `NotCanonical`, because a replacement character
 * would make two values equal.
 */

import { Hidden, isList, type Json, NumberText, Unknown, type Value } from './value.ts'
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
  return plainText(document, false) ?? print(document, (key) => key)
}

/**
 * Canonical text of a value of a plan. Hidden and unknown values are printed as tags that no data
 * can imitate (see value-codec.ts). Throws `NotCanonical`.
 */
export function canonicalValue(value: Value): string {
  return plainText(value, true) ?? print(value, encodeKey)
}

/** JSON.stringify is RFC 8785 where keys ascend; null where it would not be. */
function plainText(value: Value, tagged: boolean): string | null {
  if (!isPlain(value, tagged)) return null
  const text = JSON.stringify(value)
  // JSON.stringify escapes half a pair like this; an escaped backslash before "ud" only costs time.
  return /\\ud[89a-f]/.test(text) ? null : text
}

function isPlain(value: Value, tagged: boolean): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (isList(value)) return value.every((item) => isPlain(item, tagged))
  if (value instanceof NumberText || value instanceof Hidden || value instanceof Unknown) {
    return false
  }
  let last: string | null = null
  for (const key in value) {
    if (last !== null && key <= last) return false
    if (startsOddly(key, tagged)) return false
    const child = value[key]
    if (child === undefined || !isPlain(child, tagged)) return false
    last = key
  }
  return true
}

/** Integer-like keys are reordered by the engine; keys with `$` are escaped in tagged values. */
function startsOddly(key: string, tagged: boolean): boolean {
  const unit = key.charCodeAt(0)
  return (unit >= 0x30 && unit <= 0x39) || (tagged && unit === 0x24)
}

function print(value: Value, keyText: (key: string) => string): string {
  if (typeof value === 'string') return printText(value)
  if (typeof value === 'number') return printNumber(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof NumberText) return value.text
  if (value instanceof Hidden) return print(tagHidden(value), (key) => key)
  if (value instanceof Unknown) return '{"$unknown":true}'
  if (isList(value)) return `[${value.map((item) => print(item, keyText)).join(',')}]`
  const members: string[] = []
  const entries = Object.entries(value).map(([key, child]) => ({ key: keyText(key), child }))
  entries.sort((left, right) => (left.key < right.key ? -1 : 1))
  for (const { key, child } of entries) members.push(`${printText(key)}:${print(child, keyText)}`)
  return `{${members.join(',')}}`
}

function printNumber(value: number): string {
  if (Number.isFinite(value)) return String(value)
  throw new NotCanonical('a number that is not finite has no canonical text')
}

function printText(text: string): string {
  if (hasHalfPair(text)) throw new NotCanonical('half a surrogate pair has no canonical text')
  return JSON.stringify(text)
}

/** Whether a text has a surrogate without its partner (ES2024's `isWellFormed`, negated). */
export function hasHalfPair(text: string): boolean {
  return /[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text)
}
