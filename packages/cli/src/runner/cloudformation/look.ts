/**
 * One look at a change set: the service's whole description as a plan in clear, the stack it is for,
 * and whether it can be executed. Made when planning and once more right before the start.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { type Plan, readPlan } from '@holdpoint/core'
import { Fault } from '../../io/fault.ts'
import { type Described, describeWhole } from './described.ts'
import type { Service, SetName } from './service.ts'

export interface Look {
  readonly described: Described
  /** In clear but for what the service masks. */
  readonly clear: Plan
  readonly stack: StackNow
  /** `AVAILABLE`, or why it cannot be executed now, in the service's words. */
  readonly execution: string
}

export interface StackNow {
  /** It is there for this change set only. */
  readonly isNew: boolean
  readonly role: string | null
}

export async function lookAt(service: Service, name: SetName): Promise<Look> {
  const described = await describeWhole(service, name)
  const stack = await service.stack(described.name.stack)
  const isNew = stack === null || stack.StackStatus === 'REVIEW_IN_PROGRESS'
  const bytes = new TextEncoder().encode(JSON.stringify(described.answers))
  const parsed = readPlan(bytes, nodePrimitives, 'cloudformation')
  if (!parsed.ok) throw new Fault('plan_unreadable', parsed.refusal.message)
  const execution = described.sets[0]?.fields.ExecutionStatus ?? 'UNAVAILABLE'
  return {
    described,
    clear: parsed.plan,
    stack: { isNew, role: stack?.RoleARN ?? null },
    execution,
  }
}
