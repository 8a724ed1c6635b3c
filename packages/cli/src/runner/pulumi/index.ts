/** Pulumi: a saved plan, kept privately and followed once, from the checkpoint it was made from. */
import type { Tool } from '../tool.ts'
import { execute } from './execute.ts'
import type { PulumiJob } from './job.ts'
import { type PulumiPlan, prepare } from './prepare.ts'
import { recheck } from './recheck.ts'

export function pulumi(job: PulumiJob): Tool<PulumiPlan> {
  return { prepare: (context) => prepare(job, context), recheck, execute }
}
