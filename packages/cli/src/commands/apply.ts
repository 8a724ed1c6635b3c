/** `holdpoint apply`: plan, wait for what the rules ask, and apply exactly that plan. */
import { runnerTools } from '../runner/registry.ts'
import { readJob, workspaceOf } from './job.ts'
import type { Call } from './row.ts'
import { runTool } from './run-tool.ts'

export async function run(call: Call): Promise<number> {
  workspaceOf(call)
  const job = await readJob(call, null)
  const { terraform } = await runnerTools.terraform.load()
  return await runTool(call, terraform(job))
}
