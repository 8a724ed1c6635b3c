/** What the real object behind a resource is called, as far as the plan knows it. */
import type { ResourceChange } from './plan.ts'
import { field, NumberText } from './value.ts'

const IDENTITY = ['identifier', 'name', 'bucket', 'arn', 'id'] as const

/** Beside the values: the id that CloudFormation shows, and that of Pulumi's state. */
const BESIDE = ['PhysicalResourceId', 'old.id'] as const

/** From what exists before the change; `null` where the plan does not name it. */
export function realName(change: ResourceChange): string | null {
  const values = IDENTITY.map((attribute) => field(change.before, attribute))
  for (const value of [...values, ...BESIDE.map((key) => change.extra[key])]) {
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
    if (value instanceof NumberText) return value.text
  }
  return null
}
