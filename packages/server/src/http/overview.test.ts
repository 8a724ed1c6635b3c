import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { routes } from '@holdpoint/api'
import {
  accept,
  addCast,
  openRun,
  startTestServer,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

describe('what looks at everything at once', () => {
  let story: TestServer
  let run: TestRun

  before(async () => {
    story = await startTestServer()
    await addCast(story)
    for (const [handle, name] of [
      ['sofia', 'Sofia Lind'],
      ['olga', 'Olga Ray'],
    ] as const)
      await accept(story, { type: 'add_person', handle, name, addresses: [] })
    await accept(story, { type: 'grant_role', person: 'sofia', role: 'admin', workspace: null })
    await accept(story, { type: 'create_workspace', name: 'edge/dns' })
    const workspace = 'edge/dns'
    await accept(story, { type: 'grant_role', person: 'olga', role: 'viewer', workspace })
    await accept(story, { type: 'set_owners', workspace, owners: ['ada'] })
    run = await openRun(story.as('mira'), { workspace: 'payments/dev' })
    await untilStatus(story.as('mira'), run.change, 'held')
  })
  after(() => story.close())

  const people = async (who: string) => {
    const answer = await story.as(who).call('people', {})
    assert.ok(answer.ok)
    return routes.people.reply.parse(answer.value)
  }
  const idOf = async (handle: string) =>
    (await people('sofia')).all?.people.find((each) => each.handle === handle)?.id as never

  it('tells who may not read access only who may change it', async () => {
    const seen = await people('mira')

    assert.deepEqual(
      { ...seen, admins: seen.admins.map(({ name }) => name) },
      { admins: ['Sofia Lind'], mayChange: false, all: null },
    )
  })

  it('shows people, roles and teams to who may read them', async () => {
    const { all, mayChange } = await people('theo')
    const jonas = all?.people.find(({ handle }) => handle === 'jonas')

    assert.equal(mayChange, false)
    assert.deepEqual(
      [jonas?.teams, jonas?.roles, jonas?.passkeys, jonas?.active],
      [['platform'], [{ role: 'approver', workspace: null }], 0, true],
    )
    assert.deepEqual(all?.teams, [
      {
        name: 'platform',
        directory: false,
        members: [
          { handle: 'jonas', name: 'jonas Doe' },
          { handle: 'ada', name: 'ada Doe' },
        ],
      },
    ])
  })

  it('says what would follow if somebody were removed, and removes nobody', async () => {
    const body = { fingerprint: run.binding.fingerprint, reason: null }
    const taken = await openRun(story.as('mira'), { workspace: 'edge/dns' })
    await untilStatus(story.as('mira'), taken.change, 'held')
    await story.as('ada').call('approve', {
      params: { change: taken.change },
      body: { ...body, fingerprint: taken.binding.fingerprint },
    })
    const params = { person: await idOf('ada') }

    const answer = await story.as('sofia').call('removal', { params })

    assert.ok(answer.ok)
    assert.deepEqual(answer.value, {
      approvals: 1,
      teams: [],
      rules: ['default', 'on_error'],
      workspaces: ['edge/dns'],
      lastAdmin: false,
    })
    assert.equal(
      (await people('sofia')).all?.people.every(({ active }) => active),
      true,
    )
    const refused = await story.as('theo').call('removal', { params })
    assert.equal(refused.ok, false)
    const admin = await story.as('sofia').call('removal', {
      params: { person: await idOf('sofia') },
    })
    assert.equal(admin.ok && admin.value.lastAdmin, true)
  })

  it('lists the workspaces that one may see, with what is open and what was last', async () => {
    const listed = async (who: string) => {
      const answer = await story.as(who).call('workspaces', {})
      assert.ok(answer.ok)
      return routes.workspaces.reply.parse(answer.value).workspaces
    }
    const names = async (who: string) => (await listed(who)).map(({ name }) => name)

    assert.deepEqual(await names('theo'), ['edge/dns', 'payments/dev'])
    assert.deepEqual(await names('olga'), ['edge/dns'])
    assert.deepEqual(await names('sofia'), [])
    const [, payments] = await listed('theo')
    assert.deepEqual([payments?.open, payments?.last?.change], [1, run.change])
    assert.equal(payments?.last?.headline, 'Creates 1 resource')
  })

  it('says who can decide what in a workspace, and hides one that may not be seen', async () => {
    const params = { workspace: run.workspace }

    const answer = await story.as('jonas').call('workspace', { params })
    const hidden = await story.as('olga').call('workspace', { params })
    const absent = await story.as('olga').call('workspace', {
      params: { workspace: 'wsp_0123456789abcdef' as never },
    })

    assert.ok(answer.ok)
    const { rules, admins, mayChange } = routes.workspace.reply.parse(answer.value)
    assert.deepEqual(
      rules.map(({ rule, slots }) => [rule, slots.map(({ people: who }) => who)]),
      [
        [
          'default',
          [
            [
              { person: await idOf('jonas'), name: 'jonas Doe', you: true },
              { person: await idOf('ada'), name: 'ada Doe', you: false },
            ],
          ],
        ],
      ],
    )
    assert.deepEqual([admins.map(({ name }) => name), mayChange], [['Sofia Lind'], false])
    assert.ok(!hidden.ok && !absent.ok)
    assert.deepEqual(hidden.problem, absent.problem)
  })

  it('counts figures only over changes that one may see', async () => {
    const figures = async (who: string) => {
      const answer = await story.as(who).call('insights', { query: {} })
      assert.ok(answer.ok)
      return routes.insights.reply.parse(answer.value)
    }

    const all = await figures('theo')
    const few = await figures('olga')
    const none = await figures('sofia')

    assert.deepEqual([all.total.hold, few.total.hold, none.total.hold], [2, 1, 0])
    assert.deepEqual([all.workspaces, few.workspaces], [['edge/dns', 'payments/dev'], ['edge/dns']])
    assert.equal(all.reading.decisions, 1)
    assert.equal((await figures('ada')).you?.decisions, 1)
    assert.equal(all.you?.decisions, 0)
    assert.equal(all.weeks.length, 12)
  })

  it('grows its figures with the log', async () => {
    const more = await openRun(story.as('mira'), { workspace: 'payments/dev' })
    await untilStatus(story.as('mira'), more.change, 'held')

    const answer = await story.as('theo').call('insights', { query: { workspace: 'payments/dev' } })

    assert.equal(answer.ok && answer.value.total.hold, 2)
  })

  it('tells auditors and administrators whether all is well, and nobody else', async () => {
    const answer = await story.as('theo').call('health', {})
    const refused = await story.as('mira').call('health', {})

    assert.ok(answer.ok)
    const { checks } = routes.health.reply.parse(answer.value)
    assert.equal(refused.ok, false)
    const states = Object.fromEntries(checks.map(({ id, state }) => [id, state]))
    assert.deepEqual(states, {
      database: 'ok',
      writes: 'ok',
      log: 'ok',
      guard: 'ok',
      evaluation: 'ok',
      'sign-in': 'ok',
      time: 'ok',
      policy: 'attention',
      rules: 'ok',
      people: 'attention',
      passkeys: 'ok',
    })
    const policy = checks.find(({ id }) => id === 'policy')
    assert.match(policy?.remedy ?? '', /holdpoint policy push/)
  })

  it('names what the policy asks of people who are not there', async () => {
    await story.admin.call('pushPolicy', {
      body: {
        text: 'version: 1\ndefault: { hold: { approvals: [{ from: [team:dba] }] } }\n',
        basedOn: 0,
      },
    })

    const answer = await story.as('theo').call('health', {})

    assert.ok(answer.ok)
    const rules = answer.value.checks.find(({ id }) => id === 'rules')
    assert.equal(rules?.state, 'attention')
    assert.match(rules?.says ?? '', /^default: there is no team:dba/)
  })
})

describe('somebody alone', () => {
  it('is told so until a second person is in', async () => {
    const story = await startTestServer()
    try {
      await accept(story, { type: 'add_person', handle: 'sofia', name: 'Sofia', addresses: [] })
      const alone = async () => {
        const answer = await story.as('sofia').call('whoami', {})
        return answer.ok && answer.value.alone
      }
      assert.equal(await alone(), true)

      await accept(story, { type: 'add_person', handle: 'ada', name: 'Ada', addresses: [] })

      assert.equal(await alone(), false)
    } finally {
      await story.close()
    }
  })
})
