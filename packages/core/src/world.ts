/**
 * The world as a log's entries tell it: what the laws are checked against. Folded from entries
 * alone. `changes`, `executing` and `glass` grow in place, because copying a map per entry would make a
 * million entries quadratic: a world belongs to the one fold that made it.
 */
import { type Access, NO_ACCESS } from './access.ts'
import { type Actor, type ActorRef, SYSTEM } from './actor.ts'
import type { Change } from './change.ts'
import type { LogEvent } from './entry.ts'
import { type ChangeId, parsePersonId, parseTokenId, type WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { PolicyRevision } from './policy-revision.ts'

export interface World {
  readonly size: number
  readonly lastAt: Instant
  readonly started: LogEvent | null
  /** When a log that lost entries was begun anew: what was open then has ended. */
  readonly restartedAt: Instant | null
  readonly access: Access
  /** `null` while the built-in policy, revision 0, is in force. */
  readonly policy: PolicyRevision | null
  readonly changes: Map<ChangeId, Change>
  readonly executing: Map<WorkspaceId, ChangeId>
  /** Of these, the changes whose glass was broken. */
  readonly glass: Map<ChangeId, Change>
}

/** Before the first entry. */
export function startWorld(): World {
  return {
    size: 0,
    lastAt: 0,
    started: null,
    restartedAt: null,
    access: NO_ACCESS,
    policy: null,
    changes: new Map(),
    executing: new Map(),
    glass: new Map(),
  }
}

/** Puts a change's new state into the world; the only place that changes its maps. */
export function settle(world: World, change: Change): World {
  world.changes.set(change.changeId, change)
  if (change.glass !== null) world.glass.set(change.changeId, change)
  if (change.status === 'executing') world.executing.set(change.workspace, change.changeId)
  else if (world.executing.get(change.workspace) === change.changeId)
    world.executing.delete(change.workspace)
  return world
}

export interface BrokenLaw {
  /** Law number (ARCHITECTURE.md, I1…I14), or `L1`–`L4` for the log's own: order, time, start, shape. */
  readonly law: string
  readonly problem: string
}

/** The actor that an entry names, as the access of that moment knows them. */
export function actorOf(access: Access, ref: ActorRef): Actor | null {
  if (ref.kind === 'system') return ref.id === null ? SYSTEM : null
  if (ref.id === null) return null
  if (ref.kind === 'person') {
    const id = parsePersonId(ref.id)
    return id === null ? null : { kind: 'person', id, assurance: 'development' }
  }
  const id = parseTokenId(ref.id)
  const token = id === null ? undefined : access.tokens.get(id)
  if (token === undefined || (token.purpose === 'admin') !== (ref.kind === 'admin_token'))
    return null
  return ref.kind === 'admin_token'
    ? { kind: 'admin_token', id: token.id }
    : { kind: 'token', id: token.id, verbs: token.verbs, workspaces: token.workspaces }
}
