/**
 * What must be true when an event of a change is written (laws.ts calls this per entry). Each
 * check names its law, so that a broken log says which promise was not kept.
 */
import { permits } from './access.ts'
import type { Change, ChangeEvent, Recorded } from './change.ts'
import { decisionProblem, PLAN_SECONDS_MAX } from './change-decide.ts'
import { GRANT_SECONDS_MAX, verifiedBy } from './change-start.ts'
import type { ChangeId } from './ids.ts'
import type { Instant } from './instant.ts'
import { dueAt, releaseOf } from './release.ts'
import { compareToPin } from './target.ts'
import { actorOf, type BrokenLaw, type World } from './world.ts'

export interface ChangeEntry {
  readonly id: ChangeId
  readonly before: Change | null
  readonly recorded: Recorded
}

export function changeProblem(world: World, entry: ChangeEntry): BrokenLaw | null {
  const { before, recorded } = entry
  const { event } = recorded
  if (event.type === 'change_opened') return openedProblem(world, event, recorded)
  if (before === null) return law('I8', 'it was never opened')
  switch (event.type) {
    case 'evaluated':
      return evaluatedProblem(world, event, recorded)
    case 'approved':
      return approvedProblem(world, before, entry)
    case 'released':
      return releasedProblem(world, before, entry)
    case 'execution_started':
      return startedProblem(world, before, entry)
    default:
      return closingProblem(world, before, entry)
  }
}

function law(number: string, problem: string): BrokenLaw {
  return { law: number, problem }
}

type Opened = Extract<ChangeEvent, { type: 'change_opened' }>

function openedProblem(world: World, event: Opened, recorded: Recorded): BrokenLaw | null {
  const workspace = world.access.workspaces.get(event.workspace)
  if (workspace === undefined) return law('L4', 'its workspace does not exist')
  if (!may(world, recorded, { action: 'open_change', workspace: event.workspace }))
    return law('L4', 'who opened it was not permitted to')
  if (event.bindsTarget !== (workspace.pin === null))
    return law('L4', 'it says wrongly whether it binds the workspace')
  if (event.expiresAt > recorded.at + PLAN_SECONDS_MAX * 1000)
    return law('I11', 'its plan would be good for more than a day')
  if (event.requester.kind === 'person' && !event.requester.excluded.some(isRequester(event)))
    return law('I2', 'its requester is not in the requester set')
  const pin = workspace.pin
  if (pin !== null && compareToPin({ ...pin, lineage: workspace.lineage }, event.target).length > 0)
    return law('L4', 'its target is not the one the workspace is pinned to')
  return null
}

function isRequester(event: Opened) {
  return (person: string) => person === event.requester.id
}

type Asked = Pick<Opened, 'workspace'> & {
  readonly action: 'open_change' | 'decide_change' | 'execute_change' | 'resolve_outcome'
}

function may(world: World, recorded: Recorded, asked: Asked): boolean {
  const actor = actorOf(world.access, recorded.actor)
  const on = { workspace: asked.workspace }
  return (
    actor !== null && permits(world.access, actor, { action: asked.action, on, now: recorded.at })
  )
}

type EvaluatedEvent = Extract<ChangeEvent, { type: 'evaluated' }>

function evaluatedProblem(
  world: World,
  event: EvaluatedEvent,
  recorded: Recorded,
): BrokenLaw | null {
  if (event.policyRevision !== (world.policy?.revision ?? 0))
    return law('I11', `it was evaluated under revision ${event.policyRevision}, not in force`)
  if (event.evaluatedAt > recorded.at) return law('I11', 'it was evaluated in the future')
  const slots = event.requirement?.slots ?? []
  if (event.verdict === 'hold' && slots.length === 0) return law('I13', 'it is held for nobody')
  if (event.verdict !== 'hold' && event.requirement !== null)
    return law('I13', 'it asks for people without being held')
  return null
}

function approvedProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { recorded } = entry
  if (recorded.event.type !== 'approved') return null
  const { event, actor } = { event: recorded.event, actor: recorded.actor }
  if (actor.kind !== 'person' || actor.id !== event.person)
    return law('I2', 'an approval was written by somebody else')
  if (!may(world, recorded, { action: 'decide_change', workspace: before.workspace }))
    return law('I2', 'who approved was not permitted to decide')
  const refusal = decisionProblem(before, event, { access: world.access })
  if (refusal === null) return null
  const number = refusal.code === 'other_fingerprint' ? 'I3' : 'I2'
  return law(number, `this approval does not count: ${refusal.code.replaceAll('_', ' ')}`)
}

function releasedProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { event, at } = entry.recorded
  if (event.type !== 'released') return null
  const lawful = releaseOf(before, { now: at, access: world.access })
  if (lawful === null) return law('I1', 'it was released without what the rules ask for')
  if (event.until > lawful.until || event.by !== lawful.by)
    return law('I11', 'it was released for longer than the rules allow')
  return null
}

function startedProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { event, at } = entry.recorded
  if (event.type !== 'execution_started') return null
  if (before.execution !== null) return law('I4', 'it was started before')
  if (at >= Math.min(before.releasedUntil ?? 0, before.expiresAt))
    return law('I11', 'it was started after its release had ended')
  if (JSON.stringify(event.binding) !== JSON.stringify(orderedBinding(before)))
    return law('I3', 'what was started is not what was approved')
  if (event.runnerKey !== before.runner.publicKey)
    return law('I1', 'it was started by another runner')
  if (event.verifiedBy !== verifiedBy(before)) return law('I1', 'it says wrongly who verified it')
  return underPolicy(world, before, entry) ?? exclusive(world, before, { at, until: event.until })
}

/** Entries are canonical, so their keys are sorted; so must be what they are held against. */
function orderedBinding(change: Change): Change['binding'] {
  const { artifact, fingerprint, inputs, plan, source } = change.binding
  return { artifact, fingerprint, inputs, plan, source }
}

function underPolicy(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { event, at } = entry.recorded
  if (event.type !== 'execution_started') return null
  if (!may(world, entry.recorded, { action: 'execute_change', workspace: before.workspace }))
    return law('I1', 'who started it was not permitted to')
  const revision = world.policy?.revision ?? 0
  if (event.policyRevision !== revision || before.evaluation?.policyRevision !== revision)
    return law('I11', 'it was started under a policy that was not in force')
  if (event.verdict !== before.evaluation.verdict || event.verdict === 'deny')
    return law('I1', 'it was started under another verdict')
  if (releaseOf(before, { now: at, access: world.access }) === null)
    return law('I1', 'an approval it rests on no longer counted')
  return null
}

function exclusive(world: World, before: Change, grant: Span): BrokenLaw | null {
  if (grant.until > grant.at + GRANT_SECONDS_MAX * 1000)
    return law('I5', 'its grant outlives the ceiling')
  return world.executing.has(before.workspace)
    ? law('I4', 'two changes execute in one workspace')
    : null
}

interface Span {
  readonly at: Instant
  readonly until: Instant
}

function closingProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { event, at, actor } = entry.recorded
  switch (event.type) {
    case 'rejected':
    case 'approval_taken_back':
      return actor.kind === 'person' && actor.id === event.person
        ? null
        : law('I2', 'a decision was written by somebody else')
    case 'returned_to_hold':
      return releaseOf(before, { now: at, access: world.access }) === null
        ? null
        : law('I1', 'it was held again though nothing is missing')
    case 'outcome_resolved':
      return resolvedProblem(world, before, event)
    case 'superseded':
      return world.changes.get(event.by)?.workspace === before.workspace
        ? null
        : law('L4', 'it was superseded by a change of another workspace')
    case 'expired':
      return at >= dueAt(before) ? null : law('I11', 'it expired before it was due')
    default:
      return null
  }
}

function resolvedProblem(
  world: World,
  before: Change,
  event: Extract<ChangeEvent, { type: 'outcome_resolved' }>,
): BrokenLaw | null {
  const owners = world.access.workspaces.get(before.workspace)?.owners ?? []
  if (!owners.includes(event.person)) return law('I2', 'who resolved it does not own the workspace')
  return before.requester.excluded.includes(event.person)
    ? law('I2', 'who resolved it stands behind the request')
    : null
}
