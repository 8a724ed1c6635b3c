/** `holdpoint apply`: plan, wait for what the rules ask, and apply exactly that plan. */
import { AWAY_MS_MAX } from '../runner/patience.ts'
import { startRun } from '../runner/run.ts'
import { terraform } from '../runner/terraform/index.ts'
import { connect } from './connection.ts'
import { GRANT_SECONDS, readJob, requestOf, workspaceOf } from './job.ts'
import type { Call } from './row.ts'
import { openSession } from './run-session.ts'

export async function run(call: Call): Promise<number> {
  const workspace = workspaceOf(call)
  const job = await readJob(call, null)
  const client = connect(call.settings)
  const session = openSession(call, { client, workspace, door: 'apply' })
  const running = startRun({
    tool: terraform(job),
    workspaceName: workspace,
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
