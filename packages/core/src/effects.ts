/**
 * What happens next: the only place that says which effects an event calls for. Effects are
 * enqueued in the transaction that records the event and performed only after it has committed.
 * All are idempotent; apply is not among them, because the runner does that at most once.
 */
import type { AccessEvent } from './access.ts'
import { type Change, type ChangeEvent, isOpen } from './change.ts'
import type { ChangeId, WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { PolicyEvent } from './policy-revision.ts'
import { dueAt } from './release.ts'
import { wakesOf } from './reminders.ts'
import { pinnedFrom } from './target.ts'

export type Effect =
  | { readonly type: 'evaluate'; readonly change: ChangeId }
  | { readonly type: 'expire'; readonly change: ChangeId; readonly at: Instant }
  /** Nothing is recorded: whoever looks at it is told to look again. */
  | { readonly type: 'wake'; readonly change: ChangeId; readonly at: Instant }
  | { readonly type: 'supersede_others'; readonly change: ChangeId }
  | { readonly type: 'pin_lineage'; readonly workspace: WorkspaceId; readonly lineage: string }
  | { readonly type: 'watch_execution'; readonly change: ChangeId; readonly at: Instant }
  | { readonly type: 'reevaluate_open' }

/** A runner beats every 10 seconds; a minute without one and the outcome is unknown. */
export const HEARTBEAT_MS = 10_000
export const HEARTBEAT_LOST_MS = 60_000

/** What an event made of a change: `before` is null when it opened it. */
export interface Moved {
  readonly before: Change | null
  readonly after: Change
  readonly at: Instant
}

export function follow(event: ChangeEvent, { before, after, at }: Moved): readonly Effect[] {
  const id = after.changeId
  switch (event.type) {
    case 'change_opened':
      return [
        { type: 'evaluate', change: id },
        { type: 'supersede_others', change: id },
        ...expiry(before, after),
      ]
    case 'evaluated':
      return after.status === 'held' ? [...expiry(before, after), ...wakes(before, after, at)] : []
    case 'released':
      return expiry(before, after)
    case 'execution_started':
      return [{ type: 'watch_execution', change: id, at: at + HEARTBEAT_LOST_MS }]
    case 'execution_finished':
      return afterFinish(after)
    case 'returned_to_hold':
      return expiry(before, after)
    case 'approved':
    case 'rejected':
    case 'approval_taken_back':
    case 'glass_broken':
    case 'glass_reviewed':
    case 'replanned':
    case 'execution_refused':
    case 'credentials_issued':
    case 'grant_revoked':
    case 'outcome_unknown':
    case 'outcome_reported_late':
    case 'outcome_resolved':
    case 'superseded':
    case 'withdrawn':
    case 'expired':
      return []
  }
}

/** The timer that was set before is enough where it rings at the same moment. */
function expiry(before: Change | null, after: Change): readonly Effect[] {
  const at = dueAt(after)
  if (before !== null && isOpen(before.status) && dueAt(before) === at) return []
  return [{ type: 'expire', change: after.changeId, at }]
}

/** A timer that rings for a hold that is over does nothing, so none is set twice. */
function wakes(before: Change | null, after: Change, now: Instant): readonly Effect[] {
  const set = before === null ? [] : wakesOf(before)
  return wakesOf(after)
    .filter((at) => at > now && !set.includes(at))
    .map((at) => ({ type: 'wake', change: after.changeId, at }))
}

/**
 * What the release of a first change binds its workspace to. No effect: the system records it in the
 * transaction of the release, or a second first change could start somewhere else before it lands.
 * `change` is the state after the event.
 */
export function pinOfRelease(event: ChangeEvent, change: Change): AccessEvent | null {
  if (event.type !== 'released' || !change.bindsTarget) return null
  return { type: 'target_pinned', workspace: change.workspace, pin: pinnedFrom(change.target) }
}

/**
 * What a change in this state still waits for, whichever event called for it: for a queue that was
 * lost. Asking for what was performed already changes nothing.
 */
export function pendingEffects(change: Change, now: Instant): readonly Effect[] {
  const id = change.changeId
  if (change.status === 'executing')
    return [{ type: 'watch_execution', change: id, at: now + HEARTBEAT_LOST_MS }]
  if (!isOpen(change.status)) return afterFinish(change)
  const evaluate: readonly Effect[] =
    change.status === 'evaluating' ? [{ type: 'evaluate', change: id }] : []
  return [
    ...evaluate,
    { type: 'supersede_others', change: id },
    { type: 'expire', change: id, at: dueAt(change) },
    ...wakes(null, change, now),
  ]
}

function afterFinish(change: Change): readonly Effect[] {
  const lineage = change.outcome?.lineage ?? null
  if (lineage === null) return []
  return [{ type: 'pin_lineage', workspace: change.workspace, lineage }]
}

/** A new policy, and access that rules or slots read, make what is open be evaluated again. */
export function followInstallation(event: PolicyEvent | AccessEvent): readonly Effect[] {
  switch (event.type) {
    case 'policy_pushed':
    case 'person_removed':
    case 'member_removed':
    case 'labels_set':
    case 'key_revoked':
    case 'delegation_ended':
    case 'break_glass_revoked':
    case 'connection_set':
    case 'connection_removed':
      return [{ type: 'reevaluate_open' }]
    case 'person_added':
    case 'member_added':
    case 'role_granted':
    case 'role_revoked':
    case 'workspace_created':
    case 'owners_set':
    case 'target_pinned':
    case 'lineage_pinned':
    case 'token_issued':
    case 'token_revoked':
    case 'key_enrolled':
    case 'identity_linked':
    case 'team_linked':
    case 'account_linked':
    case 'account_unlinked':
    case 'approvals_delegated':
    case 'on_call_set':
    case 'break_glass_granted':
    case 'plan_credentials_issued':
    case 'connection_tried':
    case 'issuer_rotated':
      return []
  }
}
