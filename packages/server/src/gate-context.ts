/**
 * What a command has to know of other changes: which one executes in a workspace, and how many its
 * requester has open there. Read under the head's lock, then kept right with every command; it is
 * true for as long as nobody else has written since.
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

interface Workspace {
  executing: ChangeId | null
  readonly openCounts: Map<string, number>
}

export class Neighbours {
  readonly #workspaces = new Map<WorkspaceId, Workspace>()

  /** Reads the workspaces that are not known yet. */
  async load(tx: Tx, asked: readonly WorkspaceId[]): Promise<void> {
    const missing = [...new Set(asked)].filter((each) => !this.#workspaces.has(each))
    if (missing.length === 0) return
    const counts = await readOpen(tx, missing)
    const executing = await readExecuting(tx, missing)
    for (const id of missing) this.#workspaces.set(id, { executing: null, openCounts: new Map() })
    for (const { workspace, id } of executing) {
      const known = this.#workspaces.get(workspace)
      if (known !== undefined) known.executing = id
    }
    for (const { workspace, requester_id, count } of counts)
      this.#workspaces.get(workspace)?.openCounts.set(requester_id, count)
  }

  executing(workspace: WorkspaceId): ChangeId | null {
    return this.#workspaces.get(workspace)?.executing ?? null
  }

  openCount(workspace: WorkspaceId, requester: PersonId | TokenId): number {
    return this.#workspaces.get(workspace)?.openCounts.get(requester) ?? 0
  }

  /** Takes note of what a command did; a workspace that is read later is read as it then is. */
  moved(before: Change | null, after: Change): void {
    const known = this.#workspaces.get(after.workspace)
    if (known === undefined) return
    if (before !== null && isOpen(before.status)) count(known, before, -1)
    if (isOpen(after.status)) count(known, after, 1)
    if (after.status === 'executing') known.executing = after.changeId
    else if (before?.status === 'executing') known.executing = null
  }
}

function count({ openCounts }: Workspace, { requester }: Change, by: number): void {
  const now = (openCounts.get(requester.id) ?? 0) + by
  if (now === 0) openCounts.delete(requester.id)
  else openCounts.set(requester.id, now)
}

interface ExecutingRow {
  readonly id: ChangeId
  readonly workspace: WorkspaceId
}

async function readExecuting(tx: Tx, workspaces: readonly WorkspaceId[]) {
  const { rows } = await sql<ExecutingRow>`
    select id, workspace from change
    where workspace = any(${[...workspaces]}::text[]) and not ended and status = 'executing'`.execute(
    tx,
  )
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
      and not ended and status in ('evaluating', 'held', 'released')
    group by workspace, requester_id`.execute(tx)
  return rows
}
