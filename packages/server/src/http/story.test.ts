import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { routes } from '@holdpoint/api'
import {
  accept,
  addCast,
  givenPlan,
  OUTCOME,
  openRun,
  startBody,
  startTestServer,
  type TestServer,
  tryOpenRun,
  untilStatus,
} from '../../test/server-story.ts'

let story: TestServer
before(async () => {
  story = await startTestServer()
  await addCast(story)
})
after(() => story.close())

describe('a change over HTTP', () => {
  it('is held, approved, started and finished', async () => {
    const mira = story.as('mira')
    const run = await openRun(mira, { workspace: 'story/one', words: 'More room' })
    const held = await untilStatus(mira, run.change, 'held')

    const { change } = run
    const { fingerprint } = held.binding
    const seen = await story.as('jonas').call('change', { params: { change } })
    assert.ok(seen.ok)
    routes.change.reply.parse(seen.value)
    assert.equal(seen.value.words, 'More room')
    assert.equal(seen.value.headline, 'Creates 1 resource')
    assert.equal(seen.value.you.approve, null)
    assert.equal(seen.value.lastForRelease, true)
    assert.equal(seen.value.bindsTarget, true)
    assert.ok(seen.value.findings.some((finding) => finding.rule === 'binds-target'))
    const approved = await story
      .as('jonas')
      .call('approve', { params: { change }, body: { fingerprint, reason: null } })
    assert.deepEqual(approved, { ok: true, status: 200, value: { status: 'released' } })

    const started = await mira.call('start', {
      params: { change },
      body: run.signed('start', startBody(run)),
    })
    assert.ok(started.ok, JSON.stringify(started))
    const beat = await mira.call('heartbeat', {
      params: { change },
      body: run.signed('heartbeat', { beat: 1 }),
    })
    assert.ok(beat.ok && beat.value.goOn)
    const again = await mira.call('heartbeat', {
      params: { change },
      body: run.signed('heartbeat', { beat: 1 }),
    })
    assert.equal(again.ok ? null : again.problem.code, 'invalid_input')
    const finished = await mira.call('finish', {
      params: { change },
      body: run.signed('finish', { outcome: OUTCOME }),
    })
    assert.deepEqual(finished, { ok: true, status: 200, value: { status: 'applied' } })
  })

  it('is not decided by its requester', async () => {
    await accept(story, { type: 'grant_role', person: 'mira', role: 'approver', workspace: null })
    await accept(story, { type: 'add_member', team: 'platform', person: 'mira' })
    const mira = story.as('mira')
    const { change } = await openRun(mira, { workspace: 'story/two' })
    const { fingerprint } = (await untilStatus(mira, change, 'held')).binding

    const answer = await mira.call('approve', {
      params: { change },
      body: { fingerprint, reason: null },
    })

    assert.equal(answer.ok ? null : answer.problem.code, 'in_requester_set')
    assert.equal(answer.status, 403)
    await accept(story, { type: 'remove_member', team: 'platform', person: 'mira' })
  })

  it('does not count the author of a commit', async () => {
    const mira = story.as('mira')
    const options = { workspace: 'story/authors', authors: ['JONAS@example.com'] }
    const { change } = await openRun(mira, options)
    const { fingerprint } = (await untilStatus(mira, change, 'held')).binding

    const answer = await story
      .as('jonas')
      .call('approve', { params: { change }, body: { fingerprint, reason: null } })

    assert.equal(answer.ok ? null : answer.problem.code, 'in_requester_set')
  })

  it('does not count anybody who shares the address of an author', async () => {
    const addresses = ['jonas@example.com', 'on-call@example.com']
    for (const handle of ['vera', 'viktor']) {
      await accept(story, { type: 'add_person', handle, name: handle, addresses })
      await accept(story, { type: 'grant_role', person: handle, role: 'approver', workspace: null })
      await accept(story, { type: 'add_member', team: 'platform', person: handle })
    }
    const mira = story.as('mira')
    const options = { workspace: 'story/shared', authors: ['on-call@example.com'] }
    const { change } = await openRun(mira, options)
    const { fingerprint } = (await untilStatus(mira, change, 'held')).binding
    const body = { fingerprint, reason: null }

    for (const handle of ['vera', 'viktor']) {
      const answer = await story.as(handle).call('approve', { params: { change }, body })
      assert.equal(answer.ok ? null : answer.problem.code, 'in_requester_set')
    }
  })

  it('is not started by another runner', async () => {
    const mira = story.as('mira')
    const run = await openRun(mira, { workspace: 'story/runner' })
    const other = await openRun(mira, { workspace: 'story/other-runner' })
    const { change } = run
    const { fingerprint } = (await untilStatus(mira, change, 'held')).binding
    const body = { fingerprint, reason: null }
    await story.as('jonas').call('approve', { params: { change }, body })

    const forged = { ...other.signed('start', startBody(run)) }
    const answer = await mira.call('start', { params: { change }, body: forged })

    assert.equal(answer.ok ? null : answer.problem.code, 'other_runner')
  })

  it('shows what differs and keeps its approvals', async () => {
    const mira = story.as('mira')
    const run = await openRun(mira, { workspace: 'story/differs' })
    const { change } = run
    const { fingerprint } = (await untilStatus(mira, change, 'held')).binding
    const body = { fingerprint, reason: null }
    await story.as('jonas').call('approve', { params: { change }, body })

    const binding = { ...run.binding, source: run.binding.plan }
    const answer = await mira.call('start', {
      params: { change },
      body: run.signed('start', { ...startBody(run), binding }),
    })
    assert.equal(answer.ok ? null : answer.problem.code, 'differs')

    const again = await mira.call('start', {
      params: { change },
      body: run.signed('start', startBody(run)),
    })
    assert.ok(again.ok)
  })

  it('is refused when the plan is not the one it names', async () => {
    const { answer } = await tryOpenRun(story.as('mira'), {
      workspace: 'story/evidence',
      bend: (body) => ({ ...body, flags: ['-refresh=false'] }),
    })

    assert.equal(answer.status, 422)
    assert.deepEqual(answer.ok ? null : answer.problem.refusal, {
      code: 'evidence_differs',
      part: 'fingerprint',
    })
  })

  it('takes the place of the requester’s older one in the same workspace', async () => {
    const mira = story.as('mira')
    const older = await openRun(mira, { workspace: 'story/supersede' })
    await untilStatus(mira, older.change, 'held')

    const newer = await openRun(mira, { workspace: 'story/supersede', plan: givenPlan('two') })

    const view = await untilStatus(mira, older.change, 'superseded')
    assert.equal(view.supersededBy, newer.change)
  })

  it('is in the inbox of who may decide, and in nobody else’s', async () => {
    const mira = story.as('mira')
    const { change } = await openRun(mira, { workspace: 'story/inbox' })
    await untilStatus(mira, change, 'held')

    const [theirs, ours] = [await story.as('ada').call('inbox', {}), await mira.call('inbox', {})]

    assert.ok(theirs.ok && ours.ok)
    routes.inbox.reply.parse(theirs.value)
    assert.ok(theirs.value.needsYou.some((row) => row.id === change))
    assert.ok(ours.value.yours.some((row) => row.id === change))
    assert.ok(!ours.value.needsYou.some((row) => row.id === change))
  })
})
