/** `holdpoint gate finish`: the pipeline's own word on how its apply ended. */
import { readEnvironment } from '../io/environment.ts'
import { finishGate } from '../runner/gate-finish.ts'
import { gateFolder } from '../runner/gate-state.ts'
import { connect } from './connection.ts'
import { usage } from './ended.ts'
import { planPath, readJob } from './job.ts'
import type { Call } from './row.ts'
import { openSession } from './run-session.ts'

export async function run(call: Call): Promise<number> {
  const exitCode = readExitCode(call.flags.find('exit-code'))
  const plan = call.words[0]
  const client = connect(call.settings)
  const session = openSession(call, { client, workspace: '', door: 'gate' })
  const ended = finishGate({
    client,
    job: await readJob(call, plan === undefined ? null : planPath(plan)),
    stateFolder: gateFolder(readEnvironment()),
    exitCode,
    onEvent: session.onEvent,
  })
  const control = { interrupt: () => {}, kill: () => {} }
  return await session.follow({ control, ended })
}

function readExitCode(typed: string | null): number {
  if (typed !== null && /^\d{1,3}$/.test(typed) && Number(typed) <= 255) return Number(typed)
  throw usage('Say how the tool ended, with --exit-code <0 to 255>')
}
