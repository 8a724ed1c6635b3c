/**
 * What an agent may send to the tools of `holdpoint mcp`. Strict, and bounded: an agent may be
 * talked into anything, so nothing here names a decision, an address to send to or a command.
 */
import { STATUSES } from '@holdpoint/core'
import { z } from 'zod'
import { Name } from './schemas.ts'

/** Characters of a plan as text; a larger one is given as a file. */
export const PLAN_TEXT_MAX = 2 * 1024 * 1024
export const WAIT_SECONDS = { standard: 50, max: 600 } as const

const file = z.string().min(1).max(1000)

const change = z
  .string()
  .max(40)
  .describe('The change’s id, or at least three characters of it, such as 8fq2kd')

const plan = {
  plan_file: file
    .exactOptional()
    .describe('Path of the plan, below the folder that the server runs in; or give plan_text'),
  plan_text: z
    .string()
    .max(PLAN_TEXT_MAX)
    .exactOptional()
    .describe(
      'The plan itself: JSON of terraform show -json, of a change set, of a Pulumi preview',
    ),
}

export const InspectPlan = z.strictObject(plan)

export const EvaluatePlan = z.strictObject({
  ...plan,
  policy_file: file.describe('Path of the policy (YAML), below the folder the server runs in'),
  labels: z
    .record(z.string().max(200), z.string().max(200))
    .exactOptional()
    .describe('Labels that the workspace would have'),
  at: z
    .string()
    .max(40)
    .exactOptional()
    .describe('When it would be evaluated (ISO 8601); else now'),
})

export const OpenChange = z.strictObject({
  reason: z
    .string()
    .min(3)
    .max(2000)
    .describe(
      'Why, for the people who decide. They see it in quotation marks, as the word of an agent',
    ),
  workspace: Name.exactOptional().describe(
    'Where the change is made; only where none is configured',
  ),
  tool_arguments: z
    .array(z.string().max(500))
    .max(50)
    .exactOptional()
    .describe('Arguments for the tool’s plan, such as -var-file=prod.tfvars'),
})

export const WaitForChange = z.strictObject({
  change,
  until: z
    .enum(['decided', 'ended'])
    .exactOptional()
    .describe('decided: no longer waiting for people. ended: also applied or failed. Else decided'),
  timeout_seconds: z
    .int()
    .min(1)
    .max(WAIT_SECONDS.max)
    .exactOptional()
    .describe(`How long to wait; else ${WAIT_SECONDS.standard}`),
})

export const ReadChange = z.strictObject({ change })

export const ListChanges = z.strictObject({
  status: z.enum(STATUSES).exactOptional(),
  limit: z.int().min(1).max(50).exactOptional().describe('Else 20'),
})

export const WithdrawChange = z.strictObject({ change })
