/**
 * What recovery does to the tables: takes entries away that are not ours, puts entries in, and
 * rebuilds everything that is only a cache of the log. Nothing else may do any of it.
 */
import { sql } from 'kysely'
import { rowOf } from '../gate-changes.ts'
import { Bug } from '../io/fault.ts'
import { append, entriesFrom, type Head } from '../store/entries.ts'
import { endEverySession } from '../store/sessions.ts'
import type { EntryTable, Tx } from '../store/tables.ts'
import type { LogFold } from './fold.ts'

const PAGE = 500

/** Keeps rows elsewhere before they go: they are evidence of who wrote them. */
export type Keep = (removed: readonly EntryTable[]) => Promise<void>

/** Takes out every entry from `seq` on, and gives what was taken. */
export async function takeOutFrom(tx: Tx, seq: number, keep: Keep): Promise<readonly EntryTable[]> {
  const removed = await entriesFrom(tx, { from: seq, limit: Number.MAX_SAFE_INTEGER })
  if (removed.length === 0) return removed
  await keep(removed)
  await removeEntriesFrom(tx, seq)
  return removed
}

/** Needs to own the table: the append-only trigger is off for this one statement. */
export async function removeEntriesFrom(tx: Tx, seq: number): Promise<void> {
  await sql`alter table entry disable trigger entry_append_only`.execute(tx)
  await tx.deleteFrom('entry').where('seq', '>=', seq).execute()
  await sql`alter table entry enable trigger entry_append_only`.execute(tx)
}

/** Puts entries in, makes the head and every row of a change what `fold` says, and forgets the rest. */
export async function rebuild(
  tx: Tx,
  entries: readonly EntryTable[],
  fold: LogFold,
): Promise<void> {
  const head = await headOf(tx, entries, fold)
  for (let from = 0; from < entries.length; from += PAGE)
    await append(tx, { entries: entries.slice(from, from + PAGE), changes: [], head })
  await tx.deleteFrom('change').execute()
  const ids = [...fold.world.changes.keys()]
  for (let from = 0; from === 0 || from < ids.length; from += PAGE) {
    const rows = ids.slice(from, from + PAGE).map((id) => {
      const held = fold.held(id)
      const row = held === null ? null : rowOf(held)
      if (row === null) throw new Bug(`change ${id} has no fold`)
      return row
    })
    await append(tx, { entries: [], changes: rows, head })
  }
  await tx.deleteFrom('reservation').execute()
  await endEverySession(tx)
}

async function headOf(tx: Tx, added: readonly EntryTable[], fold: LogFold): Promise<Head> {
  const { world } = fold
  const stored = await tx
    .selectFrom('entry')
    .select((build) => build.fn.max('seq').as('seq'))
    .where('stream', '=', 'access')
    .executeTakeFirst()
  const newest = added.findLast((row) => row.stream === 'access')
  return {
    size: world.size,
    lastAt: world.lastAt,
    accessSeq: newest?.seq ?? stored?.seq ?? -1,
    policyRevision: world.policy?.revision ?? 0,
    policyDocument: world.policy?.document ?? null,
  }
}
