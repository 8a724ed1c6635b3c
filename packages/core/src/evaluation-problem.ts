/**
 * Whether an evaluation may be recorded: of the policy in force, not from the future, not outlived,
 * and one that asks somebody whenever it holds. What is refused here changes nothing, so an engine
 * that errs can never release (I13, I14).
 */
import type { Change, Evaluated } from './change.ts'
import type { DecideContext } from './change-commands.ts'
import type { Refusal } from './refusals.ts'
import { allowedUntil } from './release.ts'
import type { Slot } from './verdict.ts'

export function evaluationProblem(
  change: Change,
  evaluated: Evaluated,
  context: Pick<DecideContext, 'now' | 'access' | 'policyRevision'>,
): Refusal | null {
  if (evaluated.policyRevision !== context.policyRevision) return { code: 'evaluation_stale' }
  // Written so that what is not a number is stale too.
  const isPast = evaluated.evaluatedAt <= context.now
  const isGood = evaluated.verdict !== 'allow' || context.now < allowedUntil(evaluated)
  if (!isPast || !isGood) return { code: 'evaluation_stale' }
  const pin = context.access.workspaces.get(change.workspace)?.pin ?? null
  const problem = requirementProblem(evaluated) ?? bindingProblem(evaluated, pin === null)
  return problem === null ? null : { code: 'invalid_input', problems: [problem] }
}

/** What is wrong with whom it asks; `null` when a hold asks somebody and nothing else does. */
export function requirementProblem(
  evaluated: Pick<Evaluated, 'verdict' | 'requirement'>,
): string | null {
  const { verdict, requirement } = evaluated
  if (verdict !== 'hold') return requirement === null ? null : 'it asks for people without a hold'
  const slots = requirement?.slots ?? []
  if (slots.length === 0) return 'it is held for nobody'
  const isAsking = ({ count, from, escalate }: Slot) =>
    count >= 1 && from.length > 0 && (escalate === undefined || escalate.to.length > 0)
  return slots.every(isAsking) ? null : 'one of its slots asks for nobody'
}

/** A rule alone never binds a workspace to where a plan acts: the first change needs people. */
export function bindingProblem(
  evaluated: Pick<Evaluated, 'verdict'>,
  isUnbound: boolean,
): string | null {
  return isUnbound && evaluated.verdict === 'allow'
    ? 'it allows a first change, which binds the workspace and needs people'
    : null
}
