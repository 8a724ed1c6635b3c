import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  accept,
  addCast,
  openRun,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

const HOUR = 3_600_000

let story: TestServer
before(async () => {
  story = await startTestServer()
  await addCast(story)
  await accept(story, { type: 'remove_member', team: 'platform', person: 'ada' })
})
after(() => story.close())

const lend = (as: string, to: string, about: object = {}) =>
  story.as(as).call('lend', { body: { to, team: 'platform', until: Date.now() + HOUR, ...about } })

describe('lending one’s approvals', () => {
  it('lets somebody stand in until a time, which the page says', async () => {
    const answer = await lend('jonas', 'ada')
    assert.ok(answer.ok)
    assert.deepEqual(
      answer.value.lent.map(({ name, team }) => [name, team]),
      [['ada Doe', 'platform']],
    )

    const run = await openRun(story.as('mira'), { workspace: 'payments/lent' })
    const { change, binding } = run
    const { slots } = await untilStatus(story.as('ada'), change, 'held')

    assert.deepEqual(
      slots[0]?.candidates.map(({ name, for: absent }) => [name, absent]),
      [
        ['jonas Doe', null],
        ['ada Doe', 'jonas Doe'],
      ],
    )
    const body = { fingerprint: binding.fingerprint, reason: null }
    assert.ok((await story.as('ada').call('approve', { params: { change }, body })).ok)
    await untilStatus(story.as('mira'), change, 'released')
    const { value } = await lendingOf('ada')
    assert.deepEqual(
      value.borrowed.map(({ name }) => name),
      ['jonas Doe'],
    )
  })

  it('ends when it is ended, and what rests on it is held again', async () => {
    const run = await openRun(story.as('mira'), { workspace: 'payments/ended' })
    const { change, binding } = run
    await untilStatus(story.as('ada'), change, 'held')
    const body = { fingerprint: binding.fingerprint, reason: null }
    assert.ok((await story.as('ada').call('approve', { params: { change }, body })).ok)
    const [lent] = (await lendingOf('jonas')).value.lent
    assert.ok(lent !== undefined)

    const ended = await story
      .as('jonas')
      .call('endLending', { body: { to: lent.person, team: 'platform' } })

    assert.ok(ended.ok)
    assert.deepEqual(ended.value.lent, [])
    await untilStatus(story.as('mira'), change, 'held')
  })

  it('is one’s own to lend: not by a token, not for ever, not of a team one is not in', async () => {
    const issued = await accept(story, {
      type: 'issue_token',
      name: 'laptop',
      verbs: ['open', 'read'],
      workspaces: null,
      expiresInDays: 1,
    })
    const until = Date.now() + HOUR
    const byToken = await story
      .withToken(issued.secret ?? '')
      .call('lend', { body: { to: 'ada', team: 'platform', until } })
    assert.equal(byToken.ok ? '' : byToken.problem.code, 'not_permitted')
    const codeOf = async (answer: ReturnType<typeof lend>) => {
      const given = await answer
      return given.ok ? 'ok' : given.problem.code
    }
    assert.equal(await codeOf(lend('ada', 'jonas')), 'not_found')
    assert.equal(await codeOf(lend('jonas', 'jonas')), 'invalid_input')
    assert.equal(await codeOf(lend('jonas', 'nobody')), 'not_found')
    const years = { until: Date.now() + 400 * 24 * HOUR }
    assert.equal(await codeOf(lend('jonas', 'ada', years)), 'invalid_input')
  })
})

async function lendingOf(handle: string) {
  const answer = await story.as(handle).call('lending', {})
  assert.ok(answer.ok)
  return answer
}
