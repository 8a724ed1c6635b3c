import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { givenJob, needsTerraform, Repository } from '../testing/given.ts'
import { StandInServer, type StoredChange } from '../testing/stand-in-server.ts'
import { AWAY_MS_MAX } from './patience.ts'
import { type Run, type RunOptions, startRun } from './run.ts'
import type { RunEvent } from './run-event.ts'
import { terraform } from './terraform/index.ts'
import type { TerraformPlan } from './terraform/prepare.ts'

const CANARY = 'canary-4f1c-very-secret'

const MAIN = `
variable "secret" {
  sensitive = true
  default   = "${CANARY}"
}
resource "terraform_data" "one" {
  input = var.secret
  provisioner "local-exec" { command = "./deploy.sh" }
}
resource "terraform_data" "two" {}
`

let server: StandInServer
const repositories: Repository[] = []

before(async () => {
  server = new StandInServer()
  await server.start()
})

after(async () => {
  await server.stop()
  for (const repository of repositories) repository.remove()
})

function givenRepository(script = 'echo done >> done.txt'): Repository {
  const repository = new Repository({ 'main.tf': MAIN, 'deploy.sh': `#!/bin/sh\n${script}\n` })
  repositories.push(repository)
  repository.terraform('.', 'init', '-input=false')
  return repository
}

interface Started extends Run {
  readonly events: RunEvent[]
}

type Given = Partial<RunOptions<TerraformPlan>> & {
  readonly onEach?: (event: RunEvent, run: Run) => void
}

function given(repository: Repository, more: Given = {}): Started {
  server.changes.clear()
  const events: RunEvent[] = []
  const { onEach, ...options } = more
  const run: Run = startRun({
    tool: terraform(givenJob(repository, { folder: '.' })),
    workspaceName: 'app',
    client: server.client(),
    token: null,
    request: { pipeline: null, words: null, authors: [], agent: false, agentName: null },
    onEvent: (event) => {
      events.push(event)
      onEach?.(event, run)
    },
    environment: () => ({}),
    program: [],
    noWait: false,
    awayMsMax: AWAY_MS_MAX,
    whenInterrupted: 'leave',
    grantSeconds: 3600,
    onDifference: async () => 'stop',
    ...options,
  })
  return { ...run, events }
}

const release = (change: StoredChange) => server.move(change, 'released')

test('a released change is applied once and its outcome told', needsTerraform, async () => {
  const repository = givenRepository()
  server.onOpened = release
  const run = given(repository)

  const result = await run.ended

  const change = server.theChange()
  assert.equal(result.exitCode, 0)
  assert.deepEqual(
    { ...change.outcome, lineage: typeof change.outcome?.lineage },
    {
      ...{ result: 'applied', exitCode: 0, appliedCount: 2, totalCount: 2 },
      ...{ sourceChanged: true, lineage: 'string' },
    },
  )
  assert.equal(change.starts, 1)
  assert.equal(readFileSync(repository.path('done.txt'), 'utf8'), 'done\n')
  const done = run.events.filter((event) => event.type === 'progress' && event.state === 'done')
  assert.deepEqual(
    done.map((event) => event.type === 'progress' && [event.done, event.total]),
    [
      [1, 2],
      [2, 2],
    ],
  )
})

test('no secret is in an event, in evidence or in what is opened', needsTerraform, async () => {
  const repository = givenRepository(`echo the value is ${CANARY}`)
  server.onOpened = release
  const run = given(repository)

  await run.ended

  const sent = [...server.evidence.values()].join('') + JSON.stringify(server.theChange().opened)
  assert.equal(sent.includes(CANARY), false)
  assert.equal(JSON.stringify(run.events).includes(CANARY), false)
  assert.ok(JSON.stringify(run.events).includes('the value is (hidden)'))
})

test('switches of the tool reach plan and apply', needsTerraform, async () => {
  const args = ['-no-color', '-compact-warnings', '-refresh=true', '-lock', '-parallelism=2']
  const repository = givenRepository()
  server.onOpened = release

  const run = given(repository, { tool: terraform(givenJob(repository, { folder: '.', args })) })

  assert.equal((await run.ended).exitCode, 0)
})

test('a plan that changes nothing opens nothing', needsTerraform, async () => {
  const repository = givenRepository()
  repository.terraform('.', 'apply', '-auto-approve', '-input=false')
  const run = given(repository)

  const result = await run.ended

  assert.deepEqual(result.ending, { type: 'nothing_to_do' })
  assert.equal([...server.changes.values()].filter((each) => each.opened !== null).length, 0)
})

test('a change that is held ends with 75 when nobody waits', needsTerraform, async () => {
  server.onOpened = (change) => server.move(change, 'held')
  const run = given(givenRepository(), { noWait: true })

  const result = await run.ended

  assert.equal(result.exitCode, 75)
  assert.equal(server.theChange().starts, 0)
})

