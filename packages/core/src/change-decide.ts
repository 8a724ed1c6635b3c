/**
 * Which events a command gives: the rules of the gate, in a fixed order, the cheapest and most
 * specific first. Pure: `now`, access and the policy's revision are arguments, so a decision can be
 * repeated and verified. I8: it answers every (status, command) and never throws.
 */
import type { Access, Workspace } from './access.ts'
import { pinProblem } from './access-commands.ts'
import { peopleBehind } from './access-tokens.ts'
import type { ActorRef } from './actor.ts'
import { meets, onCallOf } from './approval.ts'
import { type Change, type ChangeEvent, type Evaluated, isOpen, type Requester } from './change.ts'
import {
  type AdoptFields,
  accept,
  type ChangeAnswer,
  type ChangeCommand,
  type DecideContext,
  type DecideFields,
  refuse,
} from './change-commands.ts'
import { issueCredentials, revokeGrant } from './change-credentials.ts'
import { evolve } from './change-evolve.ts'
import { breakGlass, reviewGlass } from './change-glass.ts'
import { decideStart, refuseStart } from './change-start.ts'
import {
  canResolve,
  decisionProblem,
  fingerprintProblem,
  rejectionProblem,
} from './decision-problem.ts'
import { evaluationProblem } from './evaluation-problem.ts'
import { unfitProblem } from './event-fit.ts'
import type { PersonId } from './ids.ts'
import type { Refusal } from './refusals.ts'
import { dueAt, releaseOf } from './release.ts'
import { compareToPin, pinnedFrom, type Target } from './target.ts'

/** Open changes per requester and workspace; more are refused before anything is stored. */
export const OPEN_CHANGES_MAX = 20
/** A plan is good for a day at most (DESIGN §6). */
export const PLAN_SECONDS_MAX = 24 * 60 * 60
export const REASON_CHARACTERS_MIN = 3

export function decide(
  change: Change | null,
  command: ChangeCommand,
  context: DecideContext,
): ChangeAnswer {
  const answer = answerTo(change, command, context)
  const problems = answer.events.map(unfitProblem).filter((problem) => problem !== null)
  return problems.length === 0 ? answer : refuse({ code: 'invalid_input', problems })
}

function answerTo(
  change: Change | null,
  command: ChangeCommand,
  context: DecideContext,
): ChangeAnswer {
  if (command.type === 'open') return open(change, command, context)
  if (change === null) return refuse({ code: 'not_found', what: 'change' })
  if ('person' in command && !isSelf(context.actor, command.person))
    return refuse({ code: 'not_eligible', slots: [], because: 'not_a_person' })
  switch (command.type) {
    case 'record_evaluation':
      return recordEvaluation(change, command.evaluated, context)
    case 'approve':
      return approve(change, command, context)
    case 'reject':
      return reject(change, command, context)
    case 'break_glass':
      return breakGlass(change, command, context)
    case 'review_glass':
      return reviewGlass(change, command, context)
    case 'adopt':
      return adopt(change, command, context)
    case 'take_back':
      return takeBack(change, command, context)
    case 'withdraw':
      return withdraw(change, context)
    case 'start':
      return decideStart(change, command, context)
    case 'refuse_start':
      return refuseStart(change, command, context)
    default:
      return decideLater(change, command, context)
  }
}

/** Nobody decides for another, and nothing but a person decides. */
function isSelf(actor: ActorRef, person: PersonId): boolean {
  return actor.kind === 'person' && actor.id === person
}

type LaterCommand = Extract<
  ChangeCommand,
  {
    type:
      | 'issue_credentials'
      | 'revoke_grant'
      | 'finish'
      | 'lose'
      | 'resolve_outcome'
      | 'supersede'
      | 'expire'
  }
>

function decideLater(change: Change, command: LaterCommand, context: DecideContext): ChangeAnswer {
  switch (command.type) {
    case 'issue_credentials':
      return issueCredentials(change, command, context)
    case 'revoke_grant':
      return revokeGrant(change, command, context)
    case 'finish':
      return finish(change, command)
    case 'lose':
      return lose(change, command, context)
    case 'resolve_outcome':
      return resolveOutcome(change, command, context)
    case 'supersede':
      if (!isOpen(change.status)) return wrongState(change, command.type)
      if (command.by === change.changeId)
        return refuse({ code: 'invalid_input', problems: ['a change does not supersede itself'] })
      return accept({ type: 'superseded', by: command.by })
    case 'expire':
      return expire(change, context)
  }
}

