/**
 * Which of a plan's programs run. The configuration names every provisioner; those of a resource
 * that stays as it is do not run, and a warning about them is one that people learn to pass over.
 * Where the plan says nothing of the resource, the program counts.
 */
import type { Plan, Provisioner } from './plan.ts'

export function programsThatRun(plan: Plan): readonly Provisioner[] {
  if (plan.provisioners.length === 0) return []
  const isIdle = new Map<string, boolean>()
  for (const { address, action } of plan.resources) {
    const resource = withoutKeys(address)
    isIdle.set(resource, (isIdle.get(resource) ?? true) && action === 'noop')
  }
  return plan.provisioners.filter(({ resource }) => isIdle.get(withoutKeys(resource)) !== true)
}

/** An address as the configuration has it: `module.a["x"].null_resource.b[0]` without its keys. */
function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '')
}
