/**
 * What must be true when an event of a change is written (laws.ts calls this per entry). Each
 * check names its law, so that a broken log says which promise was not kept.
 */
import type { AccessAction } from './access.ts'
import type { Change, ChangeEvent, Recorded } from './change.ts'
import { PLAN_SECONDS_MAX, requesterProblem } from './change-decide.ts'
import { bindingDifferences, GRANT_SECONDS_MAX, verifiedBy } from './change-start.ts'
import { decisionProblem } from './decision-problem.ts'
import { bindingProblem, requirementProblem } from './evaluation-problem.ts'
import type { Instant } from './instant.ts'
import { laterProblem, toldProblem } from './laws-later.ts'
import { type ChangeEntry, law, may } from './laws-words.ts'
import { dueAt, releaseOf } from './release.ts'
import { compareToPin } from './target.ts'
import type { BrokenLaw, World } from './world.ts'

export function changeProblem(world: World, entry: ChangeEntry): BrokenLaw | null {
  const { before, recorded } = entry
  const { event } = recorded
  if (event.type === 'change_opened') return openedProblem(world, event, recorded)
  if (before === null) return law('I8', 'it was never opened')
  switch (event.type) {
    case 'evaluated':
      return evaluatedProblem(world, before, entry)
    case 'approved':
      return approvedProblem(world, before, entry)
    case 'released':
      return releasedProblem(world, before, entry)
    case 'execution_started':
      return startedProblem(world, before, entry)
    default:
      return laterProblem(world, before, entry)
  }
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
  const requester = requesterProblem(event.requester, recorded.actor, world.access)
  if (requester !== null) return law('I2', requester)
  return isElsewhere(world, event)
    ? law('L4', 'its target is not the one the workspace is pinned to')
    : null
}

function isElsewhere(world: World, acts: Pick<Opened, 'workspace' | 'target'>): boolean {
  const workspace = world.access.workspaces.get(acts.workspace)
  if (workspace === undefined || workspace.pin === null) return false
  return compareToPin({ ...workspace.pin, lineage: workspace.lineage }, acts.target).length > 0
}

function evaluatedProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { recorded } = entry
  const { event, at } = recorded
  if (event.type !== 'evaluated') return null
  const { workspace } = before
  // A claim is evaluated again in the runner's own command; all else is the system's.
  const actions: readonly AccessAction[] = ['record', 'execute_change']
  if (!actions.some((action) => may(world, recorded, { action, workspace })))
    return law('L4', 'who recorded the evaluation was not permitted to')
  if (at >= dueAt(before)) return law('I11', 'it was evaluated after it was due to expire')
  if (event.policyRevision !== (world.policy?.revision ?? 0))
    return law('I11', `it was evaluated under revision ${event.policyRevision}, not in force`)
  if (event.evaluatedAt > at) return law('I11', 'it was evaluated in the future')
  const requirement = requirementProblem(event)
  if (requirement !== null) return law('I13', requirement)
  const pin = world.access.workspaces.get(workspace)?.pin ?? null
  const binding = bindingProblem(event, pin === null)
  return binding === null ? null : law('I1', binding)
}

function approvedProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { recorded } = entry
  if (recorded.event.type !== 'approved') return null
  const { event, actor } = { event: recorded.event, actor: recorded.actor }
  if (actor.kind !== 'person' || actor.id !== event.person)
    return law('I2', 'an approval was written by somebody else')
  if (!may(world, recorded, { action: 'decide_change', workspace: before.workspace }))
    return law('I2', 'who approved was not permitted to decide')
  if (recorded.at >= dueAt(before)) return law('I11', 'it was approved after its hold had ended')
  const refusal = decisionProblem(before, event, { access: world.access, now: recorded.at })
  if (refusal === null) return toldProblem(world, event, recorded.at)
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
  if (at >= Math.min(before.releasedUntil ?? 0, before.expiresAt))
    return law('I11', 'it was started after its release had ended')
  if (bindingDifferences(before.binding, event.binding).length > 0)
    return law('I3', 'what was started is not what was approved')
  if (event.runnerKey !== before.runner.publicKey)
    return law('I1', 'it was started by another runner')
  if (event.scope !== before.evaluation?.scope)
    return law('I5', 'its credentials are not those that were evaluated')
  if (event.verifiedBy !== verifiedBy(before)) return law('I1', 'it says wrongly who verified it')
  if ((world.access.workspaces.get(before.workspace)?.pin ?? null) === null)
    return law('I1', 'it was started before its workspace was pinned')
  if (isElsewhere(world, before))
    return law('I1', 'its target is not the one the workspace is pinned to')
  return underPolicy(world, before, entry) ?? exclusive(world, before, { at, until: event.until })
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
