/**
 * The ordinary days of `holdpoint apply`: a first change that binds, one the rules allow at once,
 * one that people hold and release, and those that end without anything applied.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { run, start } from '../harness/command.ts'
import { type Installation, install, must, WORKSPACE } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'
import {
  approve,
  changesOf,
  entriesOf,
  from,
  newest,
  plain,
  untilHeld,
  untilStatus,
  view,
} from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }
const FAILS = `resource "terraform_data" "fails" {
  provisioner "local-exec" { command = "exit 7" }
}
`

let installation: Installation
let project: Project

before(async () => {
  if (whenTerraform.skip !== false) return
  installation = await install()
  project = await givenProject({ 'main.tf': resources('one', 'two') })
})

after(async () => {
  await project?.remove()
  await installation?.close()
})

const apply = (...args: readonly string[]) =>
  start(installation, ['apply', ...args], { folder: project.folder, as: 'mira' })

test(
  'a first change is held because it binds the workspace, and pins it',
  whenTerraform,
  async () => {
    const running = apply()
    const held = await untilHeld(installation)
    assert.equal(held.bindsTarget, true)
    assert.deepEqual(must(await approve(installation, 'ines', held)), { status: 'released' })

    const ended = await running.ended

    assert.equal(ended.code, 0, ended.out + ended.err)
    assert.match(ended.out, /^Applied {2}2 of 2 in .+ log entry \d+$/m)
    const applied = await view(installation, held.id)
    assert.deepEqual(
      [applied.status, applied.execution?.verifiedBy, applied.outcome?.exitCode],
      ['applied', 'self_reported', 0],
    )
    assert.match((await project.state()) ?? '', /"terraform_data"/)
  },
)

test('what the rules allow is applied at once', whenTerraform, async () => {
  await project.write('main.tf', resources('one', 'two', 'three'))

  const ended = await apply().ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(plain(ended.out), /^Allowed {2}by additive {3}good until <time>$/m)
  assert.match(ended.out, /^Applied {2}1 of 1/m)
  const change = await newest(installation)
  assert.deepEqual(await entriesOf(installation, change.id), [
    'change_opened',
    'evaluated',
    'released',
    'execution_started',
    'execution_finished',
  ])
})

test('what would rewrite the command of the tool does not reach it', whenTerraform, async () => {
  await project.write('main.tf', resources('one', 'two', 'three', 'four'))

  const ended = await run(installation, ['apply'], {
    ...{ folder: project.folder, as: 'mira' },
    environment: {
      TF_CLI_ARGS_apply: '-state=elsewhere.tfstate',
      TF_CLI_ARGS_plan: '-target=terraform_data.one',
    },
  })

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.err, /^! Not passed on to the tool: TF_CLI_ARGS_apply, TF_CLI_ARGS_plan$/m)
  assert.match((await project.state()) ?? '', /"four"/)
  assert.equal(existsSync(join(project.folder, 'elsewhere.tfstate')), false)
})

test('a plan that changes nothing opens nothing', whenTerraform, async () => {
  const before = (await changesOf(installation)).length

  const ended = await apply().ended

  assert.equal(ended.code, 0)
  assert.match(ended.out, /^Nothing to apply {2}the plan changes nothing$/m)
  assert.equal((await changesOf(installation)).length, before)
})

test(
  'one person does not fill two slots, two people release, and it is applied',
  whenTerraform,
  async () => {
    await project.write('main.tf', resources('one', 'two'))
    const running = apply()
    const held = await untilHeld(installation)
    assert.deepEqual(held.evaluation?.requirement?.slots, [
      { from: ['team:dba'], count: 1 },
      { from: ['team:platform'], count: 1 },
    ])

    // She is in both teams, and one person all the same.
    assert.deepEqual(must(await approve(installation, 'aiko', held)), { status: 'held' })
    const again = await approve(installation, 'aiko', held)
    assert.deepEqual(again.ok ? null : [again.status, again.problem.title, again.problem.detail], [
      409,
      'Already decided',
      'Your approve is recorded for this very fingerprint.',
    ])
    assert.equal((await view(installation, held.id)).status, 'held')
    assert.deepEqual(must(await approve(installation, 'ines', held)), { status: 'released' })

    const ended = await running.ended
    assert.equal(ended.code, 0, ended.out + ended.err)
    assert.ok(!(await project.state())?.includes('"three"'))
  },
)

test('the requester does not approve what they asked for', whenTerraform, async () => {
  const role = 'approver'
  await installation.change({ type: 'grant_role', person: 'mira', role, workspace: null })
  await project.write('main.tf', resources('one'))
  const running = apply()
  await running.says('Waiting')
  const held = await untilHeld(installation)

  const answer = await approve(installation, 'mira', held)

  assert.deepEqual(answer.ok ? null : { ...answer.problem, refusal: undefined }, {
    code: 'in_requester_set',
    title: 'You cannot approve this one',
    detail: 'You stand behind the request: you requested it.',
    remedy: 'Somebody else who fills a slot has to decide.',
    refusal: undefined,
  })
  assert.deepEqual((await view(installation, held.id)).decisions, [])
  running.signalGroup('SIGINT')
  assert.equal((await running.ended).code, 75)
})

test(
  'a newer plan supersedes, and approvals of the older one do not count',
  whenTerraform,
  async () => {
    const older = await newest(installation)
    assert.equal(older.status, 'held')
    must(await approve(installation, 'ines', older))
    await project.write('main.tf', resources('two'))
    const running = apply()
    const newer = await untilHeld(installation, WORKSPACE, older.id)

    const closed = await untilStatus(installation, older.id, 'superseded')
    const late = await approve(installation, 'jonas', older)
    const mixed = await installation.as('jonas').call('approve', {
      params: { change: newer.id },
      body: { fingerprint: older.binding.fingerprint, reason: null },
    })

    assert.equal(closed.supersededBy, newer.id)
    assert.equal(late.ok ? null : late.problem.title, 'The change is superseded')
    assert.deepEqual(mixed.ok ? null : { ...mixed.problem, refusal: undefined }, {
      code: 'other_fingerprint',
      title: 'This is not the plan you looked at',
      detail:
        `You saw fingerprint ${older.binding.fingerprint.slice(0, 8)}, ` +
        `the change is ${newer.binding.fingerprint.slice(0, 8)}.`,
      remedy: 'Reload, look at what is there now, and decide again.',
      refusal: undefined,
    })
    assert.deepEqual((await view(installation, newer.id)).decisions, [])

    const { fingerprint } = newer.binding
    const body = { fingerprint, reason: 'Keep one' }
    must(await installation.as('jonas').call('reject', { params: { change: newer.id }, body }))
    const ended = await running.ended
    assert.deepEqual(from('REJECTED', ended.out), [
      'REJECTED  by Jonas Weber <time>',
      '  "Keep one"',
    ])
    assert.equal(ended.code, 1)
  },
)

test(
  'Ctrl-C while waiting leaves the change held, or withdraws it when told so',
  whenTerraform,
  async () => {
    const leaving = apply()
    await leaving.says('Waiting')
    const left = await untilHeld(installation)
    leaving.signalGroup('SIGINT')
    const leftEnded = await leaving.ended
    const withdrawing = apply('--on-interrupt', 'withdraw')
    await withdrawing.says('Waiting')
    // The same plan of the same person: it goes on with the change that was left.
    const held = await untilHeld(installation)
    withdrawing.signalGroup('SIGINT')
    const withdrawn = await withdrawing.ended

    assert.deepEqual(
      [leftEnded.code, from('Still held', leftEnded.out)],
      [75, ['Still held. holdpoint show <id>']],
    )
    assert.deepEqual([held.id, withdrawn.code], [left.id, 1])
    assert.match(withdrawn.out, /^Withdrawn {2}/m)
    assert.equal((await view(installation, held.id)).status, 'withdrawn')
  },
)

test('a held change ends a run that does not wait with 75', whenTerraform, async () => {
  const ended = await apply('--no-wait').ended

  assert.equal(ended.code, 75)
  const change = (await newest(installation)).id
  const withdrawn = await run(installation, ['withdraw', change], {
    folder: project.folder,
    as: 'mira',
  })
  assert.equal(withdrawn.code, 0, withdrawn.out + withdrawn.err)
})

test(
  'a tool that fails ends with 3, its own code, and a failed change',
  whenTerraform,
  async () => {
    await project.write('main.tf', resources('one', 'two', 'more') + FAILS)
    const running = apply('--json')
    const held = await untilHeld(installation)
    must(await approve(installation, 'ines', held))

    const ended = await running.ended

    assert.equal(ended.code, 3, ended.out + ended.err)
    const document = JSON.parse(ended.out) as { toolExitCode: number; exitCode: number }
    assert.deepEqual([document.exitCode, document.toolExitCode], [3, 1])
    assert.match(ended.err, /The tool’s exit code is 1/)
    const failed = await view(installation, held.id)
    assert.deepEqual(
      [failed.status, failed.outcome?.exitCode, failed.outcome?.result],
      ['failed', 1, 'failed'],
    )
    assert.match((await project.state()) ?? '', /"more"/)
  },
)

test('a plan that cannot be made ends with 3 and opens nothing', whenTerraform, async () => {
  const before = (await changesOf(installation)).length
  await project.write('main.tf', 'resource "terraform_data" "one" { input = var.missing }\n')

  const ended = await apply().ended

  assert.equal(ended.code, 3)
  assert.match(ended.out, /^FAILED {2}The tool failed to plan; nothing was opened or applied$/m)
  assert.equal((await changesOf(installation)).length, before)
})

test(
  'a plan of another place under this name is refused before anything is opened',
  whenTerraform,
  async () => {
    const before = (await changesOf(installation)).length
    await project.write('main.tf', resources('one', 'two', 'elsewhere'))
    const settings = { folder: project.folder, as: 'mira' }
    project.terraform('workspace', 'new', 'other')
    const ended = await run(installation, ['apply'], settings)
    project.terraform('workspace', 'select', 'default')
    const files = {
      'main.tf': resources('one'),
      'backend.tf': 'terraform {\n  backend "local" { path = "other.tfstate" }\n}\n',
    }
    const elsewhere = await givenProject(files)
    const moved = await run(installation, ['apply'], { folder: elsewhere.folder, as: 'mira' })
    await elsewhere.remove()

    const remedy =
      '  Use the right workspace name, or have an admin pin the target with ' +
      'holdpoint access workspace pin.'
    assert.deepEqual(from('This plan acts', ended.err), [
      'This plan acts somewhere else than its workspace',
      `  tool workspace: approved default, now other; lineage: approved ${await lineage()}, now none`,
      remedy,
    ])
    assert.deepEqual(from('This plan acts', moved.err), [
      'This plan acts somewhere else than its workspace',
      `  backend path: approved none, now other.tfstate; ` +
        `lineage: approved ${await lineage()}, now none`,
      remedy,
    ])
    assert.deepEqual([ended.code, moved.code], [1, 1])
    assert.equal((await changesOf(installation)).length, before)
  },
)

/** As it is printed after digests are made plain. */
async function lineage(): Promise<string> {
  const access = must(await installation.admin.call('access', {}))
  const found = access.workspaces.find((each) => each.name === WORKSPACE)
  return plain(found?.lineage ?? 'none')
}
