/**
 * Breaking the glass: one listed person stands in for everybody whom the rules ask, signed with a
 * passkey, with a reason, for minutes. It never stands in for a rule that denies, for what binds a
 * decision to its plan or a workspace to its target, or for the log; and somebody else reviews it.
 */
import type { Access } from './access.ts'
import { ineligibility, meets } from './approval.ts'
import { type Change, type ChangeEvent, type Glass, isOpen } from './change.ts'
import {
  accept,
  type ChangeAnswer,
  type ChangeCommand,
  type DecideContext,
  refuse,
} from './change-commands.ts'
import { evolve } from './change-evolve.ts'
import {
  behind,
  type Deciding,
  fingerprintProblem,
  isOwner,
  signatureProblem,
} from './decision-problem.ts'
import type { ChangeId, PersonId, WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Refusal } from './refusals.ts'
import { dueAt, releaseOf } from './release.ts'

/** Somebody else reviews it within this time, or whoever broke it cannot do it again. */
export const GLASS_REVIEW_MS = 72 * 60 * 60 * 1000
/** In one workspace, in any 24 hours. */
export const GLASS_PER_DAY_MAX = 3
export const GLASS_PER_DAY_MS = 24 * 60 * 60 * 1000

/** What earlier broken glass means for whoever wants to break it now. */
export interface GlassFacts {
  /** A change whose glass this person broke and whose review is overdue. */
  readonly overdue: ChangeId | null
  /** How often it was broken in the workspace in the last 24 hours. */
  readonly lastDay: number
}

export const NO_GLASS: GlassFacts = { overdue: null, lastDay: 0 }

export function glassFacts(
  changes: Iterable<Change>,
  asked: { readonly person: PersonId; readonly workspace: WorkspaceId; readonly now: Instant },
): GlassFacts {
  let overdue: ChangeId | null = null
  let lastDay = 0
  for (const { changeId, workspace, glass } of changes) {
    if (glass === null) continue
    if (glass.person === asked.person && isReviewOverdue(glass, asked.now)) overdue = changeId
    if (workspace === asked.workspace && asked.now - glass.at < GLASS_PER_DAY_MS) lastDay += 1
  }
  return { overdue, lastDay }
}

/** Until when somebody else has to have reviewed it. */
export function reviewDueAt(glass: Pick<Glass, 'at'>): Instant {
  return glass.at + GLASS_REVIEW_MS
}

export function isReviewOverdue(glass: Pick<Glass, 'at' | 'review'>, now: Instant): boolean {
  return glass.review === null && now >= reviewDueAt(glass)
}

type Break = Extract<ChangeCommand, { type: 'break_glass' }>
type Review = Extract<ChangeCommand, { type: 'review_glass' }>

export function breakGlass(change: Change, command: Break, context: DecideContext): ChangeAnswer {
  if (change.status === 'evaluating')
    return refuse({ code: 'not_evaluated', changeId: change.changeId })
  const wrong = { code: 'wrong_state', status: change.status, command: command.type } as const
  if (change.status !== 'held' || change.evaluation?.verdict !== 'hold') return refuse(wrong)
  const due = dueAt(change)
  if (context.now >= due) return refuse({ code: 'expired', at: due })
  const problem = glassProblem(change, command, context)
  if (problem !== null) return refuse(problem)
  const { person, fingerprint, assurance, reason, signed } = command
  const fields = { person, fingerprint, assurance, reason, signed }
  const event: ChangeEvent = { type: 'glass_broken', ...fields }
  const after = evolve(change, { event, at: context.now, actor: context.actor })
  const released = after === null ? null : releaseOf(after, context)
  return released === null ? refuse(wrong) : accept(event, released)
}

/** Why this person cannot break the glass of this held change; also what the page says. */
export function glassProblem(
  change: Change,
  by: Deciding,
  context: { readonly access: Access; readonly now: Instant; readonly glass: GlassFacts },
): Refusal | null {
  const { access, glass } = context
  const other = fingerprintProblem(change, by)
  if (other !== null) return other
  if (!meets(by.assurance, 'passkey'))
    return { code: 'assurance_too_low', has: by.assurance, needs: 'passkey' }
  const unsigned = signatureProblem(by, access)
  if (unsigned !== null) return unsigned
  if (change.glass !== null) return { code: 'glass_refused', because: 'broken_before' }
  // A release pins, and where a workspace acts is not for one person to say.
  if ((access.workspaces.get(change.workspace)?.pin ?? null) === null)
    return { code: 'glass_refused', because: 'binds_target' }
  if (glass.overdue !== null) return { code: 'glass_review_overdue', changeId: glass.overdue }
  if (glass.lastDay >= GLASS_PER_DAY_MAX) return { code: 'glass_refused', because: 'too_often' }
  return null
}

export function reviewGlass(change: Change, command: Review, context: DecideContext): ChangeAnswer {
  const problem = reviewProblem(change, command, context)
  if (problem !== null) return refuse(problem)
  const { person, assurance, finding, reason, signed } = command
  return accept({ type: 'glass_reviewed', person, assurance, finding, reason, signed })
}

/** Why this person cannot review the broken glass of this change, now. */
export function reviewProblem(
  change: Change,
  by: Pick<Review, 'person' | 'assurance' | 'signed'>,
  { access, now }: { readonly access: Access; readonly now: Instant },
): Refusal | null {
  const { glass, status } = change
  if (glass === null || glass.review !== null) return { code: 'not_a_reviewer', because: 'nothing' }
  const refused = reviewerProblem(change, by.person, { access, now })
  if (refused !== null) return refused
  // What is reviewed is what came of it, so not before it is over.
  if (isOpen(status) || status === 'executing')
    return { code: 'wrong_state', status, command: 'review_glass' }
  return signatureProblem(by, access)
}

/** Why this is nobody who reviews it, whenever: who broke it, behind the request, or not asked. */
export function reviewerProblem(
  change: Change,
  person: PersonId,
  { access, now }: { readonly access: Access; readonly now: Instant },
): Refusal | null {
  const { glass } = change
  if (glass === null) return { code: 'not_a_reviewer', because: 'nothing' }
  if (person === glass.person) return { code: 'not_a_reviewer', because: 'broke_it' }
  if (change.requester.excluded.includes(person))
    return { code: 'in_requester_set', why: behind(change, { person }) }
  if (isOwner(change, person, access)) return null
  const { requirement } = glass
  const { openedAt, requester, binding } = change
  const asked = { fingerprint: binding.fingerprint, excluded: requester.excluded, openedAt, now }
  const isAsked =
    requirement !== null && ineligibility(access, { ...asked, requirement }, person) === null
  return isAsked ? null : { code: 'not_a_reviewer', because: 'no_right' }
}
