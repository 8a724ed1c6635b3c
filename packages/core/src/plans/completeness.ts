/**
 * Whether a plan covers the whole configuration. Tools say it differently, and some say nothing, so
 * the question is answered here, beside the formats, and asked nowhere else by a tool's name.
 */
import type { Plan } from '../plan.ts'

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
