/**
 * The log read from its first entry on: every entry believed (hash, MAC, shape) and held against the
 * laws, the tree grown over them. Whoever signs or recovers reads through here, and what was read
 * once is not read again.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  appendLeaf,
  type ChangeId,
  type CompactRange,
  checkEntry,
  EMPTY_RANGE,
  parseChangeId,
  rangeRoot,
  startWorld,
  treeRoot,
  type World,
} from '@holdpoint/core'
import type { Held } from '../gate-changes.ts'
import { entriesFrom } from '../store/entries.ts'
import type { EntryTable, Tx } from '../store/tables.ts'
import type { MacKey } from './mac.ts'
import { believedEntry, Tampered } from './stored-entry.ts'

const PAGE = 500

export class LogFold {
  readonly #macKey: MacKey
  readonly #places = new Map<ChangeId, { openedSeq: number; lastSeq: number }>()
  #range: CompactRange = EMPTY_RANGE
  #world: World = startWorld()

  constructor(macKey: MacKey) {
    this.#macKey = macKey
  }

  get size(): number {
    return this.#range.size
  }

  get world(): World {
    return this.#world
  }

  root(): Uint8Array {
    return rangeRoot(nodePrimitives, this.#range)
  }

  /** Every change with its place in the log, as the entries tell it. */
  held(id: ChangeId): Held | null {
    const place = this.#places.get(id)
    const change = this.#world.changes.get(id)
    return place === undefined || change === undefined ? null : { change, ...place }
  }

  /** Reads what was committed since; throws `Tampered` at the first entry that is not ours. */
  async advance(tx: Tx): Promise<void> {
    for (;;) {
      const rows = await entriesFrom(tx, { from: this.size, limit: PAGE })
      for (const row of rows) this.take(row)
      if (rows.length < PAGE) return
    }
  }

  take(row: EntryTable): void {
    if (row.seq !== this.size) throw new Tampered(`entry ${this.size} is missing from the log`)
    const entry = believedEntry(row, this.#macKey)
    const checked = checkEntry(this.#world, entry)
    if (!checked.ok) {
      const { law, problem } = checked.broken
      throw new Tampered(`entry ${row.seq} breaks law ${law}: ${problem}`)
    }
    this.#world = checked.world
    this.#range = appendLeaf(nodePrimitives, this.#range, row.leaf_hash)
    const id = parseChangeId(row.stream)
    if (id === null) return
    const openedSeq = this.#places.get(id)?.openedSeq ?? row.seq
    this.#places.set(id, { openedSeq, lastSeq: row.seq })
  }
}

/** Root of the first `size` entries, from what is stored; for a head that was passed long ago. */
export async function rootAt(tx: Tx, size: number): Promise<Uint8Array> {
  const rows = await tx
    .selectFrom('entry')
    .select('leaf_hash')
    .where('seq', '<', size)
    .orderBy('seq')
    .execute()
  if (rows.length < size) throw new Tampered(`the log has lost some of its first ${size} entries`)
  return treeRoot(
    nodePrimitives,
    rows.map((row) => row.leaf_hash),
  )
}
