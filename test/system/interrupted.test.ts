/**
 * What ends an apply before its time: one Ctrl-C, two, and a runner that dies. The tool gets one
 * interrupt and saves its state; an outcome that nobody told is unknown and is never retried.
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { HEARTBEAT_MS } from '@holdpoint/core'
import { OUTCOME, openRun, startBody } from '../../packages/server/test/server-story.ts'
import { run, start } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { startSlowState } from '../harness/slow-state.ts'
import {
  approve,
  entriesOf,
  newest,
  until,
  untilHeld,
  untilStatus,
  view,
} from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }
/** Longer than an interrupted apply needs on a busy machine. */
/** Twice what lies between two beats of a run: on a busy machine the second may come late. */
const HEARTBEAT_LOST_MS = 2 * HEARTBEAT_MS

const slow = (seconds: number) => `resource "terraform_data" "first" {
  input = "done before the interrupt"
}

resource "terraform_data" "slow" {
  depends_on = [terraform_data.first]

  provisioner "local-exec" {
    command = "touch started; trap '' INT; sleep ${seconds}"
  }
}

resource "terraform_data" "last" {
  depends_on = [terraform_data.slow]
}
`

let installation: Installation
const projects: Project[] = []

before(async () => {
  if (whenTerraform.skip === false)
    installation = await install({ heartbeatLostMs: HEARTBEAT_LOST_MS })
})

after(async () => {
  await Promise.all(projects.map((each) => each.remove()))
  await installation?.close()
})

/** An apply whose slow provisioner is running. */
async function givenApplying(workspace: string, seconds: number, backend = '') {
  await installation.change({ type: 'create_workspace', name: workspace })
  await installation.change({ type: 'set_owners', workspace, owners: ['jonas', 'mira'] })
  const project = await givenProject({ 'main.tf': backend + slow(seconds) })
  projects.push(project)
  const running = start(installation, ['apply'], { folder: project.folder, as: 'mira', workspace })
  const held = await untilHeld(installation, workspace)
  must(await approve(installation, 'ines', held))
  await until('the slow program runs', async () =>
    readFile(`${project.folder}/started`).catch(() => null),
  )
  return { project, running, change: held.id }
}

test(
  'a person who stops it ends a tool that uses credentials of its own',
  whenTerraform,
  async () => {
    const { project, running, change } = await givenApplying('interrupted/stopped', 25)
    const body = { reason: 'The wrong cluster.' }

    must(await installation.as('ines').call('revokeGrant', { params: { change }, body }))
    const ended = await running.ended

    const all = ended.out + ended.err
    assert.match(all, /the grant is over: it was revoked/)
    assert.equal(ended.code, 3, all)
    const state = (await project.state()) ?? ''
    assert.match(state, /"name": "first"/)
    assert.doesNotMatch(state, /"name": "last"/)
    assert.equal((await view(installation, change)).outcome?.result, 'failed')
  },
)

test(
  'one Ctrl-C for the whole group reaches the tool once, and the state is saved',
  whenTerraform,
  async () => {
    const { project, running, change } = await givenApplying('interrupted/once', 1)

    running.signalGroup('SIGINT')
    const ended = await running.ended

    const all = ended.out + ended.err
    assert.doesNotMatch(all, /Two interrupts received/)
    assert.match(all, /The tool was told once to stop. It ends by itself and saves its state./)
    assert.equal(ended.code, 3, all)
    const state = (await project.state()) ?? ''
    assert.match(state, /"name": "first"/)
    assert.doesNotMatch(state, /"name": "last"/)
    const failed = await view(installation, change)
    assert.deepEqual([failed.status, failed.outcome?.exitCode], ['failed', 1])
  },
)

test('a second while the state is being saved is kept from the tool', whenTerraform, async () => {
  const store = await startSlowState(500)
  const backend = `terraform {\n  backend "http" { address = "${store.address}" }\n}\n`
  const { running } = await givenApplying('interrupted/twice', 1, backend)

  running.signalGroup('SIGINT')
  await running.says('Stopping operation')
  running.signalGroup('SIGINT')
  const ended = await running.ended
  const saved = await store.saved()
  await store.close()

  assert.doesNotMatch(ended.out + ended.err, /Two interrupts received/)
  assert.equal(ended.code, 3)
  assert.match(saved, /"name": "first"/)
})

