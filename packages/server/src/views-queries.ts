/**
 * What the views read: where changes are found, and rows of the log. Never written here; what a
 * change is, the gate folds from its entries (I6).
 */
import {
  type Change,
  type ChangeId,
  type Digest,
  type Instant,
  isTerminal,
  type Status,
  type WorkspaceId,
} from '@holdpoint/core'
import { sql } from 'kysely'
import type { Tx } from './store/tables.ts'

/** Workspaces whose changes may be seen. */
export type Sight = 'all' | readonly WorkspaceId[]

export interface ArtifactPlace {
  readonly workspace: WorkspaceId
  /** SHA-256 of the plan file. */
  readonly digest: Digest
}

export async function newestOfArtifact(tx: Tx, artifact: ArtifactPlace): Promise<ChangeId | null> {
  const row = await tx
    .selectFrom('change')
    .select('id')
    .where('workspace', '=', artifact.workspace)
    .where('artifact', '=', artifact.digest)
    .orderBy('opened_seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

export interface ChangeFilter {
  readonly sight: Sight
  readonly statuses: readonly Status[] | null
  /** Where the glass was broken; `owed`: and nobody has reviewed it. */
  readonly glass: 'broken' | 'owed' | null
  /** Entries before this one; `null` for the newest. */
  readonly openedBefore: number | null
  /** Opened by this entry or a later one; `null` from the first. */
  readonly openedFrom: number | null
  /** Changes that moved after this entry. */
  readonly movedAfter: number | null
  /** Changes that were given a credential by this entry or a later one. */
  readonly issuedFrom: number | null
  /** Ids of people and tokens that asked. */
  readonly requesters: readonly string[] | null
  /** SHA-256 of what they would execute; quick only together with workspaces. */
  readonly artifact: Digest | null
  readonly limit: number
}

export const EVERY_CHANGE: ChangeFilter = {
  sight: 'all',
  statuses: null,
  glass: null,
  openedBefore: null,
  openedFrom: null,
  movedAfter: null,
  issuedFrom: null,
  requesters: null,
  artifact: null,
  limit: 200,
}

/** Newest first. */
export async function changeIds(tx: Tx, filter: ChangeFilter): Promise<readonly ChangeId[]> {
  const { sight, statuses, openedBefore, openedFrom, movedAfter, requesters } = filter
  if ((sight !== 'all' && sight.length === 0) || requesters?.length === 0) return []
  let query = tx.selectFrom('change').select('id')
  if (sight !== 'all') query = query.where('workspace', 'in', [...sight])
  if (statuses !== null) query = query.where('status', 'in', [...statuses])
  // Says to the index what the statuses say already.
  if (statuses !== null && !statuses.some(isTerminal)) query = query.where('ended', '=', false)
  if (openedBefore !== null) query = query.where('opened_seq', '<', openedBefore)
  if (openedFrom !== null) query = query.where('opened_seq', '>=', openedFrom)
  if (movedAfter !== null) query = query.where('last_seq', '>', movedAfter)
  if (filter.issuedFrom !== null) query = query.where(wasIssued(filter.issuedFrom))
  if (filter.artifact !== null) query = query.where('artifact', '=', filter.artifact)
  if (filter.glass !== null) query = query.where(hasEntry('glass_broken'))
  if (filter.glass === 'owed') query = query.where(sql<boolean>`not ${hasEntry('glass_reviewed')}`)
  if (requesters !== null) query = query.where('requester_id', 'in', [...requesters])
  const rows = await query.orderBy('opened_seq', 'desc').limit(filter.limit).execute()
  return rows.map(({ id }) => id)
}

function hasEntry(type: 'glass_broken' | 'glass_reviewed') {
  return sql<boolean>`exists (
    select 1 from entry where entry.stream = change.id and entry.type = ${sql.lit(type)})`
}

/** Found from the end of the log, so that what happened long ago costs nothing. */
function wasIssued(from: number) {
  return sql<boolean>`change.id in (
    select stream from entry where seq >= ${from} and type = 'credentials_issued')`
}

/** The first entry at this time or later: entries are in the order of their times. */
export async function firstEntryAt(tx: Tx, at: Instant): Promise<number> {
  let low = 0
  let high = await logSize(tx)
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await tx
      .selectFrom('entry')
      .select('at')
      .where('seq', '=', middle)
      .executeTakeFirst()
    if (row !== undefined && row.at < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Open changes per workspace; a place to look, and a number for people. */
export async function openPerWorkspace(tx: Tx): Promise<ReadonlyMap<WorkspaceId, number>> {
  const rows = await tx
    .selectFrom('change')
    .select(['workspace', sql<number>`count(*)::int`.as('count')])
    .where('ended', '=', false)
    .groupBy('workspace')
    .execute()
  return new Map(rows.map((row) => [row.workspace, row.count]))
}

/** The newest change of each workspace. */
export async function newestPerWorkspace(tx: Tx): Promise<ReadonlyMap<WorkspaceId, ChangeId>> {
  const rows = await tx
    .selectFrom('change')
    .select(['workspace', 'id'])
    .distinctOn('workspace')
    .orderBy('workspace')
    .orderBy('opened_seq', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.workspace, row.id]))
}

export async function countChanges(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom('change')
    .select(['status', sql<number>`count(*)::int`.as('count')])
    .groupBy('status')
    .execute()
  return new Map(rows.map((row) => [row.status, row.count]))
}

export async function logSize(tx: Tx): Promise<number> {
  const row = await tx.selectFrom('head').select('size').executeTakeFirst()
  return row?.size ?? 0
}

export interface LeafRow {
  readonly seq: number
  readonly data: Uint8Array
  readonly leafHash: Uint8Array
}

/** Leaves of a half-open range, in order. */
export async function leavesBetween(
  tx: Tx,
  range: { readonly start: number; readonly end: number },
): Promise<readonly LeafRow[]> {
  const rows = await tx
    .selectFrom('entry')
    .select(['seq', 'data', 'leaf_hash'])
    .where('seq', '>=', range.start)
    .where('seq', '<', range.end)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({ seq: row.seq, data: row.data, leafHash: row.leaf_hash }))
}

export async function leafHashesBetween(
  tx: Tx,
  range: { readonly start: number; readonly end: number },
): Promise<readonly Uint8Array[]> {
  const rows = await tx
    .selectFrom('entry')
    .select('leaf_hash')
    .where('seq', '>=', range.start)
    .where('seq', '<', range.end)
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.leaf_hash)
}

