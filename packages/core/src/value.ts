/**
 * Values as a plan carries them. JSON, plus three things JSON cannot say: a number that a double
 * would not print back, a value that is hidden, and one that is unknown until apply.
 *
 * Hidden and unknown values are classes of their own so that no code can mistake them for data:
 * what reads them must say what it does with them.
 */

/** A number whose text differs from `String(Number(text))`; it keeps its text (DESIGN §5). */
export class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Who hid a value: the tool's own mark, or our detection. */
export type HiddenBy = 'tool' | 'detection'

/** A value that stays with the runner. `token` is its keyed digest, or `(sensitive)` offline. */
export class Hidden {
  readonly token: string
  readonly by: HiddenBy
  constructor(token: string, by: HiddenBy) {
    this.token = token
    this.by = by
  }
}

/** A value that is decided at apply. Its one field is its tag (value-codec.ts) in JSON. */
export class Unknown {
  readonly $unknown = true
}

export const UNKNOWN: Unknown = new Unknown()

export interface ValueMap {
  readonly [key: string]: Value
}

export type Value =
  | null
  | boolean
  | number
  | string
  | NumberText
  | Hidden
  | Unknown
  | readonly Value[]
  | ValueMap

/** Plain JSON, as documents on the wire and entries in the log are. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap
export interface JsonMap {
  readonly [key: string]: Json
}

/** A list of values; `Array.isArray` alone does not narrow a readonly array out of the union. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** A map of values: an object that is none of the three classes above. */
export function isMap(value: Value): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Hidden) &&
    !(value instanceof Unknown) &&
    !(value instanceof NumberText)
  )
}

/** An own field of a map, never one of the prototype's; undefined where there is none. */
export function field(value: Value | undefined, key: string): Value | undefined {
  if (value === undefined || !isMap(value) || !Object.hasOwn(value, key)) return undefined
  return value[key]
}
