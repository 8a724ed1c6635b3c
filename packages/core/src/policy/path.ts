/**
 * `changed(p)`, `unknown(p)` and `sensitive(p)`: the only questions that a rule may ask about a
 * hidden or undecided value. They answer about the place and never about the value.
 *
 * A path is names joined by dots, from the attributes of the resource: `tags.Name`,
 * `ingress.0.cidr_blocks`. A number counts list elements from 0, `*` stands for every element or
 * key, and a dot or star inside a name is written `\.` or `\*` (in CEL: `r"tags.app\.io/name"`).
 */
import { hasMarker } from '../hidden-text.ts'
import type { ResourceChange } from '../plan.ts'
import { Hidden, NumberText, Unknown, type Value, type ValueMap } from '../value.ts'
import { isList } from './value.ts'

/** `null` stands for every element or key. */
export type Path = readonly (string | null)[]

/** What offline reading writes in place of a keyed digest: equal for all values. */
const WITHOUT_KEY = '(sensitive)'

export function readPath(text: string): Path | null {
  const segments = text.match(/(?:\\.|[^.\\])+/g) ?? []
  if (segments.join('.') !== text || segments.length === 0) return null
  return segments.map((segment) => (segment === '*' ? null : segment.replace(/\\(.)/g, '$1')))
}

/** Whether anything at the path differs, or may: an undecided value counts as changed. */
export function changedAt(resource: ResourceChange, path: Path): boolean {
  return !same(project(resource.before, path), project(resource.after, path))
}

/** Whether anything at, above or below the path is decided at apply. */
export function unknownAt(resource: ResourceChange, path: Path): boolean {
  return meets(resource.after, path, (value) => value instanceof Unknown)
}

/** Whether anything at, above or below the path is hidden, or marked by the tool as sensitive. */
export function sensitiveAt(resource: ResourceChange, path: Path): boolean {
  const hidden = (value: Value) =>
    value instanceof Hidden || (typeof value === 'string' && hasMarker(value))
  const marked = (value: Value) => value === true
  return (
    meets(resource.before, path, hidden) ||
    meets(resource.after, path, hidden) ||
    meets(resource.beforeSensitive, path, marked) ||
    meets(resource.afterSensitive, path, marked)
  )
}

/** True when the test holds for a value on the way to the path, at its end, or anywhere below. */
function meets(value: Value, path: Path, test: (value: Value) => boolean): boolean {
  if (test(value)) return true
  const [segment, ...rest] = path
  const inside = segment === undefined ? entries(value) : select(value, segment)
  return inside.some(([, entry]) => meets(entry, segment === undefined ? [] : rest, test))
}

/** What two sides are compared by; `undefined` where nothing is. */
type Projection = Value | undefined | readonly (readonly [string, Projection])[]

function project(value: Value, path: Path): Projection {
  const [segment, ...rest] = path
  if (segment === undefined || isOpaqueValue(value)) return value
  const inside = select(value, segment)
  if (segment !== null) {
    const [found] = inside
    return found === undefined ? undefined : project(found[1], rest)
  }
  return inside.map(([key, entry]) => [key, project(entry, rest)] as const)
}

function same(left: unknown, right: unknown): boolean {
  if (left instanceof Unknown || right instanceof Unknown) return false
  if (left instanceof Hidden && right instanceof Hidden)
    return left.token === right.token && left.token !== WITHOUT_KEY
  if (typeof left === 'string' && typeof right === 'string')
    return left === right && !(hasMarker(left) && left.includes(WITHOUT_KEY))
  if (left instanceof NumberText && right instanceof NumberText) return left.text === right.text
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((one, at) => same(one, right[at]))
  if (!isMap(left) || !isMap(right)) return left === right
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  )
}

function select(value: Value, segment: string | null): readonly (readonly [string, Value])[] {
  return segment === null ? entries(value) : entries(value).filter(([key]) => key === segment)
}

function entries(value: Value): readonly (readonly [string, Value])[] {
  if (isList<Value>(value)) return value.map((entry, at) => [String(at), entry] as const)
  return isMap(value) ? Object.entries(value) : []
}

function isOpaqueValue(value: Value): boolean {
  return value instanceof Hidden || value instanceof Unknown
}

function isMap(value: unknown): value is ValueMap {
  if (typeof value !== 'object' || value === null || isList(value)) return false
  const scalar = value instanceof Hidden || value instanceof Unknown || value instanceof NumberText
  return !scalar
}
