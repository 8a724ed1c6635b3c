/**
 * What the one who looks may do, by the very rules that decide: the command is put to core's
 * `decide` without being recorded. A page that says "you can" and a gate that says "no" cannot be.
 */
import type { ApiProblem } from '@holdpoint/api'
import {
  type Access,
  type Actor,
  type Change,
  type DecideFields,
  type Decision,
  decide,
  describe,
  type Instant,
  permits,
  questionOf,
  type Refusal,
  refOf,
  standing,
  whoMay,
} from '@holdpoint/core'

export interface Looker {
  readonly actor: Actor
  readonly access: Access
  readonly now: Instant
  readonly mode: 'production' | 'development'
}

type Said = Pick<ApiProblem, 'title' | 'detail' | 'remedy'>

export interface You {
  /** `null` means yes. */
  readonly approve: Said | null
  readonly reject: Said | null
}

export function youOf(change: Change, looker: Looker): You {
  const approve = decisionRefusal(change, looker, 'approve')
  const reject = decisionRefusal(change, looker, 'reject')
  return {
    approve: approve === null ? null : describe(approve),
    reject: reject === null ? null : describe(reject),
  }
}

export function decisionRefusal(
  change: Change,
  looker: Looker,
  type: 'approve' | 'reject',
): Refusal | null {
  const { actor, access, now, mode } = looker
  if (mode === 'production') return { code: 'decide_unavailable' }
  if (actor.kind !== 'person') {
    const slots = change.evaluation?.requirement?.slots ?? []
    return { code: 'not_eligible', slots, because: 'not_a_person' }
  }
  const action = 'decide_change'
  if (!permits(access, actor, { action, on: { workspace: change.workspace }, now }))
    return { code: 'not_permitted', action, needs: whoMay(action) }
  const context = {
    now,
    actor: refOf(actor),
    access,
    policyRevision: change.evaluation?.policyRevision ?? 0,
    executing: null,
    openCount: 0,
  }
  const answer = decide(change, { type, ...fieldsOf(change, actor) }, context)
  return answer.ok ? null : answer.refusal
}

/** Any reason stands for the one that will be typed: its digest is not looked into. */
function fieldsOf(change: Change, actor: Extract<Actor, { kind: 'person' }>): DecideFields {
  const { fingerprint } = change.binding
  return { person: actor.id, fingerprint, assurance: actor.assurance, reason: fingerprint }
}

/** Would this person's approval be the last one missing? */
export function isLastForRelease(change: Change, looker: Looker): boolean {
  const { actor, access, now } = looker
  const question = questionOf(change)
  if (actor.kind !== 'person' || question === null) return false
  if (decisionRefusal(change, looker, 'approve') !== null) return false
  const mine: Decision = { ...fieldsOf(change, actor), decision: 'approve', at: now, reason: null }
  return standing(access, question, [...change.decisions, mine]).satisfied
}
