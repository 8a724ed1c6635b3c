/** Terraform and OpenTofu: a saved plan file, kept privately and applied once. */
import type { Tool } from '../tool.ts'
import { execute } from './execute.ts'
import type { Job } from './facts.ts'
import { prepare, type TerraformPlan } from './prepare.ts'
import { recheck } from './recheck.ts'

export function terraform(job: Job): Tool<TerraformPlan> {
  return {
    prepare: (context) => prepare(job, context),
    recheck: (prepared) => recheck(prepared, prepared.facts),
    execute,
  }
}
