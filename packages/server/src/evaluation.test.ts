import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  accept,
  addCast,
  givenPlan,
  openRun,
  startBody,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../test/server-story.ts'

const ALLOW = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: additive
    when: summary.only(["create", "read", "noop"])
    allow: true
`
const DENY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: never
    match: resource.type == "terraform_data"
    deny: true
    message: Not here
`
let story: TestServer
before(async () => {
  story = await startTestServer()
  await addCast(story)
})
after(() => story.close())

async function push(text: string) {
  const policy = await story.admin.call('policy', {})
  assert.ok(policy.ok)
  return story.admin.call('pushPolicy', { body: { text, basedOn: policy.value.revision } })
}

/** A change that went all the way, so that its workspace is bound. */
async function bindWorkspace(workspace: string): Promise<void> {
  const mira = story.as('mira')
  const run = await openRun(mira, { workspace, plan: givenPlan('binds') })
  const { change } = run
  const { fingerprint } = (await untilStatus(mira, change, 'held')).binding
  const body = { fingerprint, reason: null }
  await story.as('jonas').call('approve', { params: { change }, body })
  const deadline = Date.now() + 5_000
  while (Date.now() < deadline) {
    const access = await story.as('theo').call('access', {})
    const found = access.ok && access.value.workspaces.find((each) => each.name === workspace)
    if (found !== false && found?.pin !== null && found !== undefined) break
  }
  await mira.call('withdraw', { params: { change }, body: {} })
}

describe('the policy', () => {
  it('that does not parse is refused with line and column, and the old one stays', async () => {
    const before = await story.admin.call('policy', {})
    const answer = await push('version: 1\ndefault: { hold: {} }\nrules: 7\n')

    assert.ok(!answer.ok && before.ok)
    assert.equal(answer.problem.code, 'policy_invalid')
    assert.equal(answer.status, 422)
    assert.match(answer.problem.detail, /2:\d+: default\.hold/)
    assert.match(answer.problem.detail, /3:\d+: rules/)
    assert.deepEqual(await story.admin.call('policy', {}), before)
  })

  it('made from another revision than the one in force is refused', async () => {
    const answer = await story.admin.call('pushPolicy', { body: { text: ALLOW, basedOn: 7 } })

    assert.equal(answer.ok ? null : answer.problem.code, 'policy_moved')
  })

  it('that allows lets a bound workspace go at once, but never binds one by itself', async () => {
    await bindWorkspace('evaluation/allow')
    assert.ok((await push(ALLOW)).ok)
    const mira = story.as('mira')

    const first = await openRun(mira, { workspace: 'evaluation/unbound' })
    const second = await openRun(mira, { workspace: 'evaluation/allow' })

    const held = await untilStatus(mira, first.change, 'held')
    assert.deepEqual(
      held.findings.map((finding) => [finding.rule, finding.outcome, finding.message]),
      [
        ['additive', 'allow', 'Allowed by this rule'],
        ['binds-target', 'hold', 'Binds the workspace to local'],
      ],
    )
    const released = await untilStatus(mira, second.change, 'released')
    assert.equal(released.evaluation?.allowedBy, 'additive')
    const started = await mira.call('start', {
      params: { change: second.change },
      body: second.signed('start', startBody(second)),
    })
    assert.ok(started.ok, JSON.stringify(started))
  })

  it('keeps what it bound as a reason, though its own release has bound it', async () => {
    assert.ok((await push(ALLOW)).ok)
    const mira = story.as('mira')
    const run = await openRun(mira, { workspace: 'evaluation/binds' })
    await untilStatus(mira, run.change, 'held')
    const params = { change: run.change }
    const body = { fingerprint: run.binding.fingerprint, reason: null }
    const approved = await story.as('jonas').call('approve', { params, body })
    assert.ok(approved.ok, JSON.stringify(approved))

    const signed = run.signed('start', startBody(run))
    assert.ok((await mira.call('start', { params, body: signed })).ok)

    const view = await untilStatus(mira, run.change, 'executing')
    assert.ok(view.findings.some(({ rule }) => rule === 'binds-target'))
    assert.equal(view.evaluation?.verdict, 'hold')
    assert.equal(view.bindsTarget, false)
  })

  it('that gets stricter takes back what it allowed', async () => {
    await bindWorkspace('evaluation/stricter')
    assert.ok((await push(ALLOW)).ok)
    const mira = story.as('mira')
    const run = await openRun(mira, { workspace: 'evaluation/stricter' })
    await untilStatus(mira, run.change, 'released')

    assert.ok((await push(DENY)).ok)

    const denied = await untilStatus(mira, run.change, 'denied')
    assert.deepEqual(denied.rules, ['never'])
  })
})

