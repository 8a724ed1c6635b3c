/**
 * How events move a change, one at a time and never by mutation. No event is lost: one that does
 * not fit is a law broken.
 */
import type { Decision } from './approval.ts'
import {
  type Change,
  type ChangeEvent,
  CLOSED,
  type Execution,
  type Glass,
  type IssuedCredential,
  type Outcome,
  type Recorded,
  type Revoked,
  type Status,
} from './change.ts'
import type { Instant } from './instant.ts'

/** Which statuses an event may follow; anything else is a broken law (checked by laws.ts). */
export const FOLLOWS: { readonly [T in ChangeEvent['type']]: readonly (Status | 'absent')[] } = {
  change_opened: ['absent'],
  evaluated: ['evaluating', 'held', 'released'],
  approved: ['held'],
  rejected: ['held', 'released'],
  approval_taken_back: ['held', 'released'],
  glass_broken: ['held'],
  glass_reviewed: [...CLOSED, 'outcome_unknown'],
  replanned: ['held', 'released'],
  released: ['held'],
  returned_to_hold: ['released'],
  execution_started: ['released'],
  execution_refused: ['released'],
  credentials_issued: ['executing', 'outcome_unknown'],
  grant_revoked: ['executing', 'outcome_unknown'],
  execution_finished: ['executing'],
  outcome_unknown: ['executing'],
  outcome_reported_late: ['outcome_unknown'],
  outcome_resolved: ['outcome_unknown'],
  superseded: ['evaluating', 'held', 'released'],
  withdrawn: ['evaluating', 'held', 'released'],
  expired: ['evaluating', 'held', 'released'],
}

/** Applies one event; `null` when it cannot follow what is there. Never mutates, never throws. */
export function evolve(change: Change | null, recorded: Recorded): Change | null {
  const { event } = recorded
  if (!FOLLOWS[event.type].includes(change?.status ?? 'absent')) return null
  if (event.type === 'change_opened') return opened(event, recorded)
  return change === null ? null : moved(change, recorded)
}

/** Folds a change's whole history; `null` as soon as one event does not fit. */
export function replay(history: readonly Recorded[]): Change | null {
  let change: Change | null = null
  for (const recorded of history) {
    change = evolve(change, recorded)
    if (change === null) return null
  }
  return change
}

function opened(
  event: Extract<ChangeEvent, { type: 'change_opened' }>,
  recorded: Recorded,
): Change {
  const { type: _, ...facts } = event
  return {
    ...facts,
    status: 'evaluating',
    openedAt: recorded.at,
    openedBy: recorded.actor,
    evaluation: null,
    decisions: [],
    glass: null,
    releasedUntil: null,
    releaseCap: null,
    execution: null,
    refusedStartAt: null,
    outcome: null,
    resolution: null,
    supersededBy: null,
  }
}

function moved(change: Change, recorded: Recorded): Change {
  const { event, at } = recorded
  switch (event.type) {
    case 'change_opened':
      return change
    case 'evaluated':
      return afterEvaluation(change, event)
    case 'approved':
      return {
        ...change,
        releaseCap: null,
        decisions: withDecision(change, decisionOf(event, at)),
      }
    case 'rejected':
      return {
        ...change,
        status: 'rejected',
        decisions: withDecision(change, decisionOf(event, at)),
      }
    case 'replanned':
      return {
        ...change,
        runner: { ...change.runner, publicKey: event.publicKey },
        binding: { ...change.binding, artifact: event.artifact },
      }
    case 'approval_taken_back':
      return {
        ...change,
        decisions: change.decisions.filter((each) => each.person !== event.person),
      }
    case 'glass_broken':
      return { ...change, releaseCap: null, glass: glassOf(change, event, at) }
    case 'glass_reviewed':
      return { ...change, glass: reviewed(change, event, at) }
    case 'released':
      return { ...change, status: 'released', releasedUntil: event.until }
    case 'returned_to_hold':
      return { ...change, status: 'held', releasedUntil: null }
    case 'execution_started':
      return { ...change, status: 'executing', execution: executionOf(event, at) }
    case 'credentials_issued':
      return withExecution(change, (execution) => issued(execution, event, at))
    case 'grant_revoked':
      return withExecution(change, (execution) => ({
        ...execution,
        revoked: revokedOf(event, recorded),
      }))
    case 'execution_refused':
      return { ...change, refusedStartAt: at }
    default:
      return closed(change, event, at)
  }
}

function revokedOf(
  { reason }: Extract<ChangeEvent, { type: 'grant_revoked' }>,
  { at, actor: by }: Recorded,
): Revoked {
  return { at, by, reason }
}

