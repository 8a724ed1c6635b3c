/** `holdpoint gate`: lets a pipeline apply this very plan file, once. */
import { readEnvironment } from '../io/environment.ts'
import { startGate } from '../runner/gate.ts'
import { gateFolder } from '../runner/gate-state.ts'
import { AWAY_MS_MAX } from '../runner/patience.ts'
import { connect } from './connection.ts'
import { GRANT_SECONDS, planPath, readJob, requestOf, workspaceOf } from './job.ts'
import type { Call } from './row.ts'
import { openSession } from './run-session.ts'

export async function run(call: Call): Promise<number> {
  const workspace = workspaceOf(call)
  const job = await readJob(call, planPath(call.words[0] ?? ''))
  const client = connect(call.settings)
  const session = openSession(call, { client, workspace, door: 'gate' })
  const running = startGate({
    job,
    workspaceName: workspace,
    client,
    token: call.settings.secret(),
    request: await requestOf(call),
    onEvent: session.onEvent,
    noWait: call.flags.has('no-wait'),
    awayMsMax: AWAY_MS_MAX,
    grantSeconds: GRANT_SECONDS,
    stateFolder: gateFolder(readEnvironment()),
  })
  return await session.follow(running)
}
