/**
 * The gate: every command of every door comes through `handle`, and nothing else writes entries.
 * Load, permitted?, decide, append, enqueue, in one transaction; then answer.
 */
import type { Primitives } from '@holdpoint/core'
import type { MacKey } from './log/mac.ts'
import type { EffectQueue, Gate, HeadWatch } from './ports.ts'
import type { Database } from './store/db.ts'

export interface GateOptions {
  readonly database: Database
  readonly primitives: Primitives
  readonly macKey: MacKey
  readonly queue: EffectQueue
  readonly watch: HeadWatch
}

export function createGate(options: GateOptions): Gate {
  throw new Error(`not yet: ${options.database.kind}`)
}
