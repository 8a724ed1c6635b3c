import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { givenJob, needsTerraform, Repository } from '../testing/given.ts'
import { StandInServer } from '../testing/stand-in-server.ts'
import { AWAY_MS_MAX } from './patience.ts'
import { type Run, startRun } from './run.ts'
import type { RunEvent } from './run-event.ts'
import { terraform } from './terraform/index.ts'

/** Elsewhere the plan file has a name while it is needed. */
const onLinux = process.platform === 'linux' ? needsTerraform : { skip: 'there is no /proc here' }

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

/** A tool of our own that notes each SIGINT it gets, in the place of Terraform's apply or plan. */
function givenRepository(slowAt: 'plan' | 'apply'): Repository {
  const repository = new Repository({
    'main.tf': 'resource "terraform_data" "one" {}\n',
    'tool.sh': `#!/bin/sh
if [ "$1" != ${slowAt} ]; then exec terraform "$@"; fi
trap 'echo got >> "$HOME/signals"; count=$((count+1))' INT
count=0
echo '{"type":"log","@message":"ready"}'
ticks=0
while [ $ticks -lt 40 ]; do sleep 0.1; ticks=$((ticks+1)); [ $count -gt 0 ] && [ -e "$HOME/end" ] && exit 1; done
exit 1
`,
  })
  repositories.push(repository)
  repository.terraform('.', 'init', '-input=false')
  return repository
}

function start(repository: Repository, onEach: (event: RunEvent, run: Run) => void): Run {
  server.changes.clear()
  const home = repository.path('.git')
  const environment = () => ({ PATH: process.env['PATH'] ?? '', HOME: home })
  const job = givenJob(repository, { folder: '.', environment })
  const run: Run = startRun({
    tool: terraform({
      ...job,
      tool: { kind: 'terraform', program: repository.path('tool.sh') },
    }),
    workspaceName: 'app',
    client: server.client(),
    token: null,
    request: { pipeline: null, words: null, authors: [], agent: false, agentName: null },
    onEvent: (event) => onEach(event, run),
    environment: () => ({}),
    program: [],
    noWait: false,
    awayMsMax: AWAY_MS_MAX,
    whenInterrupted: 'leave',
    grantSeconds: 3600,
    onDifference: async () => 'stop',
  })
  return run
}

const isReady = (event: RunEvent) => event.type === 'tool_output' && event.text === 'ready'

test('two interrupts while applying: the tool gets one', needsTerraform, async () => {
  const repository = givenRepository('apply')
  server.onOpened = (change) => server.move(change, 'released')
  const told: string[] = []
  const run = start(repository, (event, current) => {
    if (event.type.startsWith('interrupt')) told.push(event.type)
    if (!isReady(event)) return
    current.control.interrupt()
    current.control.interrupt()
    repository.write('.git/end', '')
  })

  const result = await run.ended

  assert.equal(readFileSync(repository.path('.git/signals'), 'utf8'), 'got\n')
  assert.deepEqual(told, ['interrupt_sent', 'interrupt_again'])
  assert.equal(result.exitCode, 3)
  assert.deepEqual(server.theChange().outcome?.result, 'failed')
})

test(
  'an interrupt while planning reaches the tool once and opens nothing',
  needsTerraform,
  async () => {
    const repository = givenRepository('plan')
    const run = start(repository, (event, current) => {
      if (!isReady(event)) return
      current.control.interrupt()
      repository.write('.git/end', '')
    })

    const result = await run.ended

    assert.deepEqual(result.ending, { type: 'interrupted' })
    assert.equal(readFileSync(repository.path('.git/signals'), 'utf8'), 'got\n')
    assert.ok([...server.changes.values()].every((each) => each.opened === null))
  },
)

test('an interrupt while waiting leaves the change held', needsTerraform, async () => {
  const repository = givenRepository('apply')
  server.onOpened = (change) => server.move(change, 'held')
  const run = start(repository, (event, current) => {
    if (event.type === 'moved' && event.change.status === 'held') current.control.interrupt()
  })

  const result = await run.ended

  assert.deepEqual([result.exitCode, result.ending], [75, { type: 'held' }])
  assert.equal(server.theChange().status, 'held')
  assert.equal(existsSync(repository.path('.git/signals')), false)
})

test('an asked-for kill ends the tool, and the outcome is told', needsTerraform, async () => {
  const repository = givenRepository('apply')
  server.onOpened = (change) => server.move(change, 'released')
  const run = start(repository, (event, current) => {
    if (isReady(event)) current.control.kill()
  })

  const result = await run.ended

  assert.equal(result.toolExitCode, 137)
  assert.equal(server.theChange().outcome?.result, 'failed')
})

test('what planning left running is dead before the change opens', onLinux, async () => {
  const repository = new Repository({
    'main.tf': 'resource "terraform_data" "one" {}\n',
    'tool.sh': '#!/bin/sh\nsleep 60 & echo $! > "$HOME/left.$1"; exec terraform "$@"\n',
  })
  repositories.push(repository)
  repository.terraform('.', 'init', '-input=false')
  const left: string[] = []
  server.onOpened = (change) => {
    const pid = readFileSync(repository.path('.git/left.plan'), 'utf8').trim()
    left.push(existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : 'gone')
    server.move(change, 'denied')
  }

  const result = await start(repository, () => undefined).ended

  assert.equal(result.exitCode, 1)
  assert.match(left[0] ?? '', /^gone$|\) [ZX] /)
})

test('kill -9 of the runner leaves no plan file', onLinux, async () => {
  const repository = new Repository({ 'main.tf': 'resource "terraform_data" "one" {}\n' })
  repositories.push(repository)
  repository.terraform('.', 'init', '-input=false')
  const program = fileURLToPath(new URL('../testing/hold-plan.ts', import.meta.url))
  const child = spawn(process.execPath, [program, repository.root])
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (bytes) => resolve(String(bytes)))
  })

  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))

  const [, path = ''] = /^holds (\/.*\/plan) \(deleted\)$/m.exec(said) ?? []
  assert.notEqual(path, '')
  assert.equal(existsSync(dirname(path)), false)
  assert.deepEqual(readdirSync(repository.root).toSorted(), ['.git', 'main.tf'])
})
