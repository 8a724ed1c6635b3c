import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  accept,
  addCast,
  openRun,
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

const REASON = 'Two more queues before Friday'
const asAgent = (more: object) => ({
  words: REASON,
  bend: (body: object) => ({ ...body, agent: true, agentName: 'deploy-bot', ...more }),
})

describe('a change that an agent opened', () => {
  it('says so, by whom and for whom, in lists too', async () => {
    const mira = story.as('mira')
    const { change } = await openRun(mira, { workspace: 'agents/one', ...asAgent({}) })

    const seen = await untilStatus(mira, change, 'held')
    const listed = await mira.call('changes', { query: { workspace: 'agents/one' } })

    assert.deepEqual([seen.agent, seen.agentName, seen.words], [true, 'deploy-bot', REASON])
    assert.deepEqual([seen.requester.kind, seen.requester.name], ['person', 'mira Doe'])
    assert.ok(listed.ok)
    assert.deepEqual(
      listed.value.changes.map((row) => [row.agent, row.agentName]),
      [[true, 'deploy-bot']],
    )
  })

  it('keeps what it calls itself in a text that can be erased', async () => {
    const mira = story.as('mira')
    const { change } = await openRun(mira, { workspace: 'agents/erased', ...asAgent({}) })
    const seen = await untilStatus(mira, change, 'held')
    const opened = seen.timeline.find((each) => each.type === 'change_opened')
    const text = String(Reflect.get(Object(opened?.event), 'agentName'))
    assert.match(text, /^[0-9a-f]{64}$/)

    const erased = await story.admin.call('eraseText', { body: { text: text as never } })

    assert.ok(erased.ok, JSON.stringify(erased))
    const after = await mira.call('change', { params: { change } })
    assert.ok(after.ok)
    assert.deepEqual([after.value.agent, after.value.agentName], [true, null])
  })

  it('is not approved by who it works for, also where they may approve', async () => {
    await accept(story, { type: 'grant_role', person: 'jonas', role: 'requester', workspace: null })
    const jonas = story.as('jonas')
    const { change } = await openRun(jonas, { workspace: 'agents/own', ...asAgent({}) })
    const { fingerprint } = (await untilStatus(jonas, change, 'held')).binding

    const answer = await jonas.call('approve', {
      params: { change },
      body: { fingerprint, reason: null },
    })

    assert.ok(!answer.ok)
    assert.deepEqual([answer.status, answer.problem.code], [403, 'in_requester_set'])
  })

  it('by a token waits for one more person', async () => {
    const issued = await accept(story, {
      ...{ type: 'issue_token', name: 'deploy', verbs: ['open', 'read'] },
      ...{ workspaces: null, expiresInDays: 1 },
    })
    const client = story.withToken(issued.secret ?? '')
    const { change } = await openRun(client, { workspace: 'agents/token', ...asAgent({}) })

    const held = await untilStatus(client, change, 'held')

    assert.deepEqual(held.missing, [{ from: ['team:platform'], count: 2 }])
    assert.deepEqual([held.requester.name, held.agentName], ['deploy', 'deploy-bot'])
  })

  it('leaves the open change of its person where it is', async () => {
    const mira = story.as('mira')
    const own = await openRun(mira, { workspace: 'agents/beside' })
    const { change } = await openRun(mira, { workspace: 'agents/beside', ...asAgent({}) })
    await untilStatus(mira, change, 'held')

    assert.equal((await untilStatus(mira, own.change, 'held')).supersededBy, null)
    const next = await openRun(mira, { workspace: 'agents/beside' })
    assert.equal((await untilStatus(mira, change, 'superseded')).supersededBy, next.change)
  })
})

describe('what an agent has to say', () => {
  const problemsOf = async (options: object) => {
    const { answer } = await tryOpenRun(story.as('mira'), { workspace: 'agents/said', ...options })
    return answer.ok ? null : [answer.problem.code, answer.problem.detail]
  }

  it('is why', async () => {
    for (const words of [null, '', ' \n'])
      assert.deepEqual(await problemsOf(asAgent({ words })), [
        'invalid_input',
        'words: an agent must give its reason',
      ])
  })

  it('is a name that can be shown, and only an agent has one', async () => {
    const [code, detail] = (await problemsOf(asAgent({ agentName: 'x) for Ines (' }))) ?? []
    assert.equal(code, 'invalid_input')
    assert.match(String(detail), /agentName: must be letters, digits and/)
    assert.deepEqual(await problemsOf(asAgent({ agent: false })), [
      'invalid_input',
      'agentName: only an agent has one',
    ])
  })
})
