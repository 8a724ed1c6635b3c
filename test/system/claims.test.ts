/**
 * One grant, one start: whoever asks twice, at once, with another key or too late is refused, and
 * the log says who started. Rules are read again at the claim, and a worse answer takes it back.
 */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openRun, startBody, TARGET } from '../../packages/server/test/server-story.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'
import { runnerOf } from '../harness/runner.ts'
import {
  approve,
  type ChangeView,
  entriesOf,
  from,
  givenPipeline,
  newest,
  type Pipeline,
  until,
  untilStatus,
  view,
} from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }

const HELD = 'version: 1\ndefault: { hold: { approvals: [{ from: [team:platform] }] } }\n'

let installation: Installation
const projects: Project[] = []
const pipelines: Pipeline[] = []

before(async () => {
  if (whenTerraform.skip === false) installation = await install({ policy: HELD })
})

after(async () => {
  await Promise.all([...projects, ...pipelines].map((each) => each.remove()))
  await installation?.close()
})

interface Story {
  readonly workspace: string
  readonly project: Project
  readonly pipeline: Pipeline
  readonly change: ChangeView
}

/** A plan of one resource in a workspace of its own, held for platform. */
async function givenHeld(workspace: string): Promise<Story> {
  await installation.change({ type: 'create_workspace', name: workspace })
  await installation.change({ type: 'set_owners', workspace, owners: ['jonas'] })
  const project = await givenProject({ 'main.tf': resources('one') })
  projects.push(project)
  project.plan()
  const pipeline = await givenPipeline(installation, project, { workspace })
  pipelines.push(pipeline)
  const held = await pipeline.gate()
  assert.equal(held.code, 75, held.out + held.err)
  return { workspace, project, pipeline, change: await newest(installation, workspace) }
}

async function givenReleased(workspace: string): Promise<Story> {
  const story = await givenHeld(workspace)
  must(await approve(installation, 'ines', story.change))
  return { ...story, change: await untilStatus(installation, story.change.id, 'released') }
}

async function whilePolicy(text: string, work: () => Promise<void>): Promise<void> {
  await installation.push(text)
  try {
    await work()
  } finally {
    await installation.push(HELD)
  }
}

test('a grant is used once, whoever asks and however', whenTerraform, async () => {
  const { pipeline, change } = await givenReleased('claims/twice')
  const runner = await runnerOf(installation.as('mira'), pipeline.stateFolder)

  const first = await pipeline.gate()
  const second = await pipeline.gate()
  const third = await runner.start(change)

  assert.deepEqual([first.code, second.code], [0, 1])
  assert.deepEqual(from('STARTED ELSEWHERE', second.out), [
    'STARTED ELSEWHERE  it is executing; nothing was applied here',
    '  holdpoint show <id>',
  ])
  const at = (await view(installation, change.id)).execution?.startedAt ?? 0
  assert.deepEqual(third, {
    ok: false,
    status: 409,
    problem: {
      code: 'grant_used',
      title: 'Already started',
      detail: `The one execution of this change started at ${new Date(at).toISOString()}.`,
      remedy:
        'A change is applied at most once. Look at its outcome, and plan again if more is needed.',
      refusal: { code: 'grant_used', at },
    },
  })
  const entries = await entriesOf(installation, change.id)
  assert.equal(entries.filter((type) => type === 'execution_started').length, 1)
})

test('of two runners that claim at once exactly one wins', whenTerraform, async () => {
  const { workspace, project, pipeline, change } = await givenReleased('claims/race')
  const stateFolder = await mkdtemp(join(tmpdir(), 'holdpoint-steps-'))
  await cp(pipeline.stateFolder, stateFolder, { recursive: true })
  const other = await givenPipeline(installation, project, {
    workspace,
    environment: { HOLDPOINT_STATE_DIR: stateFolder },
  })
  pipelines.push(other)
  const runner = await runnerOf(installation.as('mira'), pipeline.stateFolder)

  const steps = await Promise.all([
    pipeline.gate(),
    other.gate({ HOLDPOINT_STATE_DIR: stateFolder }),
  ])
  const calls = await Promise.all([1, 2, 3, 4].map(() => runner.start(change)))

  assert.deepEqual(steps.map((step) => step.code).toSorted(), [0, 1])
  assert.deepEqual(
    calls.map((answer) => !answer.ok && answer.problem.code),
    ['grant_used', 'grant_used', 'grant_used', 'grant_used'],
  )
  const entries = await entriesOf(installation, change.id)
  assert.equal(entries.filter((type) => type === 'execution_started').length, 1)
  await rm(stateFolder, { recursive: true })
})

test('of many starts in one moment exactly one wins', whenTerraform, async () => {
  const { pipeline, change } = await givenReleased('claims/moment')
  const runner = await runnerOf(installation.as('mira'), pipeline.stateFolder)

  const answers = await Promise.all(Array.from({ length: 8 }, () => runner.start(change)))

  assert.equal(answers.filter((answer) => answer.ok).length, 1)
  const codes = answers.flatMap((answer) => (answer.ok ? [] : [answer.problem.code]))
  assert.deepEqual([...new Set(codes)], ['grant_used'])
})

