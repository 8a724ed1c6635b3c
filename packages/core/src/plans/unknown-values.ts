/**
 * Puts values that are decided at apply back in their places. Terraform leaves them out of `after`,
 * or writes `null` inside lists, and says so only in a mask beside it; a rule that reads
 * `["10.0.0.0/8", null]` would find no open network. A value the mask marks is `Unknown`, whatever
 * stands there.
 */
import { field, isList, isMap, UNKNOWN, type Value, type ValueMap } from '../value.ts'

export function restoreUnknown(value: Value | undefined, mask: Value | undefined): Value {
  if (mask === true) return UNKNOWN
  const known = value ?? null
  if (mask === undefined || !hasTrue(mask)) return known
  if (isList(mask)) return restoreList(known, mask)
  if (isMap(mask)) return restoreMap(known, mask)
  return known
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

/** Where value and mask are of different shapes, nothing there can be relied upon. */
function restoreList(known: Value, mask: readonly Value[]): Value {
  if (known !== null && !isList(known)) return UNKNOWN
  const list = known ?? []
  const restored: Value[] = []
  // Marks beyond the list that mark nothing make no members.
  const length = Math.max(list.length, mask.findLastIndex(hasTrue) + 1)
  for (let index = 0; index < length; index += 1) {
    restored.push(restoreUnknown(list[index], mask[index]))
  }
  return restored
}

/** Keys come in where they belong, so that a map whose keys ascend still does. */
function restoreMap(known: Value, mask: ValueMap): Value {
  if (known !== null && !isMap(known)) return UNKNOWN
  const map = known ?? {}
  const added: string[] = []
  for (const key in mask) {
    if (!Object.hasOwn(map, key) && hasTrue(mask[key] ?? null)) added.push(key)
  }
  const restored: { [key: string]: Value } = {}
  let next = 0
  for (const key in map) {
    for (let add = added[next]; add !== undefined && add < key; add = added[next]) {
      put(restored, add, restoreUnknown(undefined, mask[add]))
      next += 1
    }
    put(restored, key, restoreUnknown(map[key], field(mask, key)))
  }
  for (const add of added.slice(next)) put(restored, add, restoreUnknown(undefined, mask[add]))
  return restored
}

/** Assignment to `__proto__` would change the prototype instead of adding a key. */
function put(map: { [key: string]: Value }, key: string, value: Value): void {
  if (key !== '__proto__') map[key] = value
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true })
}