function open(
  change: Change | null,
  command: Extract<ChangeCommand, { type: 'open' }>,
  context: DecideContext,
): ChangeAnswer {
  const { opened } = command
  if (change !== null) return refuse({ code: 'already_exists', what: 'change' })
  const problem = requesterProblem(opened.requester, context.actor, context.access)
  if (problem !== null) return refuse({ code: 'invalid_input', problems: [problem] })
  const workspace = context.access.workspaces.get(opened.workspace)
  if (workspace === undefined) return refuse({ code: 'not_found', what: 'workspace' })
  if (context.openCount >= OPEN_CHANGES_MAX)
    return refuse({ code: 'too_many_open', max: OPEN_CHANGES_MAX })
  if (opened.expiresAt > context.now + PLAN_SECONDS_MAX * 1000 || opened.expiresAt <= context.now)
    return refuse({ code: 'invalid_input', problems: ['a plan is good for 24 hours at most'] })
  const elsewhere = targetProblem(workspace, opened.target)
  if (elsewhere !== null) return refuse(elsewhere)
  return accept({ type: 'change_opened', ...opened, bindsTarget: workspace.pin === null })
}

/** Acts where the workspace is pinned to, or could be pinned to where it acts. */
function targetProblem({ pin, lineage }: Workspace, target: Target): Refusal | null {
  if (pin === null) return pinProblem(pinnedFrom(target))
  const differences = compareToPin({ ...pin, lineage }, target)
  return differences.length > 0 ? { code: 'target_differs', differences } : null
}

/** Who asks is who is recorded as asking, and never counts as approver (I2). */
export function requesterProblem(
  requester: Requester,
  actor: ActorRef,
  access: Access,
): string | null {
  if (requester.id !== actor.id) return 'its requester is not who opens it'
  const behind = peopleBehind(access, requester.id)
  if (behind.some((person) => !requester.excluded.includes(person)))
    return 'its requester set leaves out whom its token names'
  if (actor.kind !== 'person') return null
  return requester.excluded.some((person) => person === actor.id)
    ? null
    : 'its requester is not in the requester set'
}

function recordEvaluation(
  change: Change,
  evaluated: Evaluated,
  context: DecideContext,
): ChangeAnswer {
  if (!isOpen(change.status)) return wrongState(change, 'record_evaluation')
  const due = dueAt(change)
  if (context.now >= due) return refuse({ code: 'expired', at: due })
  const problem = evaluationProblem(change, evaluated, context)
  if (problem !== null) return refuse(problem)
  const event: ChangeEvent = { type: 'evaluated', ...evaluated }
  if (evaluated.verdict === 'deny') return accept(event)
  const after = evolve(change, { event, at: context.now, actor: context.actor })
  const released = after === null ? null : releaseOf(after, context)
  return released === null ? accept(event) : accept(event, released)
}

function approve(change: Change, command: DecideFields, context: DecideContext): ChangeAnswer {
  if (change.status === 'evaluating')
    return refuse({ code: 'not_evaluated', changeId: change.changeId })
  if (change.status !== 'held') return wrongState(change, 'approve')
  // Timeouts deny: what is due stays due, even before the timer has come round to it.
  const due = dueAt(change)
  if (context.now >= due) return refuse({ code: 'expired', at: due })
  const problem = decisionProblem(change, command, context)
  if (problem !== null) return refuse(problem)
  if (alreadyApproved(change, command))
    return refuse({ code: 'already_decided', decision: 'approve' })
  const event: ChangeEvent = { type: 'approved', ...decisionFields(command, context) }
  const after = evolve(change, { event, at: context.now, actor: context.actor })
  const released = after === null ? null : releaseOf(after, context)
  return released === null ? accept(event) : accept(event, released)
}

/** Signing the same approval again, more strongly, is not the same approval. */
function alreadyApproved(change: Change, command: DecideFields): boolean {
  return change.decisions.some(
    (each) =>
      each.person === command.person &&
      each.decision === 'approve' &&
      meets(each.assurance, command.assurance),
  )
}

function reject(change: Change, command: DecideFields, context: DecideContext): ChangeAnswer {
  if (change.status === 'evaluating')
    return refuse({ code: 'not_evaluated', changeId: change.changeId })
  if (change.status !== 'held' && change.status !== 'released') return wrongState(change, 'reject')
  const problem = rejectionProblem(change, command, context)
  if (problem !== null) return refuse(problem)
  if (command.reason === null)
    return refuse({ code: 'reason_required', charactersMin: REASON_CHARACTERS_MIN })
  return accept({ type: 'rejected', ...decisionFields(command, context) })
}

