/**
 * Values on the wire and in evidence, as plain JSON. What JSON cannot say becomes a tag:
 * `{"$hidden": token, "by": "tool"}`, `{"$unknown": true}`, `{"$number": "1.50"}`; every real key
 * that begins with `$` gets one more. So a tag can never be imitated by data, and `decodeValue` is
 * the exact inverse of `encodeValue`.
 */
import { Hidden, isList, type Json, NumberText, UNKNOWN, Unknown, type Value } from './value.ts'

/** The value with its tags: plain JSON, in which data never begins a key with a single `$`. */
export function encodeValue(value: Value): Json {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof NumberText) return { $number: value.text }
  if (value instanceof Hidden) return tagHidden(value)
  if (value instanceof Unknown) return { $unknown: true }
  if (isList(value)) return value.map(encodeValue)
  const entries: [string, Json][] = []
  for (const [key, child] of Object.entries(value)) {
    entries.push([encodeKey(key), encodeValue(child)])
  }
  return Object.fromEntries(entries)
}

export function encodeKey(key: string): string {
  return key.startsWith('$') ? `$${key}` : key
}

export function tagHidden(value: Hidden): { readonly [key: string]: Json } {
  return { $hidden: value.token, by: value.by }
}

export type DecodedValue =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string }

/** Reads what `encodeValue` wrote; anything with a tag that it does not write is a problem. */
export function decodeValue(json: Json): DecodedValue {
  const decoder: Decoder = { problem: null }
  const value = decode(json, decoder)
  if (decoder.problem !== null) return { ok: false, message: decoder.problem }
  return { ok: true, value }
}

interface Decoder {
  problem: string | null
}

function decode(json: Json, decoder: Decoder): Value {
  if (typeof json !== 'object' || json === null) return json
  if (isJsonList(json)) return json.map((item) => decode(item, decoder))
  const keys = Object.keys(json)
  if (keys.some((key) => key.startsWith('$') && !key.startsWith('$$'))) {
    const tag = decodeTag(json, keys)
    if (tag !== undefined) return tag
    decoder.problem ??= `an object with the keys ${keys.map((k) => JSON.stringify(k)).join(', ')}`
    return null
  }
  const entries: [string, Value][] = []
  for (const [key, child] of Object.entries(json)) {
    entries.push([key.startsWith('$') ? key.slice(1) : key, decode(child, decoder)])
  }
  return Object.fromEntries(entries)
}

function isJsonList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}

/** The value a tag stands for; undefined where it is none that `encodeValue` writes. */
function decodeTag(
  json: { readonly [key: string]: Json },
  keys: readonly string[],
): Value | undefined {
  const { $hidden: token, by, $number: text } = json
  if (keys.length === 1 && json['$unknown'] === true) return UNKNOWN
  if (keys.length === 1 && typeof text === 'string' && keepsText(text)) return new NumberText(text)
  if (keys.length !== 2 || typeof token !== 'string') return undefined
  return by === 'tool' || by === 'detection' ? new Hidden(token, by) : undefined
}

/** Whether a JSON number is one that `NumberText` is for: a double prints it differently. */
export function keepsText(text: string): boolean {
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)
  return isNumber && String(Number(text)) !== text
}
