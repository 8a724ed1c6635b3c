/** `holdpoint pulumi up`: preview with a saved plan, wait, and update by exactly that plan. */
import { realpathSync } from 'node:fs'
import { readEnvironment } from '../io/environment.ts'
import { findPulumi, PULUMI_ARGUMENTS, parsePulumiArguments } from '../runner/pulumi/job.ts'
import { runnerTools } from '../runner/registry.ts'
import { usage } from './ended.ts'
import { hidingOf } from './hiding.ts'
import { workspaceOf } from './job.ts'
import type { Call } from './row.ts'
import { runTool } from './run-tool.ts'

export async function run(call: Call): Promise<number> {
  workspaceOf(call)
  const stack = call.flags.find('stack')
  if (stack === null) throw usage('Name the stack, with --stack <name>')
  const parsed = parsePulumiArguments(call.rest)
  if (!parsed.ok)
    throw usage(`${parsed.refused} is not allowed after --; ${PULUMI_ARGUMENTS.join(' ')} are`)
  const job = {
    folder: realpathSync(process.cwd()),
    program: findPulumi(readEnvironment()),
    stack,
    arguments: parsed.arguments,
    readEnvironment,
    patterns: await hidingOf(call.flags),
    token: call.settings.secret(),
  }
  const { pulumi } = await runnerTools.pulumi.load()
  return await runTool(call, pulumi(job))
}
