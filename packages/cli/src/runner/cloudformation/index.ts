/** CloudFormation: a change set, kept by the service and executed once by its ARN. */
import type { Tool } from '../tool.ts'
import { execute } from './execute.ts'
import type { CloudformationJob } from './job.ts'
import { type CloudformationPlan, prepare } from './prepare.ts'
import { recheck } from './recheck.ts'

export function cloudformation(job: CloudformationJob): Tool<CloudformationPlan> {
  let earlier: CloudformationPlan | null = null
  return {
    prepare: async (context) => {
      earlier = await prepare(job, context, earlier)
      return earlier
    },
    recheck,
    execute,
  }
}
