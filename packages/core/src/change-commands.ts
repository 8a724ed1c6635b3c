/** What can be asked of a change. Imperative; each is answered by change-decide.ts. */

import type { Access, AccessAction } from './access.ts'
import type { ActorRef } from './actor.ts'
import type {
  Binding,
  ChangeEvent,
  Evaluated,
  Opened,
  Outcome,
  Resolution,
  ReviewFinding,
  UnknownCause,
} from './change.ts'
import type { GlassFacts } from './change-glass.ts'
import type { ChangeId, Digest, GrantId, PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { ShownRows, Vouch } from './passkey.ts'
import type { Refusal } from './refusals.ts'
import type { Difference } from './target.ts'
import type { Assurance } from './verdict.ts'

export type ChangeCommand =
  | { readonly type: 'open'; readonly opened: Opened }
  | { readonly type: 'record_evaluation'; readonly evaluated: Evaluated }
  | ({ readonly type: 'approve' } & DecideFields)
  | ({ readonly type: 'reject' } & DecideFields)
  | { readonly type: 'take_back'; readonly person: PersonId }
  | ({ readonly type: 'break_glass' } & BreakFields)
  | ({ readonly type: 'review_glass' } & ReviewFields)
  /** Go on with this change after planning again in a new run; see `replanned`. */
  | ({ readonly type: 'adopt' } & AdoptFields)
  | { readonly type: 'withdraw' }
  | ({ readonly type: 'start' } & StartFields)
  | { readonly type: 'refuse_start'; readonly runnerKey: string; readonly refused: RefusedStart }
  | { readonly type: 'finish'; readonly runnerKey: string; readonly outcome: Outcome }
  | {
      readonly type: 'issue_credentials'
      readonly runnerKey: string
      readonly issue: Omit<Extract<ChangeEvent, { type: 'credentials_issued' }>, 'type'>
    }
  | { readonly type: 'revoke_grant'; readonly reason: Digest | null }
  | { readonly type: 'lose'; readonly because: UnknownCause }
  | {
      readonly type: 'resolve_outcome'
      readonly person: PersonId
      readonly resolution: Resolution
      readonly reason: Digest
    }
  | { readonly type: 'supersede'; readonly by: ChangeId }
  | { readonly type: 'expire' }

export type ChangeCommandType = ChangeCommand['type']

/** What each command needs to be permitted, whoever asks. */
export const ACTION_OF: { readonly [C in ChangeCommandType]: AccessAction } = {
  open: 'open_change',
  record_evaluation: 'record',
  approve: 'decide_change',
  reject: 'decide_change',
  take_back: 'decide_change',
  break_glass: 'break_glass',
  review_glass: 'decide_change',
  adopt: 'open_change',
  withdraw: 'withdraw_change',
  start: 'execute_change',
  refuse_start: 'execute_change',
  finish: 'execute_change',
  issue_credentials: 'execute_change',
  revoke_grant: 'revoke_grant',
  lose: 'record',
  resolve_outcome: 'resolve_outcome',
  supersede: 'record',
  expire: 'record',
}

export interface DecideFields {
  readonly person: PersonId
  /** What the person saw; a decision about another plan does not count (I3). */
  readonly fingerprint: Digest
  readonly assurance: Assurance
  readonly reason: Digest | null
  /** The door has verified it against the key that the log knows. */
  readonly signed: Vouch | null
  readonly shown: ShownRows | null
}

export interface BreakFields {
  readonly person: PersonId
  readonly fingerprint: Digest
  readonly assurance: Assurance
  readonly reason: Digest
  readonly signed: Vouch
}

export interface ReviewFields {
  readonly person: PersonId
  readonly assurance: Assurance
  readonly finding: ReviewFinding
  readonly reason: Digest
  readonly signed: Vouch | null
}

export interface AdoptFields {
  /** Of the plan made again; anything but the same plan is another change (I3). */
  readonly fingerprint: Digest
  /** SHA-256 of the new plan file: equal plans are different files. */
  readonly artifact: Digest
  /** Key of the new run, whose signature the request carried; the door has verified it. */
  readonly runnerKey: string
}

export interface StartFields {
  readonly grant: GrantId
  /** Whose signature the claim carried; the door has verified it. */
  readonly runnerKey: string
  /** Everything as the runner recomputed it right before apply. */
  readonly binding: Binding
  /** The policy in force, evaluated again for this claim, outside the transaction. */
  readonly evaluated: Evaluated
  readonly grantSeconds: number
  /** Names behind a difference, as evidence; `null` when the runner gave none. */
  readonly names: Digest | null
}

export interface RefusedStart {
  readonly differences: readonly { part: string; approved: Digest; now: Digest }[]
  readonly names: Digest | null
}

export interface DecideContext {
  readonly now: Instant
  readonly actor: ActorRef
  readonly access: Access
  /** Revision of the policy in force as the transaction sees it. */
  readonly policyRevision: number
  /** A change that is executing in the same workspace, if any. */
  readonly executing: ChangeId | null
  /** Open changes of the same requester in the workspace. */
  readonly openCount: number
  /** Broken glass elsewhere; asked for by `break_glass` alone. */
  readonly glass: GlassFacts
}

/**
 * The answer. A refusal may carry events too: a start refused because something differs is an
 * entry, and a claim under a stricter policy moves the change back to `held` or to `denied`.
 */
export type ChangeAnswer =
  | { readonly ok: true; readonly events: readonly ChangeEvent[] }
  | {
      readonly ok: false
      readonly refusal: Refusal
      readonly events: readonly ChangeEvent[]
    }

export function accept(...events: readonly ChangeEvent[]): ChangeAnswer {
  return { ok: true, events }
}

export function refuse(refusal: Refusal, ...events: readonly ChangeEvent[]): ChangeAnswer {
  return { ok: false, refusal, events }
}

export function asDifferences(refused: RefusedStart): readonly Difference[] {
  return refused.differences.map((each) => ({
    part: each.part,
    name: null,
    approved: each.approved,
    now: each.now,
  }))
}
