/**
 * What a batch decides on: changes folded from what is stored, or as this process left them where
 * that is enough. Read under the head's lock, and never written here.
 */
import {
  type ChangeCommand,
  type ChangeId,
  type GlassFacts,
  glassFacts,
  type Instant,
  NO_GLASS,
  type WorkspaceId,
} from '@holdpoint/core'
import { requireEqual } from './gate-changes.ts'
import type { Neighbours } from './gate-context.ts'
import type { Histories, History } from './gate-histories.ts'
import type { GateCommand } from './ports.ts'
import { type LockedHead, storedChanges } from './store/entries.ts'
import { brokenGlass } from './store/glass.ts'
import type { Tx } from './store/tables.ts'

export type ChangeSent = Extract<GateCommand, { on: 'change' }>

/** True while the log is as long as it was left: then nobody else has written since. */
export interface Desk {
  readonly size: number
  readonly neighbours: Neighbours
  /**
   * As the commits of this desk left them. What was read before it began, or beside it, is not in
   * here: somebody else may have written to that before.
   */
  readonly written: Map<ChangeId, History>
}

const WRITTEN_MAX = 500

/** Takes note of what a batch wrote; a desk whose batch fails is cleared away with it. */
export function remember(
  written: Map<ChangeId, History>,
  touched: ReadonlyMap<ChangeId, History>,
): void {
  for (const [id, history] of touched) {
    written.delete(id)
    written.set(id, history)
  }
  for (const id of written.keys()) {
    if (written.size <= WRITTEN_MAX) return
    written.delete(id)
  }
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
 * Folds from what is stored every change that a command could release or start, every one that
 * this desk has not written itself, and those whose broken glass counts for who breaks more.
 */
export async function loadChanges(
  tx: Tx,
  { commands, head, desk }: Loading,
  histories: Histories,
): Promise<Map<ChangeId, History>> {
  const changes = new Map<ChangeId, History>()
  const asksGlass = commands.some(({ command }) => command.type === 'break_glass')
  const asked = new Set<ChangeId>(asksGlass ? await brokenGlass(tx, head.now) : [])
  for (const { change, command } of commands) {
    const known = desk?.written.get(change)
    if (known !== undefined && FREES_NOTHING.has(command.type)) changes.set(change, known)
    else asked.add(change)
  }
  if (asked.size === 0) return changes
  const stored = await storedChanges(tx, [...asked], head.size)
  for (const id of asked) {
    const { entries, row } = stored.get(id) ?? NOTHING_STORED
    const history = histories.foldAll(id, entries)
    requireEqual(id, history.held, row)
    changes.set(id, history)
  }
  return changes
}

/** Of what was loaded, and of what the batch has done since. */
export function glassOf(
  changes: ReadonlyMap<ChangeId, History>,
  asked: {
    readonly command: ChangeCommand
    readonly workspace: WorkspaceId
    readonly now: Instant
  },
): GlassFacts {
  const { command, workspace, now } = asked
  if (command.type !== 'break_glass') return NO_GLASS
  const all = [...changes.values()].flatMap(({ held }) => held.change ?? [])
  return glassFacts(all, { person: command.person, workspace, now })
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