test('a claim by another runner key is refused', whenTerraform, async () => {
  const { change } = await givenReleased('claims/key')
  const theirs = await givenReleased('claims/other-key')
  const stranger = await runnerOf(installation.as('mira'), theirs.pipeline.stateFolder, change.id)

  const answer = await stranger.start(change)

  assert.deepEqual(answer.ok ? null : { ...answer.problem, refusal: undefined }, {
    code: 'other_runner',
    title: 'Another runner opened this change',
    detail: 'Only the runner that opened a change can start, renew or finish it.',
    remedy: 'Continue where it was opened, or plan again here.',
    refusal: undefined,
  })
  assert.equal((await view(installation, change.id)).status, 'released')
})

test('the same plan file from another run does not take the grant', whenTerraform, async () => {
  const { workspace, project, change } = await givenReleased('claims/elsewhere')
  const other = await givenPipeline(installation, project, { workspace })
  pipelines.push(other)

  const ended = await other.gate()

  assert.equal(ended.code, 1)
  assert.deepEqual(from('This plan file', ended.err), [
    'This plan file was brought to the gate by another run',
    '  chg_<id> is released, and only the run that opened it can go on.',
    '  Keep the folder of HOLDPOINT_STATE_DIR between the steps, or plan anew here.',
  ])
  assert.equal((await view(installation, change.id)).status, 'released')
})

test('a hold that nobody decided in time is expired', whenTerraform, async () => {
  const short = HELD.replace('}] }', '}], expires: 2s }')
  await whilePolicy(short, async () => {
    const { pipeline, change } = await givenHeld('claims/expires')

    await untilStatus(installation, change.id, 'expired')
    const late = await approve(installation, 'ines', change)
    const runner = await runnerOf(installation.as('mira'), pipeline.stateFolder)
    const started = await runner.start(change)

    assert.deepEqual(late.ok ? null : late.problem.title, 'The change has expired')
    assert.equal(started.ok ? null : started.problem.code, 'expired')
    assert.equal((await entriesOf(installation, change.id)).at(-1), 'expired')
  })
})

test('a release that was not used in time is refused, and is expired', whenTerraform, async () => {
  await whilePolicy(`${HELD}release_for: 1s\n`, async () => {
    const { pipeline, change } = await givenReleased('claims/release-ages')
    const runner = await runnerOf(installation.as('mira'), pipeline.stateFolder)
    const until = change.releasedUntil ?? 0

    await untilStatus(installation, change.id, 'expired')
    const answer = await runner.start(change)

    assert.deepEqual(answer.ok ? null : { ...answer.problem, refusal: undefined }, {
      code: 'expired',
      title: 'Too late',
      detail: `It was good until ${new Date(until).toISOString()}.`,
      remedy: 'Plan again; equal approvals are asked anew because the world may have moved.',
      refusal: undefined,
    })
  })
})

test('an allow that was not used in time is refused', whenTerraform, async () => {
  const allows = 'version: 1\ndefault: { allow: true }\non_error: deny\nallow_for: 1s\n'
  await whilePolicy(allows, async () => {
    const workspace = 'claims/allow-ages'
    await installation.change({ type: 'create_workspace', name: workspace })
    const pin = { backend: TARGET.backend, toolWorkspace: 'default', accounts: [], regions: [] }
    await installation.change({ type: 'pin_target', workspace, pin })
    const mira = installation.as('mira')
    const ran = await openRun(mira, { workspace })
    const seen = await until('it is allowed', async () => {
      const now = await view(installation, ran.change)
      return now.releasedUntil === null ? null : now
    })
    const goodUntil = seen.releasedUntil ?? 0
    await untilStatus(installation, ran.change, 'expired')

    const params = { change: ran.change }
    const answer = await mira.call('start', { params, body: ran.signed('start', startBody(ran)) })

    assert.deepEqual(answer.ok ? null : [answer.problem.title, answer.problem.detail], [
      'Too late',
      `It was good until ${new Date(goodUntil).toISOString()}.`,
    ])
    assert.equal((seen.evaluation?.evaluatedAt ?? 0) + 1_000, goodUntil)
  })
})

/** From then on changes wait for dba too, and nothing starts in one workspace. */
const freezeFrom = (begins: string) => `${HELD}rules:
  - name: freeze
    when: now >= timestamp("${begins}")
    hold: { approvals: [{ from: [team:dba] }, { from: [team:platform] }] }
    message: Changes wait while the freeze lasts
  - name: hard-freeze
    when: now >= timestamp("${begins}") && workspace.name == "claims/frozen"
    deny: true
    message: Nothing is changed here while the freeze lasts
`

