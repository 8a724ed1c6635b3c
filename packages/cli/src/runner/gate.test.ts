import assert from 'node:assert/strict'
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { after, before, beforeEach, test } from 'node:test'
import type { Environment } from '../io/environment.ts'
import { givenJob, needsTerraform, plainEnvironment, Repository } from '../testing/given.ts'
import { StandInServer } from '../testing/stand-in-server.ts'
import { startGate } from './gate.ts'
import { finishGate } from './gate-finish.ts'
import { AWAY_MS_MAX } from './patience.ts'
import type { RunResult } from './run-result.ts'

let server: StandInServer
let repository: Repository

before(async () => {
  server = new StandInServer()
  await server.start()
  repository = new Repository({
    'app/main.tf':
      'variable "of" {\n  default = "one"\n}\nresource "terraform_data" "one" {\n  input = var.of\n}\n',
    'app/run.sh': 'echo\n',
  })
  repository.terraform('app', 'init', '-input=false')
  repository.terraform('app', 'plan', '-out=plan.bin')
})

after(async () => {
  await server.stop()
  repository.remove()
})

beforeEach(() => {
  server.changes.clear()
  server.onOpened = (change) => server.move(change, 'released')
  rmSync(repository.path('state'), { recursive: true, force: true })
})

interface Given {
  readonly environment?: Environment
  readonly noWait?: boolean
  readonly plan?: string
}

function optionsOf(given: Given) {
  const givenPlan = repository.path(given.plan ?? 'app/plan.bin')
  const environment = () => plainEnvironment(given.environment)
  return {
    job: { ...givenJob(repository, { folder: 'app', environment }), givenPlan },
    stateFolder: repository.path('state'),
    client: server.client(),
    onEvent: () => undefined,
  }
}

async function gate(given: Given = {}): Promise<RunResult> {
  return await startGate({
    ...optionsOf(given),
    workspaceName: 'app',
    token: null,
    request: { pipeline: 'deploy', words: null, authors: [], agent: false, agentName: null },
    noWait: given.noWait ?? false,
    awayMsMax: AWAY_MS_MAX,
    grantSeconds: 3600,
  }).ended
}

test('the gate lets a plan file through once, and never twice', needsTerraform, async () => {
  const first = await gate()
  const second = await gate()

  assert.deepEqual([first.exitCode, first.ending.type], [0, 'go'])
  assert.equal(second.exitCode, 1)
  assert.equal(server.theChange().starts, 1)
  assert.equal(server.theChange().opened?.door, 'gate')
})

test(
  'a later step goes on with the change that an earlier one opened',
  needsTerraform,
  async () => {
    server.onOpened = (change) => server.move(change, 'held')
    const first = await gate({ noWait: true })
    server.move(server.theChange(), 'released')

    const second = await gate()

    assert.deepEqual([first.exitCode, second.exitCode], [75, 0])
    assert.equal(server.changes.size, 1)
  },
)

const CHANGES: readonly (readonly [string, string, () => Given])[] = [
  ['a provider variable', 'AWS_REGION', () => ({ environment: { AWS_REGION: 'eu-west-1' } })],
  ['an ephemeral variable', 'TF_VAR_x', () => ({ environment: { TF_VAR_x: 'evil' } })],
  [
    'a script',
    'app/run.sh',
    () => {
      repository.write('app/run.sh', 'echo evil\n')
      return {}
    },
  ],
]

for (const [what, name, change] of CHANGES)
  test(`${what} that changed between two steps is named`, needsTerraform, async () => {
    server.onOpened = (opened) => server.move(opened, 'held')
    await gate({ noWait: true })
    server.move(server.theChange(), 'released')

    const result = await gate(change())
    repository.write('app/run.sh', 'echo\n')

    assert.ok(result.ending.type === 'differs')
    assert.deepEqual(
      result.ending.differences.map((each) => each.name),
      [name],
    )
    assert.deepEqual([result.exitCode, server.theChange().starts], [1, 0])
  })

test('another plan file is another change', needsTerraform, async () => {
  await gate()
  // Two equal plans of the same second are the same file, so this one says something else.
  repository.terraform('app', 'plan', '-var=of=another', '-out=other.bin')

  await gate({ plan: 'app/other.bin' })
  rmSync(repository.path('app/other.bin'))

  assert.equal([...server.changes.values()].filter((each) => each.opened !== null).length, 2)
})

