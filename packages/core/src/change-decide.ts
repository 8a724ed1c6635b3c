/**
 * Which events a command gives: the rules of the gate, in a fixed order, the cheapest and most
 * specific first. Pure: `now`, access and the policy's revision are arguments, so a decision can be
 * repeated and verified. I8: it answers every (status, command) and never throws.
 */
import type { Access } from './access.ts'
import type { ActorRef } from './actor.ts'
import { ineligibility, meets } from './approval.ts'
import { type Change, type ChangeEvent, type Evaluated, evolve, isOpen } from './change.ts'
import {
  accept,
  type ChangeAnswer,
  type ChangeCommand,
  type DecideContext,
  type DecideFields,
  refuse,
} from './change-commands.ts'
import { decideStart, refuseStart } from './change-start.ts'
import type { Refusal } from './refusals.ts'
import { dueAt, keepEarlier, questionOf, releaseOf } from './release.ts'
import { compareToPin } from './target.ts'

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
  if (command.type === 'open') return open(change, command, context)
  if (change === null) return refuse({ code: 'not_found', what: 'change' })
  switch (command.type) {
    case 'record_evaluation':
      return recordEvaluation(change, command.evaluated, context)
    case 'approve':
      return approve(change, command, context)
    case 'reject':
      return reject(change, command, context)
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

type LaterCommand = Extract<
  ChangeCommand,
  { type: 'finish' | 'lose' | 'resolve_outcome' | 'supersede' | 'expire' }
>

function decideLater(change: Change, command: LaterCommand, context: DecideContext): ChangeAnswer {
  switch (command.type) {
    case 'finish':
      return finish(change, command)
    case 'lose':
      if (change.status !== 'executing') return wrongState(change, command.type)
      return accept({ type: 'outcome_unknown', because: command.because })
    case 'resolve_outcome':
      return resolveOutcome(change, command, context)
    case 'supersede':
      if (!isOpen(change.status)) return wrongState(change, command.type)
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
  const workspace = context.access.workspaces.get(opened.workspace)
  if (workspace === undefined) return refuse({ code: 'not_found', what: 'workspace' })
  if (context.openCount >= OPEN_CHANGES_MAX)
    return refuse({ code: 'too_many_open', max: OPEN_CHANGES_MAX })
  if (opened.expiresAt > context.now + PLAN_SECONDS_MAX * 1000 || opened.expiresAt <= context.now)
    return refuse({ code: 'invalid_input', problems: ['a plan is good for 24 hours at most'] })
  if (workspace.pin !== null) {
    const pin = { ...workspace.pin, lineage: workspace.lineage }
    const differences = compareToPin(pin, opened.target)
    if (differences.length > 0) return refuse({ code: 'target_differs', differences })
  }
  return accept({ type: 'change_opened', ...opened, bindsTarget: workspace.pin === null })
}

function recordEvaluation(
  change: Change,
  evaluated: Evaluated,
  context: DecideContext,
): ChangeAnswer {
  if (!isOpen(change.status)) return wrongState(change, 'record_evaluation')
  if (evaluated.policyRevision !== context.policyRevision)
    return refuse({ code: 'evaluation_stale' })
  const event: ChangeEvent = { type: 'evaluated', ...evaluated }
  if (evaluated.verdict === 'deny') return accept(event)
  const after = evolve(change, { event, at: context.now, actor: context.actor })
  const released = after === null ? null : releaseOf(after, context)
  return released === null ? accept(event) : accept(event, keepEarlier(change, released))
}

function approve(change: Change, command: DecideFields, context: DecideContext): ChangeAnswer {
  if (change.status === 'evaluating')
    return refuse({ code: 'not_evaluated', changeId: change.changeId })
  if (change.status !== 'held') return wrongState(change, 'approve')
  const problem = decisionProblem(change, command, context)
  if (problem !== null) return refuse(problem)
  if (alreadyApproved(change, command))
    return refuse({ code: 'already_decided', decision: 'approve' })
  const event: ChangeEvent = { type: 'approved', ...decisionFields(command) }
  const after = evolve(change, { event, at: context.now, actor: context.actor })
  const released = after === null ? null : releaseOf(after, context)
  return released === null ? accept(event) : accept(event, released)
}

function alreadyApproved(change: Change, command: DecideFields): boolean {
  return change.decisions.some(
    (each) => each.person === command.person && each.decision === 'approve',
  )
}

function reject(change: Change, command: DecideFields, context: DecideContext): ChangeAnswer {
  if (change.status === 'evaluating')
    return refuse({ code: 'not_evaluated', changeId: change.changeId })
  if (change.status !== 'held' && change.status !== 'released') return wrongState(change, 'reject')
  const owner = isOwner(change, command.person, context.access)
  const problem = owner
    ? fingerprintProblem(change, command)
    : decisionProblem(change, command, context)
  if (problem !== null) return refuse(problem)
  if (command.reason === null)
    return refuse({ code: 'reason_required', charactersMin: REASON_CHARACTERS_MIN })
  return accept({ type: 'rejected', ...decisionFields(command) })
}

function decisionFields(command: DecideFields): DecideFields {
  const { person, fingerprint, assurance, reason } = command
  return { person, fingerprint, assurance, reason }
}

function fingerprintProblem(change: Change, command: DecideFields): Refusal | null {
  const current = change.binding.fingerprint
  return command.fingerprint === current
    ? null
    : { code: 'other_fingerprint', seen: command.fingerprint, current }
}

/** Why a person's decision on this change would not count; also what disables the button. */
export function decisionProblem(
  change: Change,
  command: Pick<DecideFields, 'person' | 'fingerprint' | 'assurance'>,
  context: { readonly access: Access },
): Refusal | null {
  const other = fingerprintProblem(change, { ...command, reason: null })
  if (other !== null) return other
  const question = questionOf(change)
  if (question === null) return { code: 'not_eligible', slots: [], because: 'no_slot' }
  const why = ineligibility(context.access, question, command.person)
  if (why === 'in_requester_set') return { code: 'in_requester_set', why: behind(change, command) }
  const { slots, assurance: needs } = question.requirement
  if (why !== null) return { code: 'not_eligible', slots, because: why }
  if (!meets(command.assurance, needs))
    return { code: 'assurance_too_low', has: command.assurance, needs }
  return null
}

function behind(change: Change, command: Pick<DecideFields, 'person'>): string {
  return change.requester.id === command.person
    ? 'you requested it'
    : 'a commit or the pipeline names you'
}

function isOwner(change: Change, person: DecideFields['person'], access: Access): boolean {
  const owners = access.workspaces.get(change.workspace)?.owners ?? []
  return owners.includes(person) && access.people.get(person)?.active === true
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
  if (!sameActor(change, context.actor)) return refuse({ code: 'not_the_requester' })
  return accept({ type: 'withdrawn' })
}

function sameActor(change: Change, actor: ActorRef): boolean {
  return actor.id !== null && (actor.id === change.requester.id || actor.id === change.openedBy.id)
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

function resolveOutcome(
  change: Change,
  command: Extract<ChangeCommand, { type: 'resolve_outcome' }>,
  context: DecideContext,
): ChangeAnswer {
  if (change.status !== 'outcome_unknown') return wrongState(change, 'resolve_outcome')
  const requested = change.requester.excluded.includes(command.person)
  if (!isOwner(change, command.person, context.access) || requested) {
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