test('a freeze that begins after the release is read at the claim', whenTerraform, async () => {
  const waits = await givenHeld('claims/freeze')
  const frozen = await givenHeld('claims/frozen')
  const begins = new Date(Date.now() + 4_000).toISOString()
  await whilePolicy(freezeFrom(begins), async () => {
    for (const { change } of [waits, frozen]) {
      must(await approve(installation, 'ines', change))
      await untilStatus(installation, change.id, 'released')
    }
    await new Promise((resolve) => setTimeout(resolve, Date.parse(begins) - Date.now() + 50))

    const ended = await waits.pipeline.gate()
    const runner = await runnerOf(installation.as('mira'), frozen.pipeline.stateFolder)
    const answer = await runner.start(frozen.change)
    const denied = await frozen.pipeline.gate()

    assert.equal(ended.code, 75, ended.out + ended.err)
    assert.match(ended.out, /freeze +Changes wait while the freeze lasts/)
    const held = await view(installation, waits.change.id)
    assert.deepEqual([held.status, held.decisions.length], ['held', 1])
    const entries = await entriesOf(installation, waits.change.id)
    assert.deepEqual(entries.slice(-2), ['released', 'evaluated'])
    assert.deepEqual(answer.ok ? null : { ...answer.problem, refusal: undefined }, {
      code: 'denied_now',
      title: 'Denied by a rule',
      detail: 'Under the policy in force now: hard-freeze.',
      remedy: 'No one can approve this. Change the configuration, or the rule.',
      refusal: undefined,
    })
    assert.equal(denied.code, 1, denied.out + denied.err)
    assert.match(denied.out, /hard-freeze +Nothing is changed here while the freeze lasts/)
    assert.equal((await view(installation, frozen.change.id)).status, 'denied')
    assert.equal((await entriesOf(installation, frozen.change.id)).at(-1), 'evaluated')
    assert.equal(await frozen.project.state(), null)

    // Nobody is asked again for what they gave; the one who is missing releases it.
    must(await approve(installation, 'jonas', held))
    assert.equal((await waits.pipeline.gate()).code, 0)
    waits.project.terraform('apply', '-input=false', 'plan.tfplan')
    assert.equal((await waits.pipeline.finish(0)).code, 0)
  })
})

test('a stricter policy after the release sends it back to held', whenTerraform, async () => {
  const { pipeline, change } = await givenReleased('claims/stricter')
  const stricter = HELD.replace('[{ from: [team:platform] }]', '[{ from: [team:dba] }]')
  await whilePolicy(stricter, async () => {
    const ended = await pipeline.gate()

    assert.equal(ended.code, 75, ended.out + ended.err)
    const held = await view(installation, change.id)
    assert.deepEqual([held.status, held.missing], ['held', [{ from: ['team:dba'], count: 1 }]])
    assert.equal((await entriesOf(installation, change.id)).at(-1), 'evaluated')
  })
})

test('a rule that forbids it after the release denies it', whenTerraform, async () => {
  const { pipeline, project, change } = await givenReleased('claims/denied')
  const denies = `${HELD}rules:
  - name: never-here
    match: resource.type == "terraform_data"
    deny: true
    message: Nothing of this kind is made here
`
  await whilePolicy(denies, async () => {
    const ended = await pipeline.gate()

    assert.equal(ended.code, 1, ended.out + ended.err)
    assert.match(ended.out, /^DENIED +never-here +Nothing of this kind is made here$/m)
    assert.match(ended.out, /No one can approve this. Change the configuration, or the rule.$/m)
    assert.equal((await view(installation, change.id)).status, 'denied')
    assert.equal((await entriesOf(installation, change.id)).at(-1), 'evaluated')
    assert.equal(await project.state(), null)
  })
})

test('an approver who leaves before the start no longer counts', whenTerraform, async () => {
  const { pipeline, change } = await givenReleased('claims/leaver')
  const away = { team: 'platform', person: 'ines' } as const
  await installation.change({ type: 'remove_member', ...away })
  try {
    const ended = await pipeline.gate()

    assert.equal(ended.code, 75, ended.out + ended.err)
    assert.equal((await view(installation, change.id)).status, 'held')
  } finally {
    await installation.change({ type: 'add_member', ...away })
  }
})

test('a rejection bites until the start', whenTerraform, async () => {
  const { pipeline, change } = await givenReleased('claims/rejected')
  const { fingerprint } = change.binding
  const body = { fingerprint, reason: 'Not before the migration' }
  must(await installation.as('aiko').call('reject', { params: { change: change.id }, body }))

  const ended = await pipeline.gate()

  assert.equal(ended.code, 1)
  assert.match(ended.out, /^REJECTED {2}by Aiko Mori/m)
  assert.match(ended.out, /"Not before the migration"/)
})

test('what a step keeps is readable by its user alone', whenTerraform, async () => {
  const { pipeline } = await givenHeld('claims/kept')
  const { readdir, stat } = await import('node:fs/promises')
  const [name = ''] = (await readdir(pipeline.stateFolder)).filter((each) => each.endsWith('.json'))

  const file = join(pipeline.stateFolder, name)

  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.ok((await readFile(file, 'utf8')).includes('keySeed'))
})