/** Misbehaves as the plan's resource is named. */
const MISBEHAVING = `process.on('message', (job) => {
  const plan = new TextDecoder().decode(job.plan)
  if (plan.includes('.hang')) for (;;) {}
  if (plan.includes('.grow')) for (const all = []; ; ) all.push(new Array(1e5).fill({}))
  throw new Error('crash')
})`

describe('an evaluation that does not come to its end', () => {
  it('holds for the default’s people, whatever went wrong, and the server goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-child-'))
    const program = join(folder, 'misbehaving.mjs')
    await writeFile(program, MISBEHAVING)
    const settings = { program, deadlineMs: 1_000, heapMegabytes: 32 }
    const bent = await startTestServer({ server: { evaluation: settings } })
    try {
      await addCast(bent)
      const mira = bent.as('mira')
      for (const [name, error] of [
        ['hang', 'evaluating the rules took too long'],
        ['crash', 'evaluating the rules ended without an answer'],
        ['grow', 'evaluating the rules ended without an answer'],
      ] as const) {
        const options = { workspace: `bent/${name}`, plan: givenPlan(name) }
        const { change } = await openRun(mira, options)
        const held = await untilStatus(mira, change, 'held')
        const finding = held.findings.find((each) => each.rule === 'evaluation')
        assert.deepEqual(finding, {
          rule: 'evaluation',
          outcome: 'hold',
          message: 'The rules could not be evaluated',
          resources: [],
          error,
        })
        assert.deepEqual(held.missing, [{ from: ['team:platform'], count: 1 }])
      }
      const answer = await bent.admin.call('pushPolicy', { body: { text: ALLOW, basedOn: 0 } })
      assert.equal(answer.ok ? null : answer.problem.code, 'policy_invalid')
    } finally {
      await bent.close()
      await rm(folder, { recursive: true })
    }
  })
})

describe('a hold', () => {
  it('ends when its time is up', async () => {
    const short = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }], expires: 1s } }
`
    assert.ok((await push(short)).ok)
    const mira = story.as('mira')
    const { change } = await openRun(mira, { workspace: 'evaluation/expires' })

    const view = await untilStatus(mira, change, 'expired')

    assert.equal(view.dueAt, null)
  })

  it('of whoever lost their membership no longer counts them', async () => {
    assert.ok(
      (await push(DENY.replace('deny: true', 'hold: { approvals: [{ from: [team:dba] }] }'))).ok,
    )
    await accept(story, { type: 'add_member', team: 'dba', person: 'ada' })
    await accept(story, { type: 'create_workspace', name: 'evaluation/left' })
    const mira = story.as('mira')
    await bindWorkspaceByAdmin('evaluation/left')
    const { change } = await openRun(mira, { workspace: 'evaluation/left' })
    const { fingerprint } = (await untilStatus(mira, change, 'held')).binding
    const body = { fingerprint, reason: null }
    const approved = await story.as('ada').call('approve', { params: { change }, body })
    assert.deepEqual(approved.ok && approved.value.status, 'released')

    await accept(story, { type: 'remove_member', team: 'dba', person: 'ada' })

    const held = await untilStatus(mira, change, 'held')
    assert.deepEqual(held.missing, [{ from: ['team:dba'], count: 1 }])
  })
})

async function bindWorkspaceByAdmin(workspace: string): Promise<void> {
  await accept(story, {
    type: 'pin_target',
    workspace,
    pin: {
      backend: { type: 'local', settings: { path: 'terraform.tfstate' } },
      toolWorkspace: 'default',
      accounts: [],
      regions: [],
    },
  })
}