function decisionFields(command: DecideFields, { access, now }: DecideContext) {
  const onCall = onCallOf(access, command.person, now)
  const { person, fingerprint, assurance, reason, signed, shown } = command
  return { person, fingerprint, assurance, reason, signed, shown, onCall }
}

function takeBack(
  change: Change,
  command: Extract<ChangeCommand, { type: 'take_back' }>,
  context: DecideContext,
): ChangeAnswer {
  if (change.status !== 'held' && change.status !== 'released')
    return wrongState(change, 'take_back')
  if (!change.decisions.some((each) => each.person === command.person))
    return refuse({ code: 'nothing_to_take_back' })
  const event: ChangeEvent = { type: 'approval_taken_back', person: command.person }
  if (change.status === 'held') return accept(event)
  const after = evolve(change, { event, at: context.now, actor: context.actor })
  if (after !== null && releaseOf(after, context) !== null) return accept(event)
  return accept(event, { type: 'returned_to_hold', because: 'approval_taken_back' })
}

function withdraw(change: Change, context: DecideContext): ChangeAnswer {
  if (!isOpen(change.status)) return wrongState(change, 'withdraw')
  if (!isRequester(change, context.actor)) return refuse({ code: 'not_the_requester' })
  return accept({ type: 'withdrawn' })
}

export function isRequester(change: Change, actor: ActorRef): boolean {
  return actor.id !== null && (actor.id === change.requester.id || actor.id === change.openedBy.id)
}

/**
 * Planned again and equal: nobody is asked twice (DESIGN §5). Only for the person who opened it:
 * behind a token stand many, and one of them could take another's release over.
 */
function adopt(change: Change, command: AdoptFields, context: DecideContext): ChangeAnswer {
  if (change.status !== 'held' && change.status !== 'released') return wrongState(change, 'adopt')
  if (!isOwnRequest(change, context.actor)) return refuse({ code: 'not_the_requester' })
  const { fingerprint, artifact, runnerKey: publicKey } = command
  const other = fingerprintProblem(change, { fingerprint })
  return other === null ? accept({ type: 'replanned', publicKey, artifact }) : refuse(other)
}

/** A person's own run; what a pipeline opened goes on in the run that opened it. */
export function isOwnRequest(change: Change, actor: ActorRef): boolean {
  return change.door === 'apply' && actor.kind === 'person' && isRequester(change, actor)
}

function finish(change: Change, command: Extract<ChangeCommand, { type: 'finish' }>): ChangeAnswer {
  if (command.runnerKey !== change.runner.publicKey) return refuse({ code: 'other_runner' })
  if (change.status === 'executing')
    return accept({ type: 'execution_finished', ...command.outcome })
  // A signed finish that comes too late is a report: it is recorded and changes no status.
  if (change.status === 'outcome_unknown' && change.outcome === null)
    return accept({ type: 'outcome_reported_late', ...command.outcome })
  return wrongState(change, 'finish')
}

function lose(
  change: Change,
  command: Extract<ChangeCommand, { type: 'lose' }>,
  context: DecideContext,
): ChangeAnswer {
  const { execution } = change
  if (change.status !== 'executing' || execution === null) return wrongState(change, 'lose')
  if (command.because === 'grant_ended' && context.now < execution.until)
    return refuse({ code: 'not_due', at: execution.until })
  return accept({ type: 'outcome_unknown', because: command.because })
}

function resolveOutcome(
  change: Change,
  command: Extract<ChangeCommand, { type: 'resolve_outcome' }>,
  context: DecideContext,
): ChangeAnswer {
  if (change.status !== 'outcome_unknown') return wrongState(change, 'resolve_outcome')
  if (!canResolve(change, command.person, context.access)) {
    const workspace = context.access.workspaces.get(change.workspace)?.name ?? change.workspace
    return refuse({ code: 'not_an_owner', workspace })
  }
  const { person, resolution, reason } = command
  return accept({ type: 'outcome_resolved', person, resolution, reason })
}

function expire(change: Change, context: DecideContext): ChangeAnswer {
  if (!isOpen(change.status)) return wrongState(change, 'expire')
  const due = dueAt(change)
  if (context.now < due) return refuse({ code: 'not_due', at: due })
  return accept({ type: 'expired' })
}

function wrongState(change: Change, command: ChangeCommand['type']): ChangeAnswer {
  return refuse({ code: 'wrong_state', status: change.status, command })
}
