/**
 * Pulumi through the runner, with a stand-in for the program: what is approved is what is updated,
 * from the checkpoint that it was planned from, or nothing is.
 */
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { Difference } from '@holdpoint/core'
import type { Environment } from '../../../packages/cli/src/io/environment.ts'
import { Interrupts } from '../../../packages/cli/src/runner/interrupts.ts'
import { AWAY_MS_MAX } from '../../../packages/cli/src/runner/patience.ts'
import { withGranted } from '../../../packages/cli/src/runner/pulumi/environment.ts'
import { pulumi } from '../../../packages/cli/src/runner/pulumi/index.ts'
import { parsePulumiArguments } from '../../../packages/cli/src/runner/pulumi/job.ts'
import { startRun } from '../../../packages/cli/src/runner/run.ts'
import type { RunEvent } from '../../../packages/cli/src/runner/run-event.ts'
import { plainEnvironment, WORKSPACE } from '../../../packages/cli/src/testing/given.ts'
import {
  StandInServer,
  type StoredChange,
} from '../../../packages/cli/src/testing/stand-in-server.ts'

const CANARY = 'canary-access-token-41'
const server = new StandInServer()
const release = (change: StoredChange) => server.move(change, 'released')
let root: string
let project: string
let environment: Environment

before(async () => await server.start())
after(async () => await server.stop())

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'holdpoint-pulumi-')))
  project = join(root, 'project')
  mkdirSync(join(project, '.git'), { recursive: true })
  environment = plainEnvironment({
    PULUMI_BACKEND_URL: `file://${join(root, 'state')}`,
    PULUMI_ACCESS_TOKEN: CANARY,
  })
  write({ one: { type: 'aws:s3/bucket:Bucket', size: 1 } })
  server.changes.clear()
  server.evidence.clear()
  server.onOpened = release
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(resources: object): void {
  writeFileSync(join(project, 'program.json'), JSON.stringify({ resources }))
}