test(
  'a plan file with something behind it is another file, and is refused',
  needsTerraform,
  async () => {
    repository.terraform('app', 'plan', '-out=longer.bin')
    appendFileSync(repository.path('app/longer.bin'), 'x')

    const result = await gate({ plan: 'app/longer.bin' })
    rmSync(repository.path('app/longer.bin'))

    assert.deepEqual([result.exitCode, result.ending.type], [2, 'invalid'])
  },
)

test('a file that is no saved plan is named, and nothing is asked of the server', async () => {
  const how = 'make one with terraform plan -out=plan.tfplan, or tofu plan -out=plan.tfplan'

  for (const plan of ['app/main.tf', 'app/run.sh']) {
    const { exitCode, ending } = await gate({ plan })
    const sentence = `${repository.path(plan)} is not a saved plan file; ${how}`
    assert.deepEqual([exitCode, ending], [2, { type: 'invalid', sentence }])
  }
  const folder = await gate({ plan: 'app' })
  const sentence = `${repository.path('app')} is not a file`
  assert.deepEqual([folder.exitCode, folder.ending], [2, { type: 'invalid', sentence }])
  assert.equal(server.changes.size, 0)
})

test('a change of another run is not taken over', needsTerraform, async () => {
  server.onOpened = (change) => server.move(change, 'held')
  await gate({ noWait: true })
  rmSync(repository.path('state'), { recursive: true })

  const result = await gate()

  assert.ok(result.ending.type === 'refused')
  assert.deepEqual([result.exitCode, result.ending.problem.code], [1, 'other_runner'])
})

test('what would change the pipeline’s own apply is refused', needsTerraform, async () => {
  const result = await gate({ environment: { TF_CLI_ARGS_apply: '-state=other' } })

  assert.deepEqual(result.ending, {
    type: 'invalid',
    sentence: 'TF_CLI_ARGS_apply would change what a saved plan does; unset it first',
  })
  assert.equal(result.exitCode, 2)
})

test('the outcome is told once with the key that consumed the grant', needsTerraform, async () => {
  await gate()
  const modes = readdirSync(repository.path('state')).map(
    (name) => statSync(repository.path(`state/${name}`)).mode & 0o777,
  )

  const result = await finishGate({ ...optionsOf({}), exitCode: 4 })
  const again = await finishGate({ ...optionsOf({}), exitCode: 0 })

  assert.deepEqual(modes, [0o600])
  assert.deepEqual([result.exitCode, server.theChange().outcome?.exitCode], [0, 4])
  assert.equal(server.theChange().status, 'failed')
  assert.deepEqual([again.exitCode, again.ending.type], [2, 'invalid'])
  assert.deepEqual(readdirSync(repository.path('state')), [])
})

/** How the gate's own outcome reads when something was done between the start and the finish. */
async function finishedAfter(meanwhile: () => void, plan: string | null) {
  await gate()
  meanwhile()
  const { job, ...options } = optionsOf({})
  const givenPlan = plan === null ? null : repository.path(plan)
  const result = await finishGate({ ...options, job: { ...job, givenPlan }, exitCode: 0 })
  return [result.exitCode, server.theChange().outcome?.sourceChanged]
}

const bin = () => readFileSync(repository.path('app/plan.bin'))

test(
  'the plan file is no source, named or not, and whatever lies there',
  needsTerraform,
  async () => {
    const kept = bin()
    const rewritten = () => repository.terraform('app', 'plan', '-out=plan.bin')

    assert.deepEqual(await finishedAfter(() => undefined, 'app/plan.bin'), [0, false])
    server.changes.clear()
    assert.deepEqual(await finishedAfter(() => undefined, null), [0, false])
    server.changes.clear()
    assert.deepEqual(await finishedAfter(rewritten, null), [0, false])
    writeFileSync(repository.path('app/plan.bin'), kept)
  },
)

test('a plan file that the pipeline moved is none either', needsTerraform, async () => {
  const [from, to] = [repository.path('app/plan.bin'), repository.path('app/applied.bin')]

  assert.deepEqual(await finishedAfter(() => renameSync(from, to), 'app/applied.bin'), [0, false])
  renameSync(to, from)
})

test('a script that the apply changed is told, plan named or not', needsTerraform, async () => {
  const edited = () => repository.write('app/run.sh', 'echo evil\n')

  assert.deepEqual(await finishedAfter(edited, null), [0, true])
  repository.write('app/run.sh', 'echo\n')
})
