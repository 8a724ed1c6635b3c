/**
 * The laws, re-run over the log entry by entry: by the signer before it signs, and by whoever
 * verifies a bundle. It trusts no cached state and no actor's word: the world is folded from the
 * entries alone, and an entry that the gate could not lawfully have written breaks a law by number.
 */
import { type AccessAction, type AccessEvent, accessActionOf, permits } from './access.ts'
import { decideAccess } from './access-commands.ts'
import { evolveAccess } from './access-evolve.ts'
import { evolve } from './change-evolve.ts'
import type { Entry, LogEvent } from './entry.ts'
import { isAccessType } from './event-shape.ts'
import type { ChangeId } from './ids.ts'
import type { Instant } from './instant.ts'
import { changeProblem } from './laws-change.ts'
import type { ChangeEntry } from './laws-words.ts'
import { evolvePolicy, type PolicyEvent } from './policy-revision.ts'
import { actorOf, type BrokenLaw, settle, type World } from './world.ts'

export type LawAnswer =
  | { readonly ok: true; readonly world: World }
  | { readonly ok: false; readonly broken: BrokenLaw }

export function checkEntry(world: World, entry: Entry): LawAnswer {
  const order = orderProblem(world, entry)
  if (order !== null) return { ok: false, broken: order }
  const next = { ...world, size: world.size + 1, lastAt: entry.at }
  const { event } = entry
  switch (entry.stream) {
    case 'log':
      return event.type === 'log_started' && entry.actor.kind === 'system'
        ? { ok: true, world: startLog(world, next, { event, at: entry.at }) }
        : broken('L4', 'the log stream holds its start by the system and nothing else')
    case 'policy':
      return event.type === 'policy_pushed'
        ? checkPolicy(next, entry, event)
        : broken('L4', 'an event of another kind stands in the policy stream')
    case 'access':
      return isAccessEvent(event)
        ? checkAccess(next, entry, event)
        : broken('L4', 'an event of another kind stands in the access stream')
    default:
      return checkChange(next, entry, entry.stream)
  }
}

function broken(law: string, problem: string): LawAnswer {
  return { ok: false, broken: { law, problem } }
}

function orderProblem(world: World, entry: Entry): BrokenLaw | null {
  if (entry.seq !== world.size)
    return { law: 'L1', problem: `it is numbered ${entry.seq} where ${world.size} follows` }
  if (entry.at < world.lastAt) return { law: 'L2', problem: 'its time is before the last entry' }
  return startProblem(world, entry.event)
}

/** A log starts with its first entry; a later start continues, under a new name, after a loss. */
function startProblem(world: World, event: Entry['event']): BrokenLaw | null {
  if (event.type !== 'log_started')
    return world.size > 0 ? null : { law: 'L3', problem: 'a log starts with its own first entry' }
  if (world.started === null) return null
  const { origin, mode } = world.started
  return event.previous?.origin === origin && event.origin !== origin && event.mode === mode
    ? null
    : { law: 'L3', problem: 'a log that was started starts again only after a loss, renamed' }
}

function startLog(
  world: World,
  next: World,
  start: { readonly event: LogEvent; readonly at: Instant },
): World {
  const restartedAt = world.size > 0 ? start.at : null
  return { ...next, started: start.event, restartedAt }
}

export function isAccessEvent(event: Entry['event']): event is AccessEvent {
  return isAccessType(event.type)
}

function checkPolicy(world: World, entry: Entry, event: PolicyEvent): LawAnswer {
  if (!mayDo(world, entry, 'change_policy'))
    return broken('L4', 'who pushed the policy was not permitted to')
  const current = world.policy?.revision ?? 0
  const base = world.policy ?? { revision: 0, document: event.document }
  const policy = evolvePolicy(base, event)
  return policy === null
    ? broken('L4', `policy revision ${event.revision} does not follow ${current}`)
    : { ok: true, world: { ...world, policy } }
}

function checkAccess(world: World, entry: Entry, event: AccessEvent): LawAnswer {
  const actor = actorOf(world.access, entry.actor)
  const action = actor === null ? null : accessActionOf(world.access, event, actor)
  if (actor === null || action === null || !mayDo(world, entry, action))
    return broken('L4', 'who changed access was not permitted to')
  const command = { type: 'change_access', event } as const
  const answer = decideAccess(world.access, command, { now: entry.at, actor })
  if (!answer.ok || answer.events.length === 0)
    return broken('L4', `this ${event.type.replaceAll('_', ' ')} could not have been recorded`)
  return { ok: true, world: { ...world, access: evolveAccess(world.access, event, entry.at) } }
}

function mayDo(world: World, entry: Entry, action: AccessAction): boolean {
  const actor = actorOf(world.access, entry.actor)
  const ask = { action, on: 'installation', now: entry.at } as const
  return actor !== null && permits(world.access, actor, ask)
}

function checkChange(world: World, entry: Entry, id: ChangeId): LawAnswer {
  const { event } = entry
  if (event.type === 'policy_pushed' || event.type === 'log_started' || isAccessEvent(event))
    return broken('L4', 'an event of another kind stands in a change’s stream')
  const before = world.changes.get(id) ?? null
  if (event.type === 'execution_started' && before !== null && before.execution !== null)
    return broken('I4', 'it was started before')
  const recorded = { event, at: entry.at, actor: entry.actor }
  const after = evolve(before, recorded)
  if (after === null || after.changeId !== id) {
    const status = before?.status ?? 'not there'
    return broken('I8', `${event.type} cannot follow a change that is ${status}`)
  }
  const ask: ChangeEntry = { id, before, recorded }
  const problem = changeProblem(world, ask)
  if (problem !== null) return { ok: false, broken: problem }
  return { ok: true, world: settle(world, after) }
}
