/**
 * Puts values that are decided at apply back in their places. Terraform leaves them out of `after`,
 * or writes `null` inside lists, and says so only in a mask beside it; a rule that reads
 * `["10.0.0.0/8", null]` would find no open network. A value the mask marks is `Unknown`, whatever
 * stands there.
 */
import { field, isList, isMap, UNKNOWN, type Value, type ValueMap } from '../value.ts'

export function restoreUnknown(value: Value | undefined, mask: Value | undefined): Value {
  return restored(value, mask) ?? null
}

/**
 * The value itself where the mask marks nothing of it; undefined where there is neither. Each part
 * of the mask is looked at once, however deep it lies.
 */
function restored(value: Value | undefined, mask: Value | undefined): Value | undefined {
  if (mask === true) return UNKNOWN
  if (mask === undefined) return value
  const known = value ?? null
  if (isList(mask)) {
    return known === null || isList(known) ? (restoredList(known, mask) ?? value) : odd(value, mask)
  }
  if (isMap(mask)) {
    return known === null || isMap(known) ? (restoredMap(known, mask) ?? value) : odd(value, mask)
  }
  return value
}

/** Where value and mask are of different shapes, nothing there can be relied upon. */
function odd(value: Value | undefined, mask: Value): Value | undefined {
  return hasTrue(mask) ? UNKNOWN : value
}

/** Whether a value stands where the mask says that it is not decided yet. */
export function isContradicted(value: Value | undefined, mask: Value | undefined): boolean {
  if (value === undefined || value === null || mask === undefined) return false
  if (mask === true) return true
  if (isList(mask) && isList(value)) {
    return mask.some((child, index) => isContradicted(value[index], child))
  }
  if (!isMap(mask) || !isMap(value)) return hasTrue(mask)
  for (const key in mask) if (isContradicted(field(value, key), mask[key])) return true
  return false
}

/** Whether a mask marks anything at all. */
export function hasTrue(mask: Value): boolean {
  if (mask === true) return true
  if (isList(mask)) return mask.some(hasTrue)
  if (!isMap(mask)) return false
  for (const key in mask) {
    const child = mask[key]
    if (child !== undefined && hasTrue(child)) return true
  }
  return false
}

/** Null where the mask marks nothing. */
function restoredList(list: readonly Value[] | null, mask: readonly Value[]): Value | null {
  const known = list ?? []
  const parts = mask.map((mark, index) => restored(known[index], mark))
  const marked = parts.map((part, index) => part !== undefined && part !== known[index])
  if (!marked.includes(true)) return null
  // Marks beyond the list that mark nothing make no members.
  const length = Math.max(known.length, marked.lastIndexOf(true) + 1)
  return Array.from({ length }, (_none, index) => parts[index] ?? known[index] ?? null)
}

/** Null where the mask marks nothing. Keys come in where they belong: ascending ones still do. */
function restoredMap(map: ValueMap | null, mask: ValueMap): Value | null {
  const known = map ?? {}
  const added: [string, Value][] = []
  for (const key in mask) {
    const part = Object.hasOwn(known, key) ? undefined : restored(undefined, mask[key])
    if (part !== undefined) added.push([key, part])
  }
  let isMarked = added.length > 0
  const whole: { [key: string]: Value } = {}
  let next = 0
  for (const key in known) {
    for (let add = added[next]; add !== undefined && add[0] < key; add = added[next]) {
      put(whole, ...add)
      next += 1
    }
    const value = known[key] ?? null
    const part = restored(value, field(mask, key)) ?? null
    if (part !== value) isMarked = true
    put(whole, key, part)
  }
  for (const add of added.slice(next)) put(whole, ...add)
  return isMarked ? whole : null
}

/** Assignment to `__proto__` would change the prototype instead of adding a key. */
function put(map: { [key: string]: Value }, key: string, value: Value): void {
  if (key !== '__proto__') map[key] = value
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true })
}
