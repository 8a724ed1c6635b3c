/** `holdpoint cfn deploy`: make a change set, wait, and execute exactly that one. */
import { runnerTools } from '../runner/registry.ts'
import { deploymentOf, jobOf, regionOf } from './cfn-job.ts'
import { usage } from './ended.ts'
import { workspaceOf } from './job.ts'
import type { Call } from './row.ts'
import { runTool } from './run-tool.ts'

export async function run(call: Call): Promise<number> {
  workspaceOf(call)
  const region = regionOf(call)
  if (region === null) throw usage('Name the region, with --region <region> or AWS_REGION')
  const job = await jobOf(call, await deploymentOf(call), region)
  const { cloudformation } = await runnerTools.cloudformation.load()
  return await runTool(call, cloudformation(job))
}