type ClosingEvent = Extract<
  ChangeEvent,
  {
    type:
      | 'execution_finished'
      | 'outcome_unknown'
      | 'outcome_reported_late'
      | 'outcome_resolved'
      | 'superseded'
      | 'withdrawn'
      | 'expired'
  }
>

function closed(change: Change, event: ClosingEvent, at: Instant): Change {
  switch (event.type) {
    case 'execution_finished':
      return { ...ended(change, at), status: event.result, outcome: outcomeOf(event) }
    case 'outcome_unknown':
      return { ...ended(change, at), status: 'outcome_unknown' }
    case 'outcome_reported_late':
      return { ...change, outcome: outcomeOf(event) }
    case 'outcome_resolved':
      return {
        ...change,
        status: event.resolution === 'applied' ? 'applied' : 'failed',
        resolution: event.resolution,
      }
    case 'superseded':
      return { ...change, status: 'superseded', supersededBy: event.by }
    case 'withdrawn':
      return { ...change, status: 'withdrawn' }
    case 'expired':
      return { ...change, status: 'expired' }
  }
}

/** `released` is an event of its own: an evaluation alone only holds or denies. */
function afterEvaluation(
  change: Change,
  event: Extract<ChangeEvent, { type: 'evaluated' }>,
): Change {
  const { type: _, ...evaluation } = event
  const status = evaluation.verdict === 'deny' ? 'denied' : 'held'
  // I3: an approval is of the credentials that it saw, too.
  const isOfAnother = change.evaluation !== null && change.evaluation.scope !== evaluation.scope
  const decisions = isOfAnother ? [] : change.decisions
  const releaseCap = change.releasedUntil
  return { ...change, status, evaluation, decisions, releasedUntil: null, releaseCap }
}

function decisionOf(
  event: Extract<ChangeEvent, { type: 'approved' | 'rejected' }>,
  at: Instant,
): Decision {
  return {
    person: event.person,
    decision: event.type === 'approved' ? 'approve' : 'reject',
    fingerprint: event.fingerprint,
    assurance: event.assurance,
    at,
    reason: event.reason,
    key: event.signed?.key ?? null,
    onCall: event.onCall,
  }
}

function glassOf(
  { evaluation }: Change,
  event: Extract<ChangeEvent, { type: 'glass_broken' }>,
  at: Instant,
): Glass {
  const { person, fingerprint, assurance, reason, signed } = event
  const requirement = evaluation?.requirement ?? null
  return { person, at, fingerprint, assurance, reason, key: signed.key, requirement, review: null }
}

function reviewed(
  { glass }: Change,
  event: Extract<ChangeEvent, { type: 'glass_reviewed' }>,
  at: Instant,
): Glass | null {
  const { person, finding, reason } = event
  return glass === null ? null : { ...glass, review: { person, at, finding, reason } }
}

/** The newest decision of a person is the one that counts. */
function withDecision(change: Change, decision: Decision): readonly Decision[] {
  return [...change.decisions.filter((each) => each.person !== decision.person), decision]
}

function executionOf(
  event: Extract<ChangeEvent, { type: 'execution_started' }>,
  at: Instant,
): Execution {
  return {
    grant: event.grant,
    startedAt: at,
    until: event.until,
    verifiedBy: event.verifiedBy,
    revoked: null,
    endedAt: null,
    lastAsk: 0,
    credentials: [],
  }
}

function withExecution(change: Change, move: (execution: Execution) => Execution): Change {
  const { execution } = change
  return execution === null ? change : { ...change, execution: move(execution) }
}

function ended(change: Change, at: Instant): Change {
  return withExecution(change, (execution) => ({ ...execution, endedAt: at }))
}

function issued(
  execution: Execution,
  event: Extract<ChangeEvent, { type: 'credentials_issued' }>,
  at: Instant,
): Execution {
  const { connection, purpose, credential, until } = event
  const isSame = (each: IssuedCredential) =>
    each.connection === connection && each.purpose === purpose
  const count = (execution.credentials.find(isSame)?.count ?? 0) + 1
  const others = execution.credentials.filter((each) => !isSame(each))
  const newest = { connection, purpose, credential, at, until, count }
  return { ...execution, lastAsk: event.ask, credentials: [...others, newest] }
}

function outcomeOf(event: Outcome): Outcome {
  return {
    result: event.result,
    exitCode: event.exitCode,
    appliedCount: event.appliedCount,
    totalCount: event.totalCount,
    sourceChanged: event.sourceChanged,
    lineage: event.lineage,
    ...(event.credentialsNotOurs === undefined
      ? {}
      : { credentialsNotOurs: event.credentialsNotOurs }),
  }
}
