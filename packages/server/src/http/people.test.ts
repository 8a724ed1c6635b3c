import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Client } from '@holdpoint/api/client'
import {
  accept,
  addCast,
  clientOf,
  openRun,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

let story: TestServer
before(async () => {
  story = await startTestServer()
  await addCast(story)
})
after(() => story.close())

async function tokenFor(verbs: ('open' | 'execute' | 'read')[], workspaces: string[] | null) {
  const issued = await accept(story, {
    type: 'issue_token',
    name: 'ci',
    verbs,
    workspaces,
    expiresInDays: 1,
  })
  assert.match(issued.secret ?? '', /^hpt_[A-Za-z0-9_-]{43}$/)
  return { id: issued.id ?? '', client: story.withToken(issued.secret ?? '') }
}

async function codeOf(answer: Promise<{ ok: boolean; status: number } & object>) {
  const found = await answer
  const problem: unknown = Reflect.get(found, 'problem')
  return [found.status, Reflect.get(Object(problem), 'code')]
}

const decide = (client: Client, change: Parameters<typeof untilStatus>[1], fingerprint: string) =>
  client.call('approve', { params: { change }, body: { fingerprint, reason: null } })

describe('what one may not know of is not found', () => {
  it('a token of another workspace finds neither change nor workspace', async () => {
    await accept(story, { type: 'create_workspace', name: 'people/theirs' })
    const { change, workspace } = await openRun(story.as('mira'), { workspace: 'people/ours' })
    const { client } = await tokenFor(['open', 'execute', 'read'], ['people/theirs'])

    assert.deepEqual(await codeOf(client.call('change', { params: { change } })), [
      404,
      'not_found',
    ])
    assert.deepEqual(await codeOf(client.call('withdraw', { params: { change }, body: {} })), [
      404,
      'not_found',
    ])
    const body = { workspace: 'people/ours', sameAs: null }
    assert.deepEqual(await codeOf(client.call('reserve', { body })), [404, 'not_found'])
    const digest = 'a'.repeat(64)
    const bytes = await client.raw('getEvidence', { params: { workspace, digest } })
    assert.equal(bytes.status, 404)
  })

  it('a workspace that nobody made is made only by who may open changes anywhere', async () => {
    const { client } = await tokenFor(['open'], ['people/ours'])
    const anywhere = await tokenFor(['open'], null)
    const body = { workspace: 'people/first-seen', sameAs: null }

    assert.deepEqual(await codeOf(client.call('reserve', { body })), [404, 'not_found'])
    const reserved = await anywhere.client.call('reserve', { body })
    assert.ok(reserved.ok)
    const access = await story.as('theo').call('access', {})
    assert.ok(access.ok)
    const made = access.value.workspaces.find((each) => each.name === 'people/first-seen')
    assert.deepEqual(made?.labels, {})
  })

  it('evidence of one workspace is not found from another', async () => {
    const mira = story.as('mira')
    const { change, workspace } = await openRun(mira, { workspace: 'people/evidence' })
    const other = await openRun(mira, { workspace: 'people/evidence-elsewhere' })
    const plan = await mira.raw('plan', { params: { change } })
    assert.equal(plan.status, 200)
    await untilStatus(mira, change, 'held')
    const timeline = await mira.call('change', { params: { change } })
    assert.ok(timeline.ok)
    const evaluated = timeline.value.timeline.find((each) => each.type === 'evaluated')
    const digest = String(Reflect.get(Object(evaluated?.event), 'findings'))

    const theo = story.as('theo')
    const here = await theo.raw('getEvidence', { params: { workspace, digest } })
    const there = await theo.raw('getEvidence', {
      params: { workspace: other.workspace, digest },
    })

    assert.deepEqual([here.status, there.status], [200, 404])
  })
})

describe('what one may know of but not do is not permitted', () => {
  it('a requester reads no log, an auditor opens nothing, an approver pushes no policy', async () => {
    assert.deepEqual(await codeOf(story.as('mira').call('log', { query: {} })), [
      403,
      'not_permitted',
    ])
    const body = { workspace: 'people/ours', sameAs: null }
    assert.deepEqual(await codeOf(story.as('theo').call('reserve', { body })), [
      403,
      'not_permitted',
    ])
    const push = { text: 'version: 1', basedOn: 0 }
    assert.deepEqual(await codeOf(story.as('jonas').call('pushPolicy', { body: push })), [
      403,
      'not_permitted',
    ])
  })

  it('a token with every verb decides nothing', async () => {
    const { change } = await openRun(story.as('mira'), { workspace: 'people/token' })
    const { fingerprint } = (await untilStatus(story.as('mira'), change, 'held')).binding
    const { client } = await tokenFor(['open', 'execute', 'read'], null)

    assert.deepEqual(await codeOf(decide(client, change, fingerprint)), [403, 'not_eligible'])
    assert.deepEqual(await codeOf(decide(story.admin, change, fingerprint)), [404, 'not_found'])
  })

  it('another person’s change is not withdrawn', async () => {
    const { change } = await openRun(story.as('mira'), { workspace: 'people/withdraw' })
    await accept(story, { type: 'grant_role', person: 'ada', role: 'requester', workspace: null })

    const answer = story.as('ada').call('withdraw', { params: { change }, body: {} })

    assert.deepEqual(await codeOf(answer), [403, 'not_the_requester'])
    const own = await story.as('mira').call('withdraw', { params: { change }, body: {} })
    assert.ok(own.ok)
  })
})

describe('tokens', () => {
  it('a revoked one is nobody’s', async () => {
    const { id, client } = await tokenFor(['read'], null)
    assert.ok((await client.call('whoami', {})).ok)

    await story.admin.call('changeAccess', { body: { type: 'revoke_token', token: id } })

    assert.deepEqual(await codeOf(client.call('whoami', {})), [401, 'not_signed_in'])
  })

  it('one human under two sign-ins with one address does not approve their own request', async () => {
    const addresses = ['Wilma@Example.com']
    for (const handle of ['wilma', 'wilma-again']) {
      await accept(story, { type: 'add_person', handle, name: handle, addresses })
      for (const role of ['requester', 'approver'] as const)
        await accept(story, { type: 'grant_role', person: handle, role, workspace: null })
      await accept(story, { type: 'add_member', team: 'platform', person: handle })
    }
    const { change } = await openRun(story.as('wilma'), { workspace: 'people/wilma' })
    const { binding } = await untilStatus(story.as('wilma'), change, 'held')

    const answer = await decide(story.as('wilma-again'), change, binding.fingerprint)

    assert.deepEqual(answer.ok ? null : answer.problem.refusal, {
      code: 'in_requester_set',
      why: 'a commit, the pipeline or an address of the requester names you',
    })
  })

  it('a request without a known human waits for one more person', async () => {
    const { client } = await tokenFor(['open', 'execute', 'read'], null)
    const { change } = await openRun(client, { workspace: 'people/pipeline', pipeline: 'ci main' })

    const held = await untilStatus(client, change, 'held')

    assert.deepEqual(held.missing, [{ from: ['team:platform'], count: 2 }])
    assert.equal(held.requester.kind, 'token')
  })
})

describe('a browser’s session', () => {
  it('begins by choosing a person, and ends by signing out', async () => {
    const people = await story.nobody.call('developmentPeople', {})
    assert.ok(people.ok && people.value.people.some((each) => each.handle === 'jonas'))
    const response = await story.nobody.raw('signInDevelopment', {
      body: new TextEncoder().encode('{"person":"jonas"}'),
      headers: { 'content-type': 'application/json' },
    })
    const cookie = response.headers.get('set-cookie') ?? ''

    assert.match(cookie, /^holdpoint_session=[A-Za-z0-9_-]{43}; .*HttpOnly; SameSite=Strict$/)
    const page = { cookie: cookie.split(';', 1)[0] ?? '', origin: story.url }
    const client = clientOf(story.url, page)
    const me = await client.call('whoami', {})
    assert.ok(me.ok)
    assert.deepEqual([me.value.actor.name, me.value.assurance], ['jonas Doe', 'development'])
    await client.call('signOut', { body: {} })
    assert.deepEqual(await codeOf(client.call('whoami', {})), [401, 'not_signed_in'])
  })

  it('a name that is nobody’s is answered with those that are somebody’s', async () => {
    const answer = await story.as('nobody-here').call('whoami', {})

    assert.ok(!answer.ok)
    const { code, detail, remedy } = answer.problem
    assert.deepEqual([answer.status, code], [401, 'unknown_person'])
    assert.equal(detail, 'There is no development person named nobody-here on this server.')
    assert.match(remedy, /^Use one of them with --as: .*\bjonas\b.*\.$/)
  })

  it('a cookie that has ended is no fresh sign-in, whoever is named beside it', async () => {
    const cookie = `holdpoint_session=${'x'.repeat(43)}`
    const headers = { 'holdpoint-as': 'jonas', cookie, origin: story.url }

    const answer = await clientOf(story.url, headers).call('beginKey', { body: {} })

    assert.deepEqual(answer.ok ? null : answer.problem.code, 'not_signed_in')
  })

  it('a made-up one is nobody', async () => {
    const client = clientOf(story.url, { cookie: 'holdpoint_session=made-up' })

    assert.deepEqual(await codeOf(client.call('whoami', {})), [401, 'not_signed_in'])
  })
})

describe('a production server', () => {
  it('takes nobody by a name or a stranger’s cookie, and lets no token decide', async () => {
    const production = await startTestServer({ mode: 'production' })
    try {
      const issued = await accept(production, {
        type: 'issue_token',
        name: 'ci',
        verbs: ['open', 'execute', 'read'],
        workspaces: null,
        expiresInDays: 1,
      })
      const ci = production.withToken(issued.secret ?? '')
      const { change } = await openRun(ci, { workspace: 'people/production' })
      const held = await untilStatus(ci, change, 'held')

      assert.equal(held.you.approve?.title, 'Your decision would not count')
      const { fingerprint } = held.binding
      assert.deepEqual(await codeOf(decide(ci, change, fingerprint)), [403, 'not_eligible'])
      assert.deepEqual(await codeOf(production.as('mira').call('whoami', {})), [
        403,
        'development_only',
      ])
      assert.deepEqual(await codeOf(production.nobody.call('developmentPeople', {})), [
        403,
        'development_only',
      ])
      const cookie = clientOf(production.url, { cookie: 'holdpoint_session=x' })
      assert.deepEqual(await codeOf(cookie.call('whoami', {})), [401, 'not_signed_in'])
    } finally {
      await production.close()
    }
  })
})
