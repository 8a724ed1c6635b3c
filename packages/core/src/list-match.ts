/**
 * Which element of an old list is which of the new one. By identity where every element is a map
 * with its own name (name, key, id, sid, ref), else by equal content; what is left is paired in its
 * order. So one rule put in front of others is one addition, not a change of every rule.
 */
import { canonicalValue } from './canonical.ts'
import { OFFLINE_TOKEN } from './hiders.ts'
import { Hidden, isList, isMap, Unknown, type Value } from './value.ts'

export type MatchedBy = 'name' | 'content' | 'position'

/** `before` or `after` is absent where the element was added or removed. */
export interface Pair {
  readonly label: string
  readonly before: Value | undefined
  readonly after: Value | undefined
  /** Place in the new list, or in the old one where it is gone. */
  readonly index: number
}

export interface Matching {
  readonly by: MatchedBy
  readonly pairs: readonly Pair[]
  /** The same elements in another order. */
  readonly moved: boolean
}

const IDENTITIES = ['name', 'key', 'id', 'sid', 'ref'] as const

export function matchLists(before: readonly Value[], after: readonly Value[]): Matching {
  for (const identity of IDENTITIES) {
    const left = namesOf(before, identity)
    const right = namesOf(after, identity)
    if (left !== null && right !== null && left.size + right.size > 0) return byName(left, right)
  }
  return byContent(before, after)
}

interface Named {
  readonly index: number
  readonly value: Value
}

/** The elements by name; null where one has none or two share one. */
function namesOf(list: readonly Value[], identity: string): ReadonlyMap<string, Named> | null {
  const names = new Map<string, Named>()
  for (const [index, value] of list.entries()) {
    if (!isMap(value)) return null
    const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === identity)
    const name = key === undefined ? undefined : value[key]
    if (typeof name !== 'string' || name === '' || names.has(name)) return null
    names.set(name, { index, value })
  }
  return names
}

function byName(left: ReadonlyMap<string, Named>, right: ReadonlyMap<string, Named>): Matching {
  const pairs: Pair[] = []
  for (const [name, { index, value }] of right) {
    const before = left.get(name)?.value
    pairs.push({ label: JSON.stringify(name), before, after: value, index })
  }
  for (const [name, { index, value }] of left) {
    if (right.has(name)) continue
    pairs.push({ label: JSON.stringify(name), before: value, after: undefined, index })
  }
  const kept = [...left.keys()].filter((name) => right.has(name))
  const order = [...right.keys()].filter((name) => left.has(name))
  return { by: 'name', pairs, moved: kept.some((name, index) => order[index] !== name) }
}

function byContent(before: readonly Value[], after: readonly Value[]): Matching {
  const places = new Map<string, number[]>()
  for (const [index, value] of before.entries()) {
    const text = contentOf(value)
    if (text === null) continue
    const known = places.get(text)
    if (known === undefined) places.set(text, [index])
    else known.push(index)
  }
  const used = new Set<number>()
  const pairs: Pair[] = []
  const open: { readonly index: number; readonly value: Value }[] = []
  let last = -1
  let moved = false
  for (const [index, value] of after.entries()) {
    const text = contentOf(value)
    const place = text === null ? undefined : places.get(text)?.shift()
    if (place === undefined) open.push({ index, value })
    else {
      used.add(place)
      moved ||= place < last
      last = place
      pairs.push({ label: String(index), before: before[place], after: value, index })
    }
  }
  const rest = [...before.entries()].filter(([index]) => !used.has(index))
  pairs.push(...pairRest(rest, open))
  const by = pairs.length > 0 && used.size === 0 ? 'position' : 'content'
  return { by, pairs: pairs.toSorted((left, right) => left.index - right.index), moved }
}

/** Scalars are added and removed; other elements change into one another in their order. */
function pairRest(
  rest: readonly (readonly [number, Value])[],
  open: readonly { readonly index: number; readonly value: Value }[],
): readonly Pair[] {
  const pairs: Pair[] = []
  const left = [...rest]
  for (const { index, value } of open) {
    const first = left[0]
    const together = first !== undefined && (isComplex(value) || isComplex(first[1]))
    if (together) left.shift()
    const before = together ? first[1] : undefined
    pairs.push({ label: String(index), before, after: value, index })
  }
  for (const [index, value] of left) {
    pairs.push({ label: String(index), before: value, after: undefined, index })
  }
  return pairs
}

function isComplex(value: Value): boolean {
  return typeof value === 'object' && value !== null
}

/** Null where equal text would not mean equal content: hidden without a key, or undecided. */
function contentOf(value: Value): string | null {
  return isOpaque(value) ? null : canonicalValue(value)
}

function isOpaque(value: Value): boolean {
  if (value instanceof Unknown) return true
  if (value instanceof Hidden) return value.token === OFFLINE_TOKEN
  if (isList(value)) return value.some(isOpaque)
  return isMap(value) && Object.values(value).some(isOpaque)
}