test('an own change that the new one takes the place of is named', needsTerraform, async () => {
  const repository = givenRepository()
  server.onOpened = (change) => server.move(change, 'held')
  await given(repository, { noWait: true }).ended
  const first = server.theChange()
  const replaced = async (pipeline: string | null) => {
    server.previous = first
    const request = { pipeline, words: null, authors: [], agent: false, agentName: null }
    const run = given(repository, { noWait: true, request })
    server.changes.set(first.id, first)
    await run.ended
    return run.events.flatMap((each) => (each.type === 'replaces' ? [each.change] : []))
  }

  try {
    repository.write('main.tf', `${MAIN}resource "terraform_data" "three" {}\n`)
    assert.deepEqual(await replaced(null), [first.id])
    assert.deepEqual(await replaced('another pipeline'), [])
  } finally {
    server.previous = null
  }
})

for (const status of ['denied', 'rejected', 'expired', 'superseded', 'withdrawn'] as const)
  test(`a change that is ${status} is not applied and ends with 1`, needsTerraform, async () => {
    const repository = givenRepository()
    server.onOpened = (change) => server.move(change, status)
    const run = given(repository)

    const result = await run.ended

    assert.equal(result.exitCode, 1)
    assert.equal(result.ending.type, 'closed')
    assert.equal(existsSync(repository.path('done.txt')), false)
  })

test(
  'an edited script stops the start, is named, and nothing is applied',
  needsTerraform,
  async () => {
    const repository = givenRepository()
    server.onOpened = (change) => {
      repository.write('deploy.sh', 'echo evil >> done.txt\n')
      release(change)
    }
    const run = given(repository)

    const result = await run.ended

    assert.equal(result.exitCode, 1)
    assert.ok(result.ending.type === 'differs')
    assert.deepEqual(
      result.ending.differences.map(({ part, name }) => [part, name]),
      [['source', 'deploy.sh']],
    )
    assert.equal(server.theChange().refusedStarts.length, 1)
    assert.equal(server.theChange().starts, 0)
    assert.equal(existsSync(repository.path('done.txt')), false)
  },
)

test('put back, the same run goes on with its approvals', needsTerraform, async () => {
  const repository = givenRepository()
  const script = readFileSync(repository.path('deploy.sh'), 'utf8')
  server.onOpened = (change) => {
    repository.write('deploy.sh', 'echo evil >> done.txt\n')
    release(change)
  }
  const onDifference = async () => {
    repository.write('deploy.sh', script)
    return 'again' as const
  }
  const run = given(repository, { onDifference })

  const result = await run.ended

  assert.equal(result.exitCode, 0)
  assert.equal(readFileSync(repository.path('done.txt'), 'utf8'), 'done\n')
})

test('a release is not lost while the stream is broken', needsTerraform, async () => {
  server.onOpened = (change) => server.move(change, 'held')
  const onEach = (event: RunEvent) => {
    if (event.type !== 'moved' || event.change.status !== 'held') return
    server.breakStreams()
    server.theChange().status = 'released'
  }
  const run = given(givenRepository(), { onEach })

  const result = await run.ended

  assert.equal(result.exitCode, 0)
})

test('a server that is gone is not waited for longer than said', needsTerraform, async () => {
  const repository = givenRepository()
  const gone = new StandInServer()
  await gone.start()
  gone.onOpened = (change) => {
    gone.move(change, 'held')
    setImmediate(() => void gone.stop())
  }

  const run = given(repository, { client: gone.client(), awayMsMax: 0 })
  const { exitCode, ending, change } = await run.ended

  assert.equal(exitCode, 3)
  assert.match(ending.type === 'fault' ? ending.sentence : '', /the change stays open/)
  assert.notEqual(change, null)
  assert.ok(run.events.some((event) => event.type === 'server_away'))
  assert.ok(!existsSync(repository.path('done.txt')))
})

test('lost answers open one change and apply it once', needsTerraform, async () => {
  const repository = givenRepository()
  server.onOpened = release
  server.dropAnswersOf = ['open', 'start', 'finish', 'finish']
  const run = given(repository)

  const result = await run.ended

  assert.equal(result.exitCode, 0)
  assert.equal(server.theChange().starts, 1)
  assert.equal(readFileSync(repository.path('done.txt'), 'utf8'), 'done\n')
})

test('a tool that fails ends with 3 and tells its own code', needsTerraform, async () => {
  server.onOpened = release
  const run = given(givenRepository('exit 7'))

  const result = await run.ended

  assert.equal(result.exitCode, 3)
  assert.equal(result.toolExitCode, 1)
  assert.deepEqual(
    [server.theChange().outcome?.result, server.theChange().outcome?.appliedCount],
    ['failed', 1],
  )
})

test('configuration that does not plan opens nothing and ends with 3', needsTerraform, async () => {
  const repository = givenRepository()
  repository.write('broken.tf', 'resource "terraform_data" "x" { input = var.missing }\n')
  const run = given(repository)

  const result = await run.ended

  assert.equal(result.exitCode, 3)
  assert.deepEqual([result.ending.type, result.toolExitCode], ['tool_failed', 1])
  assert.ok(run.events.some((event) => event.type === 'tool_problem'))
})
