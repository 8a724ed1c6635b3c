/**
 * A resource change that is told by its own text: nothing in it is marked, odd, moved or imported,
 * and each part is written in canonical form already. Most changes of a large plan are like that,
 * and need not become objects to be counted and digested. Whoever is not sure reads the change.
 */
import type { Digest } from '../ids.ts'
import type { Action, ResourceChange } from '../plan.ts'

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
  /** Of its text (PLAIN_PIECES in plan-digest.ts); null for one that does nothing. */
  readonly digest: Digest | null
}
