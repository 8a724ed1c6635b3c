/**
 * Values as rules compute with them. Hidden and undecided values stay what they are, and no
 * comparison here ever answers about one: it throws, so that the rule errs instead of being false
 * (DESIGN §6). A container that holds one is as unreadable as what it holds.
 */

import { hasMarker } from '../hidden-text.ts'
import { Hidden, NumberText, Unknown, type Value } from '../value.ts'
import { compareNumbers, Decimal, readNumber } from './decimal.ts'
import { CannotEvaluate } from './error.ts'

/** A fact that nobody told this evaluation, for example the requester of an offline one. */
export class NotKnown {
  readonly known = false
}
export const NOT_KNOWN: NotKnown = new NotKnown()

/** A text of which redaction hid a part: as opaque as a whole, save to `json()`. */
export class PartlyHidden {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Opaque = Hidden | PartlyHidden | Unknown | NotKnown

export type CelValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | Decimal
  | Opaque
  | readonly CelValue[]
  | ReadonlyMap<string, CelValue>

export function isOpaque(value: unknown): value is Opaque {
  const hidden = value instanceof Hidden || value instanceof PartlyHidden
  return hidden || value instanceof Unknown || value instanceof NotKnown
}

/** What a rule that reads this value is told. */
export function opaqueReason(value: Opaque): string {
  if (value instanceof Hidden) return 'reads a value that is hidden'
  if (value instanceof PartlyHidden) return 'reads a text of which a part is hidden'
  if (value instanceof Unknown) return 'reads a value that is decided at apply'
  return 'reads a fact that is not known here'
}

/** Maps become `Map`, so that a key such as `constructor` is a key and nothing else. */
export function toCel(value: Value): CelValue {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return readRedacted(value)
  if (typeof value === 'number') return readNumber(String(value)) ?? value
  if (value instanceof NumberText) return readNumber(value.text) ?? value.text
  if (value instanceof Hidden || value instanceof Unknown) return value
  if (isList(value)) return value.map(toCel)
  return new Map(Object.entries(value).map(([key, entry]) => [key, toCel(entry)]))
}

/** A text as redaction left it: with a hidden part, or with its escapes taken back. */
export function readRedacted(text: string): string | PartlyHidden {
  return hasMarker(text) ? new PartlyHidden(text) : text.replaceAll('(hidden::', '(hidden:')
}

export function isList<T>(value: unknown | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}

/** Entries of a map, whether a fact or a literal in the rule; `null` for anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | null {
  if (value instanceof Map) return [...value]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype ? Object.entries(value) : null
}

/** Whether a map has a key; `null` for what is no map. */
export function hasKey(value: unknown, key: unknown): boolean | null {
  if (value instanceof Map) return value.has(key)
  return entriesOf(value)?.some(([name]) => name === key) ?? null
}

/** The opaque value that a value is or holds at any depth. */
export function findOpaque(value: unknown): Opaque | null {
  if (isOpaque(value)) return value
  if (typeof value !== 'object' || value === null) return null
  const inside: readonly unknown[] = isList(value)
    ? value
    : (entriesOf(value) ?? []).map(([, entry]) => entry)
  for (const entry of inside) {
    const found = findOpaque(entry)
    if (found !== null) return found
  }
  return null
}

export function refuseOpaque(value: unknown): void {
  const found = findOpaque(value)
  if (found !== null) throw new CannotEvaluate(opaqueReason(found))
}

/** CEL equality: values of different types are different, numbers compare across their types. */
export function equals(left: unknown, right: unknown): boolean {
  refuseOpaque(left)
  refuseOpaque(right)
  return equalsPlain(left, right)
}

/**
 * Whether a list holds an equal element. A definite match is one even beside opaque elements;
 * without one, an opaque element may be the match, so there is no answer.
 */
export function listHolds(list: readonly unknown[], wanted: unknown): boolean {
  refuseOpaque(wanted)
  let unreadable: Opaque | null = null
  for (const element of list) {
    const found = findOpaque(element)
    if (found === null && equalsPlain(element, wanted)) return true
    unreadable ??= found
  }
  if (unreadable !== null) throw new CannotEvaluate(opaqueReason(unreadable))
  return false
}

function equalsPlain(left: unknown, right: unknown): boolean {
  if (left === right) return true
  const order = compareNumbers(left, right)
  if (order !== null) return order === 0
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime()
  if (isList(left) && isList(right)) return equalLists(left, right)
  if (typeof left !== 'object' || typeof right !== 'object') return false
  if (left === null || right === null || isList(left) || isList(right)) return false
  if (left instanceof Decimal || right instanceof Decimal) return false
  const ours = entriesOf(left)
  const theirs = entriesOf(right)
  if (ours === null || theirs === null)
    throw new CannotEvaluate('compares things that are not data')
  return equalMaps(ours, new Map(theirs))
}

function equalLists(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((one, at) => equalsPlain(one, right[at]))
}

function equalMaps(
  left: readonly (readonly [string, unknown])[],
  right: ReadonlyMap<string, unknown>,
): boolean {
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && equalsPlain(value, right.get(key)))
  )
}
