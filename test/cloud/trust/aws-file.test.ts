/**
 * Session keys in the shared credentials file, for tools that can ask nobody: with the real command of
 * AWS, which reads them there, against an AWS that verifies signatures and sessions.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type Broker, openBroker } from '../../../packages/cli/src/runner/broker/broker.ts'
import { makeRunFolder } from '../../../packages/cli/src/runner/broker/run-folder.ts'
import { serverCalls } from '../../../packages/cli/src/runner/server-calls.ts'
import {
  accept,
  addCast,
  startTestServer,
  type TestRun,
  type TestServer,
} from '../../../packages/server/test/server-story.ts'
import { find, freePort, HANGS_AFTER_MS, needs } from '../../harness/machine.ts'
import { until } from '../../harness/story.ts'
import { type AwsCloud, startAwsCloud } from '../aws-cloud.ts'
import type { Role } from '../aws-sts.ts'
import { finished, type Row, started, WORKSPACE } from './given.ts'

const ACCOUNT = '111111111111'
const APPLY = `arn:aws:iam::${ACCOUNT}:role/apply`
const PROFILE = 'by-hand'
/** As long as the runner takes a session for fresh here; AWS gives none so short. */
const LIFE_MS = 4_000
const missing = [needs('moto').skip, needs('aws').skip].find((each) => each !== false)
const whenAws = { skip: missing ?? false, timeout: HANGS_AFTER_MS }

let story: TestServer
let cloud: AwsCloud
let row: Row
const roles: Role[] = []

before(async () => {
  if (whenAws.skip !== false) return
  const port = await freePort()
  cloud = await startAwsCloud({ issuerUrl: `http://127.0.0.1:${port}`, roles })
  const flags = { 'listen-port': String(port), 'aws-sts-endpoint': cloud.url }
  story = await startTestServer({ flags })
  await addCast(story)
  await accept(story, { type: 'create_workspace', name: WORKSPACE })
  await accept(story, {
    type: 'set_connection',
    workspace: WORKSPACE,
    kind: 'aws',
    account: ACCOUNT,
    apply: APPLY,
    plan: null,
    audience: null,
    settings: { region: 'eu-central-1', file: PROFILE },
  })
  const listed = await story.admin.call('connections', {})
  row = (listed.ok ? listed.value.connections[0] : undefined) ?? assert.fail('no connection')
  const trust = { aud: row.audience, sub: row.subjects.apply }
  const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }]
  roles.push({ arn: APPLY, policy: { Version: '2012-10-17', Statement: everything }, trust })
})

after(async () => {
  await story?.close()
  await cloud?.close()
})

async function brokerOf(run: TestRun) {
  const calls = serverCalls({ client: story.as('mira'), ...run })
  const folder = await makeRunFolder()
  let ask = 0
  const broker = await openBroker({
    phase: 'apply',
    connections: [row],
    folder: folder.path,
    program: ['holdpoint'],
    ask: async ({ id }, purpose) => {
      ask += 1
      const answer = await calls.credentials({ connection: id, purpose, ask })
      return answer.ok ? { ...answer.value, expiresAt: Date.now() + LIFE_MS } : null
    },
  })
  return { broker, close: () => broker.close().then(folder.close) }
}

/** Without the broker's address: what it finds is in the file. */
async function whoami({ env }: Pick<Broker, 'env'>): Promise<string> {
  const { AWS_SHARED_CREDENTIALS_FILE = '' } = env
  const words = ['sts', 'get-caller-identity', '--profile', PROFILE, '--output', 'json']
  const { stdout } = await promisify(execFile)(find('aws') ?? 'aws', words, {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: cloud.url,
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE,
    },
  })
  return JSON.parse(stdout).Arn
}

const keyIn = (path: string) => /aws_access_key_id = (\S+)/.exec(readFileSync(path, 'utf8'))?.[1]

test(
  'the file is written anew while the grant is live, emptied when it is over, and gone',
  whenAws,
  async (context) => {
    const run = await started(story, 'file')
    context.after(() => finished(story, run))
    const { broker, close } = await brokerOf(run)
    context.after(close)
    const path = broker.env['AWS_SHARED_CREDENTIALS_FILE'] ?? ''
    const first = keyIn(path)

    assert.match(await whoami(broker), /assumed-role\/apply\//)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(statSync(dirname(dirname(path))).mode & 0o777, 0o700)
    await until('it was written anew', async () => keyIn(path) !== first)
    assert.match(await whoami(broker), /assumed-role\/apply\//)
    const params = { change: run.change }
    await story.as('jonas').call('revokeGrant', { params, body: { reason: null } })
    await until('it was emptied', async () => readFileSync(path, 'utf8') === '')
    await assert.rejects(whoami(broker), /profile \(by-hand\) could not be found/)
    await close()
    assert.equal(existsSync(dirname(path)), false)
  },
)

test('a profile that could open another section is refused', whenAws, async () => {
  const set = { type: 'set_connection', workspace: WORKSPACE, kind: 'aws' } as const
  const rest = { account: ACCOUNT, apply: APPLY, plan: null, audience: null }
  for (const file of ['a]\n[default', 'holdpoint', '']) {
    const body = { ...set, ...rest, settings: { file } }
    const answer = await story.admin.call('changeAccess', { body })
    assert.equal(answer.ok ? 'taken' : answer.problem.code, 'invalid_input')
  }
})
