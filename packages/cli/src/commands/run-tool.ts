/** A run of any tool from the command line: its events on the screen, its end as the exit code. */
import { readEnvironment } from '../io/environment.ts'
import { ownProgram } from '../io/own-program.ts'
import { AWAY_MS_MAX } from '../runner/patience.ts'
import { startRun } from '../runner/run.ts'
import type { Prepared, Tool } from '../runner/tool.ts'
import { connect } from './connection.ts'
import { GRANT_SECONDS, requestOf, workspaceOf } from './job.ts'
import type { Call } from './row.ts'
import { openSession } from './run-session.ts'

export async function runTool<P extends Prepared>(call: Call, tool: Tool<P>): Promise<number> {
  const workspace = workspaceOf(call)
  const client = connect(call.settings)
  const session = openSession(call, { client, workspace, door: 'apply' })
  const running = startRun({
    tool,
    workspaceName: workspace,
    environment: readEnvironment,
    program: ownProgram(),
    client,
    token: call.settings.secret(),
    request: await requestOf(call),
    onEvent: session.onEvent,
    noWait: call.flags.has('no-wait'),
    awayMsMax: AWAY_MS_MAX,
    get whenInterrupted() {
      return session.whenInterrupted()
    },
    grantSeconds: GRANT_SECONDS,
    onDifference: async () => await putBack(call),
  })
  return await session.follow(running)
}

/** The approvals stand, so somebody at the terminal can put it back and go on in this very run. */
async function putBack({ screen }: Call): Promise<'again' | 'stop'> {
  if (!screen.asks || screen.json) return 'stop'
  const answer = await screen.ask('Put it back and check again? [y/N] ')
  return answer !== null && /^y(es)?$/i.test(answer) ? 'again' : 'stop'
}