const state = (): object[] => {
  const file = join(root, 'state', 'prod.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).deployment.resources : []
}

const updates = () => {
  const file = join(root, 'state', 'updates')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0
}

function jobHere() {
  return {
    folder: project,
    program: join(import.meta.dirname, 'stand-in.mjs'),
    stack: 'prod',
    arguments: [],
    readEnvironment: () => environment,
    patterns: null,
    token: null,
  }
}

function start() {
  server.changes.clear()
  const events: RunEvent[] = []
  const job = jobHere()
  const { ended } = startRun({
    tool: pulumi(job),
    workspaceName: 'shop',
    client: server.client(),
    token: null,
    request: { pipeline: null, words: null, authors: [], agent: false, agentName: null },
    onEvent: (event) => void events.push(event),
    environment: () => ({}),
    program: [],
    noWait: false,
    awayMsMax: AWAY_MS_MAX,
    whenInterrupted: 'leave',
    grantSeconds: 3600,
    onDifference: async () => 'stop',
  })
  return { ended, events }
}

const named = (differences: readonly Difference[]) =>
  differences.map(({ part, name }) => (name === null ? part : `${part}: ${name}`))

test('a released update is made once, and its outcome told', async () => {
  const { ended, events } = start()

  const result = await ended

  assert.equal(result.exitCode, 0, JSON.stringify(result))
  assert.equal(state().length, 1)
  assert.equal(updates(), 1)
  assert.deepEqual(server.theChange().outcome, {
    ...{ result: 'applied', exitCode: 0, appliedCount: 1, totalCount: 1 },
    ...{ sourceChanged: false, lineage: null },
  })
  assert.equal(server.theChange().opened?.tool, 'pulumi')
  const steps = events.flatMap((event) => (event.type === 'progress' ? [event.state] : []))
  assert.deepEqual(steps, ['started', 'done'])
})

test('a preview that changes nothing opens nothing', async () => {
  await start().ended

  const { exitCode, ending } = await start().ended

  assert.deepEqual([exitCode, ending.type, updates()], [0, 'nothing_to_do', 1])
})

for (const [what, change, expected] of [
  [
    'the stack was updated by somebody else meanwhile',
    () => {
      mkdirSync(join(root, 'state'), { recursive: true })
      const deployment = { manifest: {}, resources: [] }
      const by = { version: 3, deployment, by: 'hand' }
      writeFileSync(join(root, 'state', 'prod.json'), JSON.stringify(by))
    },
    'source: plan:checkpoint',
  ],
  [
    'the program is another now',
    () => write({ one: { type: 'aws:s3/bucket:Bucket', size: 2 } }),
    'source: program.json',
  ],
  [
    'a file beside it is new',
    () => writeFileSync(join(project, 'extra.js'), 'x'),
    'source: extra.js',
  ],
  [
    'the region is another now',
    () => {
      environment = { ...environment, AWS_REGION: 'us-east-1' }
    },
    'inputs: AWS_REGION',
  ],
  [
    'the stack is kept elsewhere now',
    () => {
      environment = { ...environment, PULUMI_BACKEND_URL: `file://${join(root, 'other')}` }
    },
    'target: backend.settings.url',
  ],
] as const) {
  test(`nothing is updated when ${what}`, async () => {
    server.onOpened = (opened) => {
      change()
      release(opened)
    }

    const { exitCode, ending } = await start().ended

    assert.equal(exitCode, 1)
    assert.ok(ending.type === 'differs')
    assert.ok(named(ending.differences).includes(expected), named(ending.differences).join())
    assert.equal(updates(), 0)
  })
}

test('a program that says something else at each run is stopped by its plan', async () => {
  write({ one: { type: 'aws:s3/bucket:Bucket', when: 'each time' } })

  const { exitCode, ending, toolExitCode } = await start().ended

  assert.deepEqual([exitCode, toolExitCode, updates()], [3, 255, 0])
  assert.ok(ending.type === 'failed')
  assert.match(ending.stderr, /violates plan/)
})

test('an update that fails has failed, with how far it came', async () => {
  const fine = { type: 'aws:s3/bucket:Bucket', size: 1 }
  write({ one: fine, two: { ...fine, fails: `${CANARY} is wrong` } })
  const { ended, events } = start()

  const { exitCode, ending, toolExitCode } = await ended

  assert.deepEqual([exitCode, toolExitCode], [3, 255])
  assert.ok(ending.type === 'failed')
  const { appliedCount, totalCount } = ending.outcome
  assert.deepEqual([appliedCount, totalCount, ending.stderr], [1, 2, 'error: update failed'])
  const said = events.flatMap((event) => (event.type === 'tool_output' ? [event.text] : []))
  assert.deepEqual(said, ['(hidden) is wrong'])
})

test('what the environment must not say never reaches the program or the log', async () => {
  environment = { ...environment, PULUMI_OPTION_YES: 'true', LD_PRELOAD: '/evil', NOT_LISTED: 'x' }
  const { ended, events } = start()

  await ended

  const told = JSON.stringify([events, ...[...server.evidence.values()].map(String)])
  assert.equal(told.includes(CANARY), false)
  const inputs =
    server.evidence.get(server.theChange().opened?.inputsEvidence ?? '')?.toString() ?? ''
  const names = [...inputs.matchAll(/"name":"([^"]+)"/g)].map((each) => each[1])
  assert.deepEqual(names, ['PULUMI_BACKEND_URL'])
})

test('arguments are taken from a list, in one form', () => {
  const typed = ['--target', 'urn:a', '--target=urn:b', '--target-dependents']

  assert.deepEqual(parsePulumiArguments(typed), {
    ok: true,
    arguments: ['--target=urn:a', '--target=urn:b', '--target-dependents'],
  })
  for (const refused of [
    '--yes',
    '--plan=x',
    '--stack=other',
    '--refresh',
    '--config=a',
    '--target',
  ])
    assert.deepEqual(parsePulumiArguments([refused]), { ok: false, refused })
})

test('where a grant gives credentials nothing standing is left beside them', () => {
  const standing = { PATH: '/bin', AWS_ACCESS_KEY_ID: 'AKIA', AWS_REGION: 'eu-central-1' }

  const env = withGranted(standing, { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1' })

  assert.deepEqual(env, {
    ...{ PATH: '/bin', AWS_REGION: 'eu-central-1' },
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1',
  })
  assert.deepEqual(withGranted(standing, null), standing)
})

test('no call of the tool finds what stands around where the workspace has connections', async () => {
  const standing = { AWS_ACCESS_KEY_ID: 'AKIASTANDING', AWS_PROFILE: 'prod' }
  const home = { HOME: root, GOOGLE_CLOUD_KEYFILE_JSON: '/key.json' }
  environment = { ...environment, ...standing, ...home }
  const onEvent = () => undefined
  const interrupts = new Interrupts(onEvent)
  const tool = pulumi(jobHere())
  const broker = {
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/aws' },
    count: () => 1,
    hide: String,
    credential: async () => null,
    endGrant: async () => undefined,
    close: async () => undefined,
  }
  const granted = {
    connections: [],
    env: { HOME: '/ours' },
    standing: [],
    openForPlan: async () => broker,
    openForApply: async () => broker,
    close: async () => undefined,
  }
  const prepared = await tool.prepare({
    reserve: async () => ({ workspace: WORKSPACE, hidingKey: new Uint8Array(32), previous: null }),
    granted: async () => granted,
    ...{ token: null, interrupts, onEvent },
  })

  await tool.recheck(prepared)
  await tool.execute(prepared, { grant: 'g', broker, interrupts, onEvent })
  await prepared.close()

  const told = readFileSync(join(root, 'state', 'updates'), 'utf8')
  assert.equal(told, 'prod with http://127.0.0.1:1/aws\n')
  const calls = readFileSync(join(root, 'state', 'calls'), 'utf8')
    .trim()
    .split('\n')
  const names = new Set(calls.map((call) => call.split(' ')[0]))
  assert.deepEqual([...names].toSorted(), ['preview', 'stack', 'up', 'whoami'])
  for (const call of calls) assert.match(call, /^\w+ \/ours - - -$/)
})
