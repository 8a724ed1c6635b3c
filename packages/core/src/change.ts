/**
 * A change is the fold of its events, and the event log is the audit log. This file says what a
 * change is and what can happen to it; change-evolve.ts folds, and change-decide.ts says which events
 * a command gives.
 */
import type { ActorRef } from './actor.ts'
import type { Decision } from './approval.ts'
import type {
  ChangeId,
  ConnectionId,
  Digest,
  GrantId,
  KeyId,
  PersonId,
  TokenId,
  WorkspaceId,
} from './ids.ts'
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
/** Nothing but a review of broken glass follows these. */
export const CLOSED: readonly Status[] = [
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
  /** Content hash of what credentials would be granted; absent where there is no connection. */
  readonly scope?: Digest
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
  /** True where the tool acted and never asked for the grant's credentials; else absent. */
  readonly credentialsNotOurs?: boolean
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
  /** One listed person stands in for everybody whom the rules ask; see change-glass.ts. */
  | {
      readonly type: 'glass_broken'
      readonly person: PersonId
      readonly fingerprint: Digest
      readonly assurance: Assurance
      readonly reason: Digest
      readonly signed: Vouch
    }
  /** What somebody else says of it afterwards. */
  | {
      readonly type: 'glass_reviewed'
      readonly person: PersonId
      readonly assurance: Assurance
      readonly finding: ReviewFinding
      readonly reason: Digest
      readonly signed: Vouch | null
    }
  /** The same person planned again and the fingerprint is equal: the approvals stand. */
  | { readonly type: 'replanned'; readonly publicKey: string; readonly artifact: Digest }
  | { readonly type: 'released'; readonly until: Instant; readonly by: ReleasedBy }
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
      /** What credentials this execution may have; as in its evaluation. */
      readonly scope?: Digest
    }
  /** A credential of this execution: for what, which one and until when; never the secret. */
  | {
      readonly type: 'credentials_issued'
      readonly connection: ConnectionId
      /** `state`: only for saving the state of this workspace. */
      readonly purpose: 'apply' | 'state'
      /** Counts up with every request of the runner. */
      readonly ask: number
      /** The id it is known by in the cloud's own log. */
      readonly credential: string
      readonly until: Instant
    }
  /** From here nothing is issued or renewed but what saves the state. */
  | { readonly type: 'grant_revoked'; readonly reason: Digest | null }
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

export type DecidedEvent = Extract<
  ChangeEvent,
  { type: 'approved' | 'rejected' | 'glass_broken' | 'glass_reviewed' }
>

const DECIDED: readonly string[] = ['approved', 'rejected', 'glass_broken', 'glass_reviewed']

/** What a person says of a change, with a reason and perhaps a signature. */
export function isDecided(event: { readonly type: string }): event is DecidedEvent {
  return DECIDED.includes(event.type)
}

export type ReleasedBy = 'allow' | 'approvals' | 'break_glass'
export type ReviewFinding = 'justified' | 'not_justified'
export type ReturnCause = 'approval_taken_back' | 'approver_left' | 'policy_stricter'
export type UnknownCause = 'heartbeat_lost' | 'grant_ended' | 'recovered'

export interface Change extends Opened {
  readonly status: Status
  readonly openedAt: Instant
  readonly openedBy: ActorRef
  readonly evaluation: Evaluated | null
  readonly decisions: readonly Decision[]
  /** `null`: nobody broke the glass here. */
  readonly glass: Glass | null
  readonly releasedUntil: Instant | null
  /** End of the release that was evaluated again: until someone new decides, none lasts longer. */
  readonly releaseCap: Instant | null
  readonly execution: Execution | null
  readonly refusedStartAt: Instant | null
  readonly outcome: Outcome | null
  readonly resolution: Resolution | null
  readonly supersededBy: ChangeId | null
}

export interface Glass {
  readonly person: PersonId
  readonly at: Instant
  readonly fingerprint: Digest
  readonly assurance: Assurance
  readonly reason: Digest
  readonly key: KeyId
  /** What the rules asked for then: whom it skipped. */
  readonly requirement: Requirement | null
  readonly review: GlassReview | null
}

export interface GlassReview {
  readonly person: PersonId
  readonly at: Instant
  readonly finding: ReviewFinding
  readonly reason: Digest
}

export interface Execution {
  readonly grant: GrantId
  readonly startedAt: Instant
  readonly until: Instant
  readonly verifiedBy: VerifiedBy
  /** By whom and why it was stopped; `null`: by nobody. */
  readonly revoked: Revoked | null
  /** When it had an outcome, or was given up as lost. */
  readonly endedAt: Instant | null
  /** Number of the runner's last request for credentials. */
  readonly lastAsk: number
  /** The newest of each connection and purpose, with how many there were. */
  readonly credentials: readonly IssuedCredential[]
}

export interface Revoked {
  readonly at: Instant
  readonly by: ActorRef
  /** Salted digest of the sentence; `null`: none was given. */
  readonly reason: Digest | null
}

export interface IssuedCredential {
  readonly connection: ConnectionId
  readonly purpose: 'apply' | 'state'
  readonly credential: string
  readonly at: Instant
  readonly until: Instant
  readonly count: number
}

/** An event with what the log knows of it. */
export interface Recorded {
  readonly event: ChangeEvent
  readonly at: Instant
  readonly actor: ActorRef
}
