import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Ask } from '@holdpoint/api/client'
import {
  accept,
  addCast,
  openRun,
  startTestServer,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

type Query = Ask<'changes'>['query']

describe('the history of changes', () => {
  let story: TestServer
  let ours: TestRun
  let theirs: TestRun
  let rejected: TestRun

  before(async () => {
    story = await startTestServer()
    await addCast(story)
    await accept(story, { type: 'create_workspace', name: 'edge/dns' })
    await accept(story, { type: 'add_person', handle: 'olga', name: 'Olga Ray', addresses: [] })
    const scoped = { person: 'olga', workspace: 'edge/dns' } as const
    await accept(story, { type: 'grant_role', role: 'requester', ...scoped })
    ours = await openRun(story.as('mira'), { workspace: 'payments/dev' })
    theirs = await openRun(story.as('olga'), { workspace: 'edge/dns' })
    rejected = await openRun(story.as('mira'), { workspace: 'payments/prod' })
    for (const run of [ours, theirs, rejected])
      await untilStatus(story.as('theo'), run.change, 'held')
    const body = { fingerprint: rejected.binding.fingerprint, reason: 'Not on a Friday.' }
    await story.as('jonas').call('reject', { params: { change: rejected.change }, body })
  })
  after(() => story.close())

  async function found(who: string, query: Query) {
    const answer = await story.as(who).call('changes', { query })
    assert.ok(answer.ok, answer.ok ? '' : answer.problem.detail)
    return answer.value
  }
  const ids = async (who: string, query: Query) =>
    (await found(who, query)).changes.map(({ id }) => id)

  it('is newest first, with what became of each and who decided', async () => {
    const { changes, next } = await found('theo', {})

    assert.deepEqual(
      changes.map(({ id }) => id),
      [rejected.change, theirs.change, ours.change],
    )
    assert.equal(next, null)
    const [first] = changes
    assert.equal(first?.status, 'rejected')
    assert.deepEqual(
      first?.decided.map(({ person, decision }) => [person.name, decision]),
      [['jonas Doe', 'reject']],
    )
  })

  it('is narrowed by each of its filters', async () => {
    assert.deepEqual(await ids('theo', { status: 'rejected' }), [rejected.change])
    assert.deepEqual(await ids('theo', { workspace: 'edge/dns' }), [theirs.change])
    assert.deepEqual(await ids('theo', { requester: 'olga' }), [theirs.change])
    assert.deepEqual(await ids('theo', { requester: 'RAY' }), [theirs.change])
    assert.deepEqual(await ids('theo', { text: 'payments/prod' }), [rejected.change])
    assert.deepEqual(await ids('theo', { text: ours.change.toUpperCase() }), [ours.change])
    assert.deepEqual(await ids('theo', { rule: 'no-such-rule' }), [])
    assert.deepEqual(await ids('theo', { agent: '1' }), [])
    assert.deepEqual(await ids('theo', { glass: 'broken' }), [])
    assert.equal((await ids('theo', { rule: 'default' })).length, 3)
  })

  it('is narrowed to a time by when changes were opened', async () => {
    const all = (await found('theo', {})).changes
    const at = all.find(({ id }) => id === theirs.change)?.openedAt ?? 0

    assert.deepEqual(await ids('theo', { from: at + 1 }), [rejected.change])
    assert.deepEqual(await ids('theo', { from: at }), [rejected.change, theirs.change])
    assert.deepEqual(await ids('theo', { until: at }), [ours.change])
    assert.deepEqual(await ids('theo', { from: at, until: at + 1 }), [theirs.change])
  })

  it('goes on where the page before ended', async () => {
    const first = await found('theo', { limit: 2 })
    assert.equal(first.next, theirs.change)

    const second = await found('theo', { limit: 2, before: theirs.change })

    assert.deepEqual(
      second.changes.map(({ id }) => id),
      [ours.change],
    )
    assert.equal(second.next, null)
  })

  it('holds nothing of what one may not see, however it is asked', async () => {
    assert.deepEqual(await ids('olga', {}), [theirs.change])
    assert.deepEqual(await ids('olga', { text: 'payments' }), [])
    assert.deepEqual(await ids('olga', { workspace: 'payments/dev' }), [])
    assert.deepEqual(await ids('olga', { requester: 'mira' }), [])
  })

  it('does not tell a cursor that is hidden from one that does not exist', async () => {
    const ask = (before: Query['before']) =>
      story.as('olga').call('changes', { query: { before } as Query })

    const hidden = await ask(ours.change)
    const absent = await ask('chg_0123456789abcdef' as never)

    assert.ok(!hidden.ok && !absent.ok)
    assert.equal(hidden.status, 404)
    assert.deepEqual(hidden.problem, absent.problem)
  })

  it('refuses a word that is no status', async () => {
    const answer = await story.as('theo').call('changes', { query: { status: 'held,gone' } })

    assert.ok(!answer.ok)
    assert.equal(answer.problem.code, 'invalid_input')
  })
})