test(
  'a runner that dies leaves an unknown outcome, which an owner resolves',
  whenTerraform,
  async () => {
    const workspace = 'interrupted/dies'
    const { project, running, change } = await givenApplying(workspace, 30)
    const tool = await childOf(running.child.pid ?? 0)
    running.child.kill('SIGKILL')
    const ended = await running.ended
    process.kill(-tool, 'SIGKILL')

    const lost = await untilStatus(installation, change, 'outcome_unknown')

    assert.equal(ended.code, null)
    const entry = lost.timeline.at(-1)
    assert.deepEqual(entry?.event, { type: 'outcome_unknown', because: 'heartbeat_lost' })
    assert.equal((await entriesOf(installation, change)).filter(isStart).length, 1)
    const settings = { folder: project.folder, as: 'mira', workspace }
    const next = await run(installation, ['apply', '--no-wait', '--', '-lock-timeout=1s'], settings)
    assert.equal(next.code, 75, next.out + next.err)
    assert.equal((await newest(installation, workspace)).unresolvedBefore, change)
    await assertResolved({ workspace, change, folder: project.folder })
  },
)

async function assertResolved(asked: {
  readonly workspace: string
  readonly change: Awaited<ReturnType<typeof newest>>['id']
  readonly folder: string
}): Promise<void> {
  const { change, ...settings } = asked
  const words = ['resolve', change, 'in-part', '--reason', 'Looked at the state: first is there']
  await installation.change({
    type: 'grant_role',
    person: 'mira',
    role: 'approver',
    workspace: null,
  })
  const own = await run(installation, words, { ...settings, as: 'mira' })
  const stranger = await run(installation, words, { ...settings, as: 'ines' })
  const owner = await run(installation, words, { ...settings, as: 'jonas' })

  for (const refused of [own, stranger]) {
    assert.equal(refused.code, 1, refused.out + refused.err)
    assert.match(refused.err, /^An owner has to say what happened$/m)
    assert.match(refused.err, /Ask an owner of the workspace who did not request it.$/m)
  }
  assert.equal(owner.code, 0, owner.out + owner.err)
  const resolved = await view(installation, change)
  assert.deepEqual(
    [resolved.resolution, resolved.timeline.at(-1)?.type],
    ['in_part', 'outcome_resolved'],
  )
  assert.equal((await newest(installation, asked.workspace)).unresolvedBefore, null)
}

const isStart = (type: string): boolean => type === 'execution_started'

test(
  'a runner that was silent too long is only reported, and never starts again',
  whenTerraform,
  async () => {
    const mira = installation.as('mira')
    const late = await openRun(mira, { workspace: 'interrupted/late' })
    const params = { change: late.change }
    const held = await untilStatus(installation, late.change, 'held')
    must(await approve(installation, 'ines', held))
    const startAgain = () =>
      mira.call('start', { params, body: late.signed('start', startBody(late)) })
    must(await startAgain())
    await untilStatus(installation, late.change, 'outcome_unknown')

    const finish = () =>
      mira.call('finish', { params, body: late.signed('finish', { outcome: OUTCOME }) })
    const told = await finish()
    const again = await startAgain()
    const beat = await mira.call('heartbeat', {
      params,
      body: late.signed('heartbeat', { beat: 1 }),
    })

    assert.deepEqual(must(told), { status: 'outcome_unknown' })
    const reported = await view(installation, late.change)
    assert.deepEqual(
      [reported.status, reported.timeline.at(-1)?.type],
      ['outcome_unknown', 'outcome_reported_late'],
    )
    assert.equal(again.ok ? null : again.problem.code, 'grant_used')
    assert.equal(must(beat).goOn, false)
  },
)

test('a runner that beats is not lost', whenTerraform, async () => {
  const mira = installation.as('mira')
  const alive = await openRun(mira, { workspace: 'interrupted/alive' })
  const params = { change: alive.change }
  const held = await untilStatus(installation, alive.change, 'held')
  must(await approve(installation, 'ines', held))
  must(await mira.call('start', { params, body: alive.signed('start', startBody(alive)) }))
  const ends = performance.now() + 1.5 * HEARTBEAT_LOST_MS
  for (let beat = 1; performance.now() < ends; beat += 1) {
    must(await mira.call('heartbeat', { params, body: alive.signed('heartbeat', { beat }) }))
    await new Promise((resolve) => setTimeout(resolve, HEARTBEAT_LOST_MS / 5))
  }

  assert.equal((await view(installation, alive.change)).status, 'executing')
  must(await mira.call('finish', { params, body: alive.signed('finish', { outcome: OUTCOME }) }))
})

/** The process that another started: the tool of a runner. */
async function childOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const child = Number(text.trim().split(' ')[0])
  if (!Number.isInteger(child) || child <= 1) throw new Error(`${pid} runs no tool: ${text}`)
  return child
}
