/**
 * What the list of resources does not show of a plan: effects beside it, and signs that it is not
 * whole. No rule allows a plan with one of these unless it accepts it by name (DESIGN §6).
 */
import { type Plan, summarise } from '../plan.ts'
import { isIncomplete } from '../plans/completeness.ts'
import { leavesBehind } from '../plans/left-behind.ts'
import { programsThatRun } from '../programs.ts'
import { ACCEPTABLE, type Acceptable } from './document.ts'

/** Gaps that lie in what the plan would be given, and not in the plan. */
export type CredentialGap = Extract<Acceptable, 'unbounded' | 'own_credentials'>

/** The gaps of a plan, in the order of `ACCEPTABLE`. */
export function gapsOf(
  plan: Plan,
  credentials: readonly CredentialGap[] = [],
): readonly Acceptable[] {
  const counts = summarise(plan)
  const present: Readonly<Record<Acceptable, boolean>> = {
    errored: plan.errored,
    incomplete: isIncomplete(plan),
    unknown: counts.unknown > 0,
    deferred: counts.deferred > 0,
    invoke: counts.invoke > 0,
    // A replacement that forgets the old object counts as a replace, and still forgets.
    forget: counts.forget > 0 || plan.resources.some(leavesBehind),
    provisioners: programsThatRun(plan).length > 0,
    unbounded: credentials.includes('unbounded'),
    own_credentials: credentials.includes('own_credentials'),
  }
  return ACCEPTABLE.filter((gap) => present[gap])
}
