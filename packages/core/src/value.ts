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

/** A value that is decided at apply. */
export class Unknown {
  readonly decided = 'at apply'
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
