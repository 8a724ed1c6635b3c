/**
 * What this process has read and believed of changes, kept so that it need not be read out of bytes
 * again. It never stands in for the log: a history that is read again has to be, byte for byte,
 * the one that was believed. Bounded; what was not used for longest is forgotten.
 */
import type { ChangeId } from '@holdpoint/core'
import { extend, type Held, NOT_HELD } from './gate-changes.ts'
import type { MacKey } from './log/mac.ts'
import { believedEntry, Tampered } from './log/stored-entry.ts'
import type { EntryTable } from './store/tables.ts'

/** About 10 KB each; more of them cost more in collecting than in reading again. */
const KEPT_MAX = 500

export interface History {
  readonly held: Held
  /** The entries it was folded from, in order. */
  readonly rows: readonly EntryTable[]
}

export const NO_HISTORY: History = { held: NOT_HELD, rows: [] }

export class Histories {
  readonly #macKey: MacKey
  readonly #kept = new Map<ChangeId, History>()

  constructor(macKey: MacKey) {
    this.#macKey = macKey
  }

  get(id: ChangeId): History | null {
    const kept = this.#kept.get(id)
    if (kept === undefined) return null
    this.#kept.delete(id)
    this.#kept.set(id, kept)
    return kept
  }

  /** Only of entries that are committed. An older history than the one that is kept is not taken. */
  keep(id: ChangeId, history: History): void {
    const kept = this.#kept.get(id)
    if (kept !== undefined && kept.held.lastSeq > history.held.lastSeq) return
    this.#kept.delete(id)
    this.#kept.set(id, history)
    if (this.#kept.size <= KEPT_MAX) return
    const [oldest] = this.#kept.keys()
    if (oldest !== undefined) this.#kept.delete(oldest)
  }

  /**
   * Folds all entries of a change, read under the head's lock: what was believed before has to be
   * their beginning, or somebody took some away. Throws `Tampered` where that or an entry is not so.
   */
  foldAll(id: ChangeId, rows: readonly EntryTable[]): History {
    const kept = this.get(id)
    const history = this.fold(id, rows)
    if (kept !== null && !beginsWith(rows, kept.rows))
      throw new Tampered(`the entries of ${id} are not those that were there before`)
    return history
  }

  /** Folds entries of a change; throws `Tampered` where one is not ours. */
  fold(id: ChangeId, rows: readonly EntryTable[]): History {
    const kept = this.get(id)
    const known = kept !== null && beginsWith(rows, kept.rows) ? kept : NO_HISTORY
    let { held } = known
    for (const row of rows.slice(known.rows.length)) {
      const next = extend(held, believedEntry(row, this.#macKey))
      if (next === null) throw new Tampered(`entry ${row.seq} cannot follow what is in the log`)
      held = next
    }
    return { held, rows }
  }
}

function beginsWith(rows: readonly EntryTable[], known: readonly EntryTable[]): boolean {
  return known.every((each, index) => {
    const row = rows[index]
    return row !== undefined && isSameEntry(row, each)
  })
}

function isSameEntry(one: EntryTable, other: EntryTable): boolean {
  return (
    one.seq === other.seq &&
    one.stream === other.stream &&
    one.type === other.type &&
    one.at === other.at &&
    Buffer.compare(one.data, other.data) === 0 &&
    Buffer.compare(one.leaf_hash, other.leaf_hash) === 0 &&
    Buffer.compare(one.mac, other.mac) === 0
  )
}
