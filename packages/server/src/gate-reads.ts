/**
 * Looking at changes: found by their rows, and each folded from its entries, so that whoever could
 * edit a row shows nobody another change than the log has. Nothing is written here.
 */
import type { Change, ChangeId } from '@holdpoint/core'
import type { Histories, History } from './gate-histories.ts'
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
function isSeen(change: Change, filter: ChangeFilter): boolean {
  const { sight, statuses, glass, requesters } = filter
  const isInSight = sight === 'all' || sight.includes(change.workspace)
  const isBroken = change.glass !== null
  const isGlass =
    glass === null || (isBroken && (glass === 'broken' || change.glass?.review === null))
  const isThis = filter.artifact === null || filter.artifact === change.binding.artifact
  const isFrom = requesters === null || requesters.includes(change.requester.id)
  const isAsked = isGlass && isThis && isFrom
  return isInSight && isAsked && (statuses === null || statuses.includes(change.status))
}

/** In the order of `ids`; those without entries are left out. */
async function readRecords(
  tx: Tx,
  ids: readonly ChangeId[],
  histories: Histories,
): Promise<readonly ChangeRecord[]> {
  if (ids.length === 0) return []
  // Held here until it is answered: what is kept may be forgotten while this reads.
  const found = new Map<ChangeId, History>()
  const stale: ChangeId[] = []
  const newest = await newestOfStreams(tx, ids)
  for (const id of ids) {
    const seq = newest.get(id)
    const kept = seq === undefined ? null : histories.get(id)
    if (kept !== null && kept.held.lastSeq >= (seq ?? 0)) found.set(id, kept)
    else if (seq !== undefined) stale.push(id)
  }
  for (const [id, history] of await readAgain(tx, stale, histories)) found.set(id, history)
  return ids.flatMap((id) => {
    const held = found.get(id)?.held
    if (held === undefined || held.change === null) return []
    return [{ change: held.change, openedSeq: held.openedSeq, lastSeq: held.lastSeq }]
  })
}

async function readAgain(
  tx: Tx,
  ids: readonly ChangeId[],
  histories: Histories,
): Promise<ReadonlyMap<ChangeId, History>> {
  const found = new Map<ChangeId, History>()
  if (ids.length === 0) return found
  const byId = new Map<string, EntryTable[]>(ids.map((id) => [id, []]))
  const everything = { after: -1, before: Number.MAX_SAFE_INTEGER }
  for (const row of await entriesOfStreams(tx, ids, everything)) byId.get(row.stream)?.push(row)
  for (const id of ids) {
    const history = histories.fold(id, byId.get(id) ?? [])
    histories.keep(id, history)
    found.set(id, history)
  }
  return found
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