/** The history of one change as leaves. */
export async function leavesOfStream(tx: Tx, stream: string): Promise<readonly LeafRow[]> {
  const rows = await tx
    .selectFrom('entry')
    .select(['seq', 'data', 'leaf_hash'])
    .where('stream', '=', stream)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({ seq: row.seq, data: row.data, leafHash: row.leaf_hash }))
}

/** The newest signed checkpoint. */
export async function newestCheckpoint(
  tx: Tx,
): Promise<{ readonly size: number; readonly note: string } | null> {
  const row = await tx
    .selectFrom('checkpoint')
    .select(['size', 'note'])
    .orderBy('at', 'desc')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** When the runner of a change was last heard; `null` before its first beat. */
export async function findHeartbeat(
  tx: Tx,
  change: ChangeId,
): Promise<{ readonly beat: number; readonly at: number } | null> {
  const row = await tx
    .selectFrom('heartbeat')
    .select(['beat', 'at'])
    .where('change', '=', change)
    .executeTakeFirst()
  return row ?? null
}

/** Whether anything was ever executed in the workspace to its end. */
export async function hasApplied(tx: Tx, workspace: WorkspaceId): Promise<boolean> {
  const row = await tx
    .selectFrom('change')
    .select('id')
    .where('workspace', '=', workspace)
    .where('status', 'in', ['applied', 'failed', 'outcome_unknown'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Another change of the same workspace whose outcome nobody has resolved yet. */
export async function unresolvedIn(tx: Tx, change: Change): Promise<ChangeId | null> {
  const row = await tx
    .selectFrom('change')
    .select('id')
    .where('workspace', '=', change.workspace)
    .where('ended', '=', false)
    .where('status', '=', 'outcome_unknown')
    .where('id', '!=', change.changeId)
    .orderBy('opened_seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** The workspace a change id was reserved for; whose it is, is asked of the store again. */
export async function findReservation(tx: Tx, change: ChangeId): Promise<WorkspaceId | null> {
  const row = await tx
    .selectFrom('reservation')
    .select('workspace')
    .where('change', '=', change)
    .executeTakeFirst()
  return row?.workspace ?? null
}
