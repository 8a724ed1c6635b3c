/**
 * The claim: may this runner execute this change, now? Everything that was approved is held against
 * what the runner found right before apply, and the policy in force has been evaluated again.
 * I1, I3, I4, I11 are decided here. A difference refuses the start and does not consume the approval.
 */
import type { Workspace } from './access.ts'
import type { Binding, Change, ChangeEvent, Evaluated, VerifiedBy } from './change.ts'
import {
  accept,
  asDifferences,
  type ChangeAnswer,
  type ChangeCommand,
  type DecideContext,
  type RefusedStart,
  refuse,
} from './change-commands.ts'
import { evolve } from './change-evolve.ts'
import { evaluationProblem } from './evaluation-problem.ts'
import { missingSlots, releaseOf } from './release.ts'
import { compareToPin, type Difference } from './target.ts'
import type { Requirement, Slot } from './verdict.ts'

/** An evaluation older than this is not "now" (DESIGN §7). */
export const EVALUATION_AGE_MS_MAX = 5_000
/** A refused start is an entry at most once a minute per change. */
export const REFUSED_START_INTERVAL_MS = 60_000
/** A grant lives an hour unless set lower. */
export const GRANT_SECONDS_MAX = 60 * 60

type Start = Extract<ChangeCommand, { type: 'start' }>

export function decideStart(change: Change, command: Start, context: DecideContext): ChangeAnswer {
  if (change.execution !== null)
    return refuse({ code: 'grant_used', at: change.execution.startedAt })
  if (change.status === 'expired')
    return refuse({ code: 'expired', at: change.releasedUntil ?? change.expiresAt })
  if (change.status === 'evaluating')
    return refuse({ code: 'not_evaluated', changeId: change.changeId })
  if (change.status === 'held')
    return refuse({ code: 'approvals_missing', missing: missingSlots(change, context) })
  if (change.status !== 'released')
    return refuse({ code: 'wrong_state', status: change.status, command: command.type })
  if (command.runnerKey !== change.runner.publicKey) return refuse({ code: 'other_runner' })
  if (!Number.isSafeInteger(command.grantSeconds) || command.grantSeconds < 1)
    return refuse({ code: 'invalid_input', problems: ['a grant lives a second or more'] })
  const until = Math.min(change.releasedUntil ?? 0, change.expiresAt)
  if (context.now >= until) return refuse({ code: 'expired', at: until })
  const differences = bindingDifferences(change.binding, command.binding)
  if (differences.length > 0)
    return refusedStart(change, { differences, names: command.names }, context)
  const workspace = context.access.workspaces.get(change.workspace)
  if (workspace === undefined) return refuse({ code: 'not_found', what: 'workspace' })
  const elsewhere = pinDifferences(change, workspace)
  if (elsewhere.length > 0) return refuse({ code: 'target_differs', differences: elsewhere })
  return startUnderPolicy(change, command, context)
}

/**
 * The pin may have been set or moved after the change was opened. A release pins, so where there is
 * none it could not be recorded, and nothing says that the next change acts in the same place.
 */
function pinDifferences(change: Change, { pin, lineage }: Workspace): readonly Difference[] {
  if (pin !== null) return compareToPin({ ...pin, lineage }, change.target)
  const { type } = change.target.backend
  return [{ part: 'backend', name: null, approved: 'not pinned', now: type }]
}

function startUnderPolicy(change: Change, command: Start, context: DecideContext): ChangeAnswer {
  const { evaluated } = command
  if (context.now - evaluated.evaluatedAt > EVALUATION_AGE_MS_MAX)
    return refuse({ code: 'evaluation_stale' })
  const problem = evaluationProblem(change, evaluated, context)
  if (problem !== null) return refuse(problem)
  const event: ChangeEvent = { type: 'evaluated', ...evaluated }
  if (evaluated.verdict === 'deny')
    return refuse({ code: 'denied_now', rules: evaluated.rules }, event)
  const after = evolve(change, { event, at: context.now, actor: context.actor })
  const released = after === null ? null : releaseOf(after, context)
  if (released === null) {
    const missing = after === null ? [] : missingSlots(after, context)
    return refuse({ code: 'approvals_missing', missing }, event)
  }
  if (context.executing !== null)
    return refuse({ code: 'workspace_busy', changeId: context.executing })
  const started = startedEvent(change, command, context)
  if (sameEvaluation(change.evaluation, evaluated)) return accept(started)
  // The log must show under which evaluation it started (I11), so a new one is an entry first.
  return accept(event, released, started)
}

