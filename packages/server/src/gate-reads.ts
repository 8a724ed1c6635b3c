/**
 * Looking at changes: found by their rows, and each folded from its entries, so that whoever could
 * edit a row shows nobody another change than the log has. Nothing is written here.
 */
import type { Change, ChangeId } from '@holdpoint/core'
import type { Histories } from './gate-histories.ts'
import { Fault } from './io/fault.ts'
import { Tampered } from './log/stored-entry.ts'
import type { ChangeReader, ChangeRecord, HeadWatch } from './ports.ts'
import type { Database } from './store/db.ts'
import { entriesOfStreams, newestOfStreams } from './store/entries.ts'
import type { EntryTable, Tx } from './store/tables.ts'
import { type ChangeFilter, changeIds, newestOfArtifact } from './views-queries.ts'

export interface ReadSources {
  readonly database: Database
  readonly histories: Histories
  readonly watch: HeadWatch
}

export function createChangeReader({ database, histories, watch }: ReadSources): ChangeReader {
  const { kysely } = database
  const read = async (ids: readonly ChangeId[]): Promise<readonly ChangeRecord[]> =>
    await believing(watch, async () => await readRecords(kysely, ids, histories))
  return {
    change: async (id) => (await read([id]))[0] ?? null,
    changes: async (filter) => {
      const records = await read(await changeIds(kysely, filter))
      return records.filter(({ change }) => isSeen(change, filter))
    },
    changeOfArtifact: async (artifact) => {
      const id = await newestOfArtifact(kysely, artifact)
      return id === null ? null : ((await read([id]))[0] ?? null)
    },
  }
}

/** Asked of the change itself again: a row only says where to look. */
function isSeen(change: Change, { sight, statuses }: ChangeFilter): boolean {
  const isInSight = sight === 'all' || sight.includes(change.workspace)
  return isInSight && (statuses === null || statuses.includes(change.status))
}

/** In the order of `ids`; those without entries are left out. */
async function readRecords(
  tx: Tx,
  ids: readonly ChangeId[],
  histories: Histories,
): Promise<readonly ChangeRecord[]> {
  if (ids.length === 0) return []
  const newest = await newestOfStreams(tx, ids)
  const stale = ids.filter((id) => {
    const seq = newest.get(id)
    return seq !== undefined && (histories.get(id)?.held.lastSeq ?? -1) < seq
  })
  await readAgain(tx, stale, histories)
  return ids.flatMap((id) => {
    const held = newest.has(id) ? histories.get(id)?.held : undefined
    if (held === undefined || held.change === null) return []
    return [{ change: held.change, openedSeq: held.openedSeq, lastSeq: held.lastSeq }]
  })
}

async function readAgain(tx: Tx, ids: readonly ChangeId[], histories: Histories): Promise<void> {
  if (ids.length === 0) return
  const byId = new Map<string, EntryTable[]>(ids.map((id) => [id, []]))
  const everything = { after: -1, before: Number.MAX_SAFE_INTEGER }
  for (const row of await entriesOfStreams(tx, ids, everything)) byId.get(row.stream)?.push(row)
  for (const id of ids) histories.keep(id, histories.fold(id, byId.get(id) ?? []))
}

/** What is not as it was recorded stops everything, whoever came upon it. */
export async function believing<T>(watch: HeadWatch, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (!(cause instanceof Tampered)) throw cause
    watch.alarm(cause.message)
    throw new Fault('reads_only', 'what is stored is not what was recorded', { cause })
  }
}
