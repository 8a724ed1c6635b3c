/** The runner against the real server: what the stand-in in its own tests only claims to do. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startGate } from '../../packages/cli/src/runner/gate.ts'
import { finishGate } from '../../packages/cli/src/runner/gate-finish.ts'
import { AWAY_MS_MAX } from '../../packages/cli/src/runner/patience.ts'
import { startRun } from '../../packages/cli/src/runner/run.ts'
import type { RunEvent } from '../../packages/cli/src/runner/run-event.ts'
import { terraform } from '../../packages/cli/src/runner/terraform/index.ts'
import { givenJob, Repository } from '../../packages/cli/src/testing/given.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:dba] }] } }
rules:
  - name: additive
    when: summary.only(["create", "read", "noop"]) && plan.provisioners.size() == 0
    allow: true
`

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }
let installation: Installation
const repositories: Repository[] = []

before(async () => {
  installation = await install({ policy: POLICY })
})

after(async () => {
  await installation.close()
  for (const repository of repositories) repository.remove()
})

function givenRepository(): Repository {
  const main =
    'resource "terraform_data" "one" {\n  provisioner "local-exec" { command = "./a.sh" }\n}\n'
  const repository = new Repository({ 'app/main.tf': main, 'app/a.sh': 'echo ran\n' })
  repositories.push(repository)
  repository.terraform('app', 'init', '-input=false')
  return repository
}

const REQUEST = { pipeline: null, words: 'Makes one', authors: [], agent: false, agentName: null }

/** A workspace of its own per story: the first apply pins it to the lineage of its state. */
async function givenWorkspace(name: string): Promise<string> {
  await installation.change({ type: 'create_workspace', name })
  return name
}

function optionsOf(workspaceName: string, onEvent: (event: RunEvent) => void) {
  return {
    workspaceName,
    client: installation.as('mira'),
    token: null,
    request: REQUEST,
    onEvent,
    environment: () => ({}),
    program: [],
    noWait: false,
    awayMsMax: AWAY_MS_MAX,
    grantSeconds: 3600,
  }
}

async function approve(change: string, handle: string): Promise<void> {
  const client = installation.as(handle)
  const view = must(await client.call('change', { params: { change } }))
  const body = { fingerprint: view.binding.fingerprint, reason: null }
  must(await client.call('approve', { params: { change }, body }))
}

function approveOnceHeld(handle: string): (event: RunEvent) => void {
  let done = false
  return (event) => {
    if (done || event.type !== 'moved' || event.change.status !== 'held') return
    done = true
    void approve(event.change.id, handle)
  }
}

test('a held change is approved, applied and recorded', whenTerraform, async () => {
  const repository = givenRepository()
  const job = givenJob(repository, { folder: 'app' })
  const workspace = await givenWorkspace('applied')
  const run = startRun({
    ...optionsOf(workspace, approveOnceHeld('jonas')),
    tool: terraform(job),
    whenInterrupted: 'leave',
    onDifference: async () => 'stop',
  })

  const result = await run.ended

  assert.deepEqual([result.exitCode, result.ending.type], [0, 'applied'])
  const change = result.change ?? ''
  const view = must(await installation.as('lars').call('change', { params: { change } }))
  assert.equal(view.status, 'applied')
  assert.deepEqual([view.outcome?.appliedCount, view.outcome?.totalCount], [1, 1])
})

test(
  'an edited script is refused by name and recorded as a refused start',
  whenTerraform,
  async () => {
    const repository = givenRepository()
    const job = givenJob(repository, { folder: 'app' })
    const approving = approveOnceHeld('jonas')
    const run = startRun({
      ...optionsOf(await givenWorkspace('differs'), (event) => {
        if (event.type === 'opened') repository.write('app/a.sh', 'echo evil\n')
        approving(event)
      }),
      tool: terraform(job),
      whenInterrupted: 'leave',
      onDifference: async () => 'stop',
    })

    const result = await run.ended

    assert.ok(result.ending.type === 'differs')
    assert.deepEqual(
      result.ending.differences.map((each) => each.name),
      ['app/a.sh'],
    )
    const change = result.change ?? ''
    const view = must(await installation.as('lars').call('change', { params: { change } }))
    assert.equal(view.status, 'released')
    assert.equal(view.timeline.filter((each) => each.type === 'execution_refused').length, 1)
  },
)

test('the gate consumes the grant once, and its end is recorded', whenTerraform, async () => {
  const repository = givenRepository()
  repository.terraform('app', 'plan', '-out=plan.bin')
  const givenPlan = repository.path('app/plan.bin')
  const job = { ...givenJob(repository, { folder: 'app' }), givenPlan }
  const stateFolder = repository.path('state')
  const workspace = await givenWorkspace('gate')
  const gate = () =>
    startGate({ ...optionsOf(workspace, approveOnceHeld('jonas')), job, stateFolder }).ended

  const first = await gate()
  const second = await gate()
  repository.terraform('app', 'apply', 'plan.bin')
  const { client, onEvent } = optionsOf(workspace, () => undefined)
  const finished = await finishGate({ client, job, stateFolder, exitCode: 0, onEvent })

  assert.deepEqual([first.exitCode, second.exitCode, finished.exitCode], [0, 1, 0])
  const change = first.change ?? ''
  const view = must(await installation.as('lars').call('change', { params: { change } }))
  assert.deepEqual([view.status, view.execution?.verifiedBy], ['applied', 'pipeline'])
})