/** Whether nothing that counts is new: then it is no entry. The findings hold the time, so never equal. */
export function sameEvaluation(before: Evaluated | null, now: Evaluated): boolean {
  return (
    before !== null &&
    before.verdict === now.verdict &&
    before.policyRevision === now.policyRevision &&
    before.allowedBy === now.allowedBy &&
    before.scope === now.scope &&
    JSON.stringify(before.rules) === JSON.stringify(now.rules) &&
    sameRequirement(before.requirement, now.requirement)
  )
}

/** By content: the one was read from the log, with its keys sorted, the other just computed. */
function sameRequirement(before: Requirement | null, now: Requirement | null): boolean {
  if (before === null || now === null) return before === now
  return requirementText(before) === requirementText(now)
}

function requirementText({ slots, assurance, expiresSeconds }: Requirement): string {
  const slotText = ({ from, count, escalate }: Slot) => [
    from,
    count,
    escalate === undefined ? null : [escalate.afterSeconds, escalate.to],
  ]
  return JSON.stringify([assurance, expiresSeconds, slots.map(slotText)])
}

function startedEvent(change: Change, command: Start, context: DecideContext): ChangeEvent {
  const seconds = Math.min(command.grantSeconds, GRANT_SECONDS_MAX)
  return {
    type: 'execution_started',
    grant: command.grant,
    until: context.now + seconds * 1000,
    verifiedBy: verifiedBy(change),
    runnerKey: command.runnerKey,
    binding: command.binding,
    policyRevision: command.evaluated.policyRevision,
    verdict: command.evaluated.verdict,
    ...(command.evaluated.scope === undefined ? {} : { scope: command.evaluated.scope }),
  }
}

/** Whose word it is that what ran is what was approved. */
export function verifiedBy(change: Change): VerifiedBy {
  return change.door === 'gate' ? 'pipeline' : change.runner.trust
}

export function refuseStart(
  change: Change,
  command: Extract<ChangeCommand, { type: 'refuse_start' }>,
  context: DecideContext,
): ChangeAnswer {
  if (change.status !== 'released')
    return refuse({ code: 'wrong_state', status: change.status, command: command.type })
  if (command.runnerKey !== change.runner.publicKey) return refuse({ code: 'other_runner' })
  if (command.refused.differences.length === 0)
    return refuse({ code: 'invalid_input', problems: ['a refused start says what differs'] })
  const event = refusedEvent(change, command.refused, context)
  return event === null ? accept() : accept(event)
}

function refusedStart(change: Change, refused: RefusedStart, context: DecideContext): ChangeAnswer {
  const event = refusedEvent(change, refused, context)
  const refusal = { code: 'differs', differences: asDifferences(refused) } as const
  return event === null ? refuse(refusal) : refuse(refusal, event)
}

function refusedEvent(
  change: Change,
  refused: RefusedStart,
  context: DecideContext,
): ChangeEvent | null {
  const last = change.refusedStartAt
  if (last !== null && context.now - last < REFUSED_START_INTERVAL_MS) return null
  return { type: 'execution_refused', differences: refused.differences, names: refused.names }
}

/** The parts of what was approved that are not what is there now. */
export function bindingDifferences(approved: Binding, now: Binding): RefusedStart['differences'] {
  const parts = ['artifact', 'source', 'inputs', 'plan', 'fingerprint'] as const
  return parts
    .filter((part) => approved[part] !== now[part])
    .map((part) => ({ part, approved: approved[part], now: now[part] }))
}
