/**
 * The laws of what may follow an evaluation beside approving, releasing and starting: each event by
 * who was permitted to ask for it, and by what decide would have said.
 */
import type { AccessAction } from './access.ts'
import { onCallOf } from './approval.ts'
import type { Change, ChangeEvent } from './change.ts'
import { credentialUntil, issueProblem } from './change-credentials.ts'
import { isOwnRequest, isRequester } from './change-decide.ts'
import { canResolve, rejectionProblem } from './decision-problem.ts'
import type { Instant } from './instant.ts'
import { brokenProblem, reviewedProblem } from './laws-glass.ts'
import { type ChangeEntry, law, may } from './laws-words.ts'
import { dueAt, releaseOf } from './release.ts'
import { supersedes } from './superseding.ts'
import type { BrokenLaw, World } from './world.ts'

/** Checked elsewhere by itself: what it rests on matters there more than who asked. */
type Elsewhere = 'change_opened' | 'evaluated' | 'approved' | 'released' | 'execution_started'
type LaterType = Exclude<ChangeEvent['type'], Elsewhere>

/** Who asks; `null` where the entry belongs to whatever command brought it about. */
const ACTION_OF: { readonly [T in LaterType]: AccessAction | null } = {
  rejected: 'decide_change',
  approval_taken_back: 'decide_change',
  glass_broken: 'break_glass',
  glass_reviewed: 'decide_change',
  replanned: 'open_change',
  returned_to_hold: null,
  execution_refused: 'execute_change',
  credentials_issued: 'execute_change',
  grant_revoked: 'revoke_grant',
  execution_finished: 'execute_change',
  outcome_unknown: 'record',
  outcome_reported_late: 'execute_change',
  outcome_resolved: 'resolve_outcome',
  superseded: 'record',
  withdrawn: 'withdraw_change',
  expired: 'record',
}

export function laterProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { recorded } = entry
  const action = isLater(recorded.event.type) ? ACTION_OF[recorded.event.type] : null
  if (action !== null && !may(world, recorded, { action, workspace: before.workspace }))
    return law('L4', `who recorded ${recorded.event.type} was not permitted to`)
  return personProblem(before, entry) ?? factProblem(world, before, entry)
}

function isLater(type: ChangeEvent['type']): type is LaterType {
  return Object.hasOwn(ACTION_OF, type)
}

function personProblem(before: Change, { recorded }: ChangeEntry): BrokenLaw | null {
  const { event, actor } = recorded
  if (event.type === 'withdrawn')
    return isRequester(before, actor) ? null : law('L4', 'somebody else withdrew it')
  if (event.type === 'replanned')
    return isOwnRequest(before, actor) ? null : law('I1', 'somebody else took its release over')
  if (!('person' in event)) return null
  return actor.kind === 'person' && actor.id === event.person
    ? null
    : law('I2', 'a decision was written by somebody else')
}

function factProblem(world: World, before: Change, entry: ChangeEntry): BrokenLaw | null {
  const { event, at } = entry.recorded
  switch (event.type) {
    case 'rejected':
      return rejectedProblem(world, before, { event, at })
    case 'approval_taken_back':
      return before.decisions.some((each) => each.person === event.person)
        ? null
        : law('I2', 'an approval was taken back that was not there')
    case 'glass_broken':
      return brokenProblem(world, before, { event, at })
    case 'glass_reviewed':
      return reviewedProblem(world, before, { event, at })
    case 'returned_to_hold':
      return releaseOf(before, { now: at, access: world.access }) === null
        ? null
        : law('I1', 'it was held again though nothing is missing')
    case 'outcome_unknown':
      return event.because === 'grant_ended' && at < (before.execution?.until ?? 0)
        ? law('I5', 'its grant was ended before its time')
        : null
    case 'credentials_issued':
      return issuedProblem(world, before, { event, at })
    case 'grant_revoked':
      return before.execution === null || before.execution.revoked !== null
        ? law('I5', 'a grant was revoked that was not there')
        : null
    case 'outcome_reported_late':
      return before.outcome === null ? null : law('I4', 'its outcome was reported before')
    case 'outcome_resolved':
      return canResolve(before, event.person, world.access)
        ? null
        : law('I2', 'who resolved it is no owner, or stands behind the request')
    case 'superseded':
      return supersededProblem(world, before, event)
    case 'expired':
      return at >= dueAt(before) || endedByRestart(world, before)
        ? null
        : law('I11', 'it expired before it was due')
    default:
      return null
  }
}

/** After a loss nothing that was open is believed to be as it looks (DESIGN §8). */
function endedByRestart(world: World, before: Change): boolean {
  return world.restartedAt !== null && before.openedAt <= world.restartedAt
}

function rejectedProblem(
  world: World,
  before: Change,
  {
    event,
    at,
  }: {
    readonly event: Extract<ChangeEvent, { type: 'approved' | 'rejected' }>
    readonly at: Instant
  },
): BrokenLaw | null {
  const refusal = rejectionProblem(before, event, { access: world.access, now: at })
  if (refusal === null)
    return event.reason === null ? law('I2', 'it gives no reason') : toldProblem(world, event, at)
  const number = refusal.code === 'other_fingerprint' ? 'I3' : 'I2'
  return law(number, `this rejection does not count: ${refusal.code.replaceAll('_', ' ')}`)
}

function issuedProblem(
  world: World,
  before: Change,
  {
    event,
    at,
  }: {
    readonly event: Extract<ChangeEvent, { type: 'credentials_issued' }>
    readonly at: Instant
  },
): BrokenLaw | null {
  const allowed = credentialUntil(before, event.purpose, at)
  if (!allowed.ok) return law('I5', 'a credential was issued without a live grant')
  const { until } = allowed
  const problem = issueProblem(before, { issue: event, until }, { access: world.access, now: at })
  return problem === null
    ? null
    : law('I5', `this credential may not be: ${problem.code.replaceAll('_', ' ')}`)
}

function supersededProblem(
  world: World,
  before: Change,
  event: Extract<ChangeEvent, { type: 'superseded' }>,
): BrokenLaw | null {
  const newer = world.changes.get(event.by)
  return newer !== undefined && supersedes(newer, before)
    ? null
    : law('L4', 'it was superseded by a change that is not its successor')
}

/** What a decision says of itself is what the log knew then. */
export function toldProblem(world: World, event: Decided, at: Instant): BrokenLaw | null {
  if (event.assurance === 'development' && world.started?.mode === 'production')
    return law('I2', 'it was decided without any proof in a production log')
  return shiftProblem(world, event, at)
}

type Decided = Extract<ChangeEvent, { type: 'approved' | 'rejected' }>

/** What a decision says of shifts is what the log knew then. */
function shiftProblem(
  world: World,
  event: Extract<ChangeEvent, { type: 'approved' | 'rejected' }>,
  at: Instant,
): BrokenLaw | null {
  const known = onCallOf(world.access, event.person, at)
  return known.join() === event.onCall.join()
    ? null
    : law('I2', 'it says wrongly for which schedules the person was on call')
}
