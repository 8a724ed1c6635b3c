/**
 * A change is the fold of its events, and the event log is the audit log. This file says what a
 * change is and how events move it; change-decide.ts says which events a command gives.
 * State is never mutated, and no event is lost: an event that does not fit is a law broken.
 */
import type { ActorRef } from './actor.ts'
import type { Decision } from './approval.ts'
import type { ChangeId, Digest, GrantId, PersonId, TokenId, WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { ShownRows, Vouch } from './passkey.ts'
import type { Tool } from './plan.ts'
import type { Target } from './target.ts'
import type { Assurance, Requirement, Verdict } from './verdict.ts'

export const STATUSES = [
  'evaluating',
  'held',
  'released',
  'executing',
  'applied',
  'failed',
  'outcome_unknown',
  'denied',
  'rejected',
  'expired',
  'superseded',
  'withdrawn',
] as const
export type Status = (typeof STATUSES)[number]

const OPEN: readonly Status[] = ['evaluating', 'held', 'released']
const CLOSED: readonly Status[] = [
  'applied',
  'failed',
  'denied',
  'rejected',
  'expired',
  'superseded',
  'withdrawn',
]

/** Not started yet, and still able to. */
export function isOpen(status: Status): boolean {
  return OPEN.includes(status)
}

export function isTerminal(status: Status): boolean {
  return CLOSED.includes(status)
}

/** How far the runner's word goes (DESIGN §2); this version knows the first only. */
export type RunnerTrust = 'self_reported' | 'attested' | 'managed'

export interface Requester {
  readonly kind: 'person' | 'service' | 'agent'
  readonly id: PersonId | TokenId
  /** Is a human known, by verified means, to stand behind the request? */
  readonly humanVerified: boolean
  /** Everyone who stands behind the request, verified or claimed: they never count (I2). */
  readonly excluded: readonly PersonId[]
}

/** The digests that an approval is bound to and a start is held against. */
export interface Binding {
  readonly fingerprint: Digest
  /** SHA-256 of the plan file's bytes. */
  readonly artifact: Digest
  readonly plan: Digest
  readonly source: Digest
  readonly inputs: Digest
}

export interface Opened {
  readonly changeId: ChangeId
  readonly workspace: WorkspaceId
  readonly tool: Tool
  /** `apply`: our runner runs the tool. `gate`: a pipeline does, shown as weaker. */
  readonly door: 'apply' | 'gate'
  readonly requester: Requester
  readonly runner: { readonly publicKey: string; readonly trust: RunnerTrust }
  readonly binding: Binding
  /** Content hash of the normalised plan document, as it lies in evidence. */
  readonly planDocument: Digest
  readonly target: Target
  readonly flags: readonly string[]
  /** True when the workspace has no pin yet: the release pins it to `target`. */
  readonly bindsTarget: boolean
  /** Pipeline and ref, for superseding; `null` on a laptop. */
  readonly pipeline: string | null
  /** Salted digest of the author's own words, `null` where there are none. */
  readonly words: Digest | null
  /** Salted digest of what an agent calls itself; absent without one, and in earlier logs. */
  readonly agentName?: Digest
  readonly expiresAt: Instant
}

/** What `evaluated` puts into the log; findings and trace are evidence by digest. */
export interface Evaluated {
  readonly verdict: Verdict
  readonly allowedBy: string | null
  /** Names of the rules that gave the verdict, twenty at most. */
  readonly rules: readonly string[]
  readonly requirement: Requirement | null
  readonly findings: Digest
  readonly counts: { readonly allow: number; readonly hold: number; readonly deny: number }
  readonly policyRevision: number
  readonly evaluatedAt: Instant
  readonly allowForSeconds: number
  readonly releaseForSeconds: number
}

export interface Outcome {
  readonly result: 'applied' | 'failed'
  /** The wrapped tool's own exit code. */
  readonly exitCode: number
  readonly appliedCount: number
  readonly totalCount: number
  /** `source` hashed once more after the tool ended; differs is recorded and shown. */
  readonly sourceChanged: boolean
  /** Lineage of the state after the apply, `null` where it could not be read. */
  readonly lineage: string | null
}

export type Resolution = 'applied' | 'not_applied' | 'in_part'
export type VerifiedBy = 'self_reported' | 'attested' | 'managed' | 'pipeline'

export type ChangeEvent =
  | ({ readonly type: 'change_opened' } & Opened)
  | ({ readonly type: 'evaluated' } & Evaluated)
  | {
      readonly type: 'approved' | 'rejected'
      readonly person: PersonId
      readonly fingerprint: Digest
      readonly assurance: Assurance
      readonly reason: Digest | null
      /** The decider's own passkey over the decision; `null` where it rests on the server's word. */
      readonly signed: Vouch | null
      /** What the page stated that it showed; `null` where nothing stated it. */
      readonly shown: ShownRows | null
      /** On-call references that the decider filled at that moment. */
      readonly onCall: readonly string[]
    }
  | { readonly type: 'approval_taken_back'; readonly person: PersonId }
  /** The same person planned again and the fingerprint is equal: the approvals stand. */
  | { readonly type: 'replanned'; readonly publicKey: string; readonly artifact: Digest }
  | { readonly type: 'released'; readonly until: Instant; readonly by: 'allow' | 'approvals' }
  | { readonly type: 'returned_to_hold'; readonly because: ReturnCause }
  | {
      readonly type: 'execution_started'
      readonly grant: GrantId
      readonly until: Instant
      readonly verifiedBy: VerifiedBy
      readonly runnerKey: string
      readonly binding: Binding
      readonly policyRevision: number
      readonly verdict: Verdict
    }
  | {
      readonly type: 'execution_refused'
      readonly differences: readonly { part: string; approved: Digest; now: Digest }[]
      /** Names of files, variables and settings, as evidence. */
      readonly names: Digest | null
    }
  | ({ readonly type: 'execution_finished' } & Outcome)
  | { readonly type: 'outcome_unknown'; readonly because: UnknownCause }
  | ({ readonly type: 'outcome_reported_late' } & Outcome)
  | {
      readonly type: 'outcome_resolved'
      readonly person: PersonId
      readonly resolution: Resolution
      readonly reason: Digest
    }
  | { readonly type: 'superseded'; readonly by: ChangeId }
  | { readonly type: 'withdrawn' }
  | { readonly type: 'expired' }

export type ReturnCause = 'approval_taken_back' | 'approver_left' | 'policy_stricter'
export type UnknownCause = 'heartbeat_lost' | 'grant_ended' | 'recovered'

export interface Change extends Opened {
  readonly status: Status
  readonly openedAt: Instant
  readonly openedBy: ActorRef
  readonly evaluation: Evaluated | null
  readonly decisions: readonly Decision[]
  readonly releasedUntil: Instant | null
  /** End of the release that was evaluated again: until someone new decides, none lasts longer. */
  readonly releaseCap: Instant | null
  readonly execution: Execution | null
  readonly refusedStartAt: Instant | null
  readonly outcome: Outcome | null
  readonly resolution: Resolution | null
  readonly supersededBy: ChangeId | null
}

export interface Execution {
  readonly grant: GrantId
  readonly startedAt: Instant
  readonly until: Instant
  readonly verifiedBy: VerifiedBy
}

/** An event with what the log knows of it. */
export interface Recorded {
  readonly event: ChangeEvent
  readonly at: Instant
  readonly actor: ActorRef
}

/** Which statuses an event may follow; anything else is a broken law (checked by laws.ts). */
export const FOLLOWS: { readonly [T in ChangeEvent['type']]: readonly (Status | 'absent')[] } = {
  change_opened: ['absent'],
  evaluated: ['evaluating', 'held', 'released'],
  approved: ['held'],
  rejected: ['held', 'released'],
  approval_taken_back: ['held', 'released'],
  replanned: ['held', 'released'],
  released: ['held'],
  returned_to_hold: ['released'],
  execution_started: ['released'],
  execution_refused: ['released'],
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
    case 'released':
      return { ...change, status: 'released', releasedUntil: event.until }
    case 'returned_to_hold':
      return { ...change, status: 'held', releasedUntil: null }
    case 'execution_started':
      return { ...change, status: 'executing', execution: executionOf(event, at) }
    case 'execution_refused':
      return { ...change, refusedStartAt: at }
    default:
      return closed(change, event)
  }
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

function closed(change: Change, event: ClosingEvent): Change {
  switch (event.type) {
    case 'execution_finished':
      return { ...change, status: event.result, outcome: outcomeOf(event) }
    case 'outcome_unknown':
      return { ...change, status: 'outcome_unknown' }
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
  return { ...change, status, evaluation, releasedUntil: null, releaseCap: change.releasedUntil }
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

/** The newest decision of a person is the one that counts. */
function withDecision(change: Change, decision: Decision): readonly Decision[] {
  return [...change.decisions.filter((each) => each.person !== decision.person), decision]
}

function executionOf(
  event: Extract<ChangeEvent, { type: 'execution_started' }>,
  at: Instant,
): Execution {
  return { grant: event.grant, startedAt: at, until: event.until, verifiedBy: event.verifiedBy }
}

function outcomeOf(event: Outcome): Outcome {
  return {
    result: event.result,
    exitCode: event.exitCode,
    appliedCount: event.appliedCount,
    totalCount: event.totalCount,
    sourceChanged: event.sourceChanged,
    lineage: event.lineage,
  }
}
