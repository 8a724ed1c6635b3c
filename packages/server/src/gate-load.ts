/**
 * What a batch decides on: changes folded from what is stored, or as this process left them where
 * that is enough. Read under the head's lock, and never written here.
 */
import type { ChangeCommand, ChangeId, WorkspaceId } from '@holdpoint/core'
import { requireEqual } from './gate-changes.ts'
import type { Neighbours } from './gate-context.ts'
import type { Histories, History } from './gate-histories.ts'
import type { GateCommand } from './ports.ts'
import { type LockedHead, storedChanges } from './store/entries.ts'
import type { Tx } from './store/tables.ts'

export type ChangeSent = Extract<GateCommand, { on: 'change' }>

/** True while the log is as long as it was left: then nobody else has written since. */
export interface Desk {
  readonly size: number
  readonly neighbours: Neighbours
}

/** Nothing goes on by these, so that what this process itself wrote last is enough to decide on. */
const FREES_NOTHING: ReadonlySet<ChangeCommand['type']> = new Set([
  'reject',
  'take_back',
  'withdraw',
  'refuse_start',
  'finish',
  'lose',
  'resolve_outcome',
  'supersede',
  'expire',
])

const NOTHING_STORED = { entries: [], row: null }

export interface Loading {
  readonly commands: readonly ChangeSent[]
  readonly head: LockedHead
  readonly desk: Desk | null
}

/**
 * Folds from what is stored every change that a command could release or start, and every one that
 * this process does not know or that another may have written to.
 */
export async function loadChanges(
  tx: Tx,
  { commands, head, desk }: Loading,
  histories: Histories,
): Promise<Map<ChangeId, History>> {
  const changes = new Map<ChangeId, History>()
  const asked = new Set<ChangeId>()
  for (const { change, command } of commands) {
    const known = desk === null ? null : histories.get(change)
    if (known !== null && FREES_NOTHING.has(command.type)) changes.set(change, known)
    else asked.add(change)
  }
  if (asked.size === 0) return changes
  const stored = await storedChanges(tx, [...asked], head.size)
  for (const id of asked) {
    const { entries, row } = stored.get(id) ?? NOTHING_STORED
    const history = histories.fold(id, entries)
    requireEqual(id, history.held, row)
    changes.set(id, history)
  }
  return changes
}

/** Only these two ask for their neighbours; `moved` of the others needs no count to start from. */
export function workspacesAsking(
  commands: readonly ChangeSent[],
  changes: ReadonlyMap<ChangeId, History>,
): readonly WorkspaceId[] {
  const workspaces = commands.flatMap(({ command, change }): readonly WorkspaceId[] => {
    if (command.type === 'open') return [command.opened.workspace]
    const workspace = changes.get(change)?.held.change?.workspace
    return command.type === 'start' && workspace !== undefined ? [workspace] : []
  })
  return [...new Set(workspaces)]
}
