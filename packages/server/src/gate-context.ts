/**
 * What a command has to know of other changes: which one executes in a workspace, and how many its
 * requester has open there. Read once per batch under the head's lock and then kept right within it.
 */
import {
  type Change,
  type ChangeId,
  isOpen,
  type PersonId,
  type TokenId,
  type WorkspaceId,
} from '@holdpoint/core'
import { sql } from 'kysely'
import type { Tx } from './store/tables.ts'

export interface Neighbours {
  readonly executing: (workspace: WorkspaceId) => ChangeId | null
  readonly openCount: (workspace: WorkspaceId, requester: PersonId | TokenId) => number
  /** Takes note of what a command did. */
  readonly moved: (before: Change | null, after: Change) => void
}

export async function loadNeighbours(
  tx: Tx,
  workspaces: readonly WorkspaceId[],
): Promise<Neighbours> {
  const executing = new Map<WorkspaceId, ChangeId>()
  const openCounts = new Map<string, number>()
  if (workspaces.length > 0) {
    for (const row of await readExecuting(tx, workspaces)) executing.set(row.workspace, row.id)
    for (const row of await readOpen(tx, workspaces))
      openCounts.set(`${row.workspace} ${row.requester_id}`, row.count)
  }
  const count = (change: Change, by: number): void => {
    const key = `${change.workspace} ${change.requester.id}`
    openCounts.set(key, (openCounts.get(key) ?? 0) + by)
  }
  return {
    executing: (workspace) => executing.get(workspace) ?? null,
    openCount: (workspace, requester) => openCounts.get(`${workspace} ${requester}`) ?? 0,
    moved: (before, after) => {
      if (before !== null && isOpen(before.status)) count(before, -1)
      if (isOpen(after.status)) count(after, 1)
      if (after.status === 'executing') executing.set(after.workspace, after.changeId)
      else if (before?.status === 'executing') executing.delete(after.workspace)
    },
  }
}

interface ExecutingRow {
  readonly id: ChangeId
  readonly workspace: WorkspaceId
}

async function readExecuting(tx: Tx, workspaces: readonly WorkspaceId[]) {
  const { rows } = await sql<ExecutingRow>`
    select id, workspace from change
    where workspace = any(${[...workspaces]}::text[]) and status = 'executing'`.execute(tx)
  return rows
}

interface OpenRow {
  readonly workspace: WorkspaceId
  readonly requester_id: string
  readonly count: number
}

async function readOpen(tx: Tx, workspaces: readonly WorkspaceId[]) {
  const { rows } = await sql<OpenRow>`
    select workspace, requester_id, count(*)::int as count from change
    where workspace = any(${[...workspaces]}::text[])
      and status in ('evaluating', 'held', 'released')
    group by workspace, requester_id`.execute(tx)
  return rows
}
