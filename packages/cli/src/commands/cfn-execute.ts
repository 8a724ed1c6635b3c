/** `holdpoint cfn execute`: a change set that is there, made by CDK for example, or held before. */
import { runnerTools } from '../runner/registry.ts'
import { jobOf } from './cfn-job.ts'
import { usage } from './ended.ts'
import { workspaceOf } from './job.ts'
import type { Call } from './row.ts'
import { runTool } from './run-tool.ts'

/** A name alone could mean another change set tomorrow. */
const CHANGE_SET = /^arn:aws[a-z-]*:cloudformation:([a-z0-9-]+):\d{12}:changeSet\/[^/]+\/[^/]+$/

export async function run(call: Call): Promise<number> {
  workspaceOf(call)
  const [changeSet = ''] = call.words
  const region = CHANGE_SET.exec(changeSet)?.[1]
  if (region === undefined) throw usage('Give the change set by its ARN, not by its name')
  const job = await jobOf(call, { type: 'given', changeSet }, region)
  const { cloudformation } = await runnerTools.cloudformation.load()
  return await runTool(call, cloudformation(job))
}
