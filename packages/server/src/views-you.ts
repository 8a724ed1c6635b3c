/**
 * What the one who looks may do, by the very rules that decide: the command is put to core's
 * `decide` without being recorded. A page that says "you can" and a gate that says "no" cannot be.
 */
import type { ApiProblem } from '@holdpoint/api'
import {
  type Access,
  type Actor,
  type Assurance,
  type Change,
  type DecideFields,
  type Decision,
  decide,
  describe,
  type GlassFacts,
  type Instant,
  liveKeys,
  NO_GLASS,
  onCallOf,
  type PersonId,
  permits,
  questionOf,
  type Refusal,
  refOf,
  standing,
  whoMay,
} from '@holdpoint/core'
import { breakRefusal, resolveRefusal, reviewRefusal } from './views-glass.ts'
import { revokeRefusal } from './views-revoke.ts'

export interface Looker {
  readonly actor: Actor
  readonly access: Access
  readonly now: Instant
}

type Said = Pick<ApiProblem, 'title' | 'detail' | 'remedy'>

export interface You {
  /** `null` means yes. */
  readonly approve: Said | null
  readonly reject: Said | null
  readonly breakGlass: Said | null
  readonly reviewGlass: Said | null
  readonly resolve: Said | null
  readonly revoke: Said | null
}

export function youOf(change: Change, looker: Looker, glass: GlassFacts): You {
  const said = (refusal: Refusal | null) => (refusal === null ? null : describe(refusal))
  return {
    approve: said(decisionRefusal(change, looker, 'approve')),
    reject: said(decisionRefusal(change, looker, 'reject')),
    breakGlass: said(breakRefusal(change, looker, glass)),
    reviewGlass: said(reviewRefusal(change, looker)),
    resolve: said(resolveRefusal(change, looker)),
    revoke: said(revokeRefusal(change, looker)),
  }
}

export function decisionRefusal(
  change: Change,
  looker: Looker,
  type: 'approve' | 'reject',
): Refusal | null {
  const { actor, access, now } = looker
  if (actor.kind !== 'person') {
    const slots = change.evaluation?.requirement?.slots ?? []
    return { code: 'not_eligible', slots, because: 'not_a_person' }
  }
  if (actor.assurance === 'token' && liveKeys(access, actor.id).length === 0)
    return { code: 'terminal_never_decides' }
  const assurance = actor.assurance === 'token' ? 'session' : actor.assurance
  const action = 'decide_change'
  const decider = { ...actor, assurance } as const
  if (!permits(access, decider, { action, on: { workspace: change.workspace }, now }))
    return { code: 'not_permitted', action, needs: whoMay(action) }
  const context = {
    now,
    actor: refOf(actor),
    access,
    policyRevision: change.evaluation?.policyRevision ?? 0,
    executing: null,
    openCount: 0,
    glass: NO_GLASS,
  }
  const fields = fieldsOf(change, { person: actor.id, assurance }, access)
  const answer = decide(change, { type, ...fields }, context)
  return answer.ok ? null : answer.refusal
}

interface Decider {
  readonly person: PersonId
  readonly assurance: Assurance
}

/**
 * Any reason and any signature stand for the ones that will be given: neither is looked into. Who
 * has a passkey here can sign with it, from the page as from the terminal.
 */
function fieldsOf(change: Change, { person, assurance }: Decider, access: Access): DecideFields {
  const { fingerprint } = change.binding
  const [key] = assurance === 'development' ? [] : liveKeys(access, person)
  const decided = { person, fingerprint, reason: fingerprint, shown: null }
  return key === undefined
    ? { ...decided, assurance, signed: null }
    : { ...decided, assurance: 'passkey+cli', signed: { key: key.id, proof: fingerprint } }
}

/** Would this person's approval be the last one missing? */
export function isLastForRelease(change: Change, looker: Looker): boolean {
  const { actor, access, now } = looker
  const question = questionOf(change, now)
  if (actor.kind !== 'person' || actor.assurance === 'token' || question === null) return false
  if (decisionRefusal(change, looker, 'approve') !== null) return false
  const { id: person, assurance } = actor
  const mine: Decision = {
    ...fieldsOf(change, { person, assurance }, access),
    decision: 'approve',
    at: now,
    key: null,
    onCall: onCallOf(access, person, now),
  }
  return standing(access, question, [...change.decisions, mine]).satisfied
}
