/**
 * What the list of resources does not show of a plan: effects beside it, and signs that it is not
 * whole. No rule allows a plan with one of these unless it accepts it by name (DESIGN §6).
 */
import { type Plan, summarise } from '../plan.ts'
import { ACCEPTABLE, type Acceptable } from './document.ts'

/** The gaps of a plan, in the order of `ACCEPTABLE`. */
export function gapsOf(plan: Plan): readonly Acceptable[] {
  const counts = summarise(plan)
  const present: Readonly<Record<Acceptable, boolean>> = {
    errored: plan.errored,
    incomplete: isIncomplete(plan),
    unknown: counts.unknown > 0,
    deferred: counts.deferred > 0,
    invoke: counts.invoke > 0,
    // A replacement that forgets the old object counts as a replace, and still forgets.
    forget: counts.forget > 0 || plan.resources.some((one) => one.actions.includes('forget')),
    provisioners: plan.provisioners.length > 0,
  }
  return ACCEPTABLE.filter((gap) => present[gap])
}

/**
 * Whether a plan says, or must be taken to say, that it does not cover the whole configuration.
 * `complete` is absent in OpenTofu and in old Terraform, and absence means nothing there; since
 * 1.9 every Terraform writes it, so a plan without it was cut.
 */
export function isIncomplete(plan: Plan): boolean {
  if (plan.complete !== null) return !plan.complete
  return plan.tool === 'terraform' && saysComplete(plan.toolVersion)
}

function saysComplete(version: string): boolean {
  const [, major = '0', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? []
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 9)
}
