/**
 * A resource change that is told by its own text: nothing in it is marked, odd, moved or imported,
 * and each part is written in canonical form already. Most changes of a large plan are like that,
 * and need not become objects to be counted and digested. Whoever is not sure reads the change.
 */
import type { Action, ResourceChange } from '../plan.ts'

/** The parts of which it has only the text. */
export type PlainTexts = {
  readonly [Field in
    | 'actions'
    | 'after'
    | 'afterSensitive'
    | 'afterUnknown'
    | 'before'
    | 'beforeSensitive'
    | 'replacePaths']: string
}

export interface PlainChange
  extends Pick<
    ResourceChange,
    'address' | 'module' | 'mode' | 'type' | 'name' | 'provider' | 'actions' | 'reason'
  > {
  readonly deposed: null
  readonly previousAddress: null
  readonly importing: null
  readonly action: Action
  /** Those of its texts that may hold a secret. */
  readonly closer: readonly string[]
  /** Of an unknown value at the top of `after` nothing is written; see plan-digest.ts. */
  readonly texts: PlainTexts
}
