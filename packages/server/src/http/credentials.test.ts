import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Client } from '@holdpoint/api/client'
import { type ConnectionId, parseConnectionId, parseScope } from '@holdpoint/core'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import {
  accept,
  addCast,
  clientOf,
  givenPlan,
  OUTCOME,
  openRun,
  startBody,
  startTestServer,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

const WORKSPACE = 'payments/dev'
const VAULT = {
  type: 'set_connection',
  workspace: WORKSPACE,
  kind: 'vault',
  account: 'https://vault.example',
  apply: 'payments-apply',
  plan: 'payments-plan',
  audience: null,
  settings: { mount: 'jwt' },
} as const

let story: TestServer
let mira: Client
let jonas: Client
let connection: ConnectionId
before(async () => {
  story = await startTestServer()
  await addCast(story)
  mira = story.as('mira')
  jonas = story.as('jonas')
  await accept(story, { type: 'create_workspace', name: WORKSPACE })
  const set = await accept(story, VAULT)
  connection = parseConnectionId(set.id ?? '') ?? assert.fail('no connection id')
})
after(() => story.close())

/** What is in a token that our own JWKS verifies for this audience. */
async function verified(token: string) {
  const keys = createRemoteJWKSet(new URL(`${story.url}/.well-known/jwks.json`))
  const options = { issuer: story.url, audience: 'vault.holdpoint', algorithms: ['RS256'] }
  return (await jwtVerify(token, keys, options)).payload
}

async function started(name: string, grantSeconds = 600): Promise<TestRun> {
  const run = await openRun(mira, { plan: givenPlan(name), pipeline: name })
  await untilStatus(jonas, run.change, 'held')
  const body = { fingerprint: run.binding.fingerprint, reason: null }
  const approved = await jonas.call('approve', { params: { change: run.change }, body })
  assert.equal(approved.ok, true, JSON.stringify(approved))
  await untilStatus(mira, run.change, 'released')
  const start = run.signed('start', { ...startBody(run), grantSeconds })
  const answer = await mira.call('start', { params: { change: run.change }, body: start as never })
  assert.equal(answer.ok, true, JSON.stringify(answer))
  return run
}

function ask(run: TestRun, about: { ask?: number; purpose?: 'apply' | 'state' } = {}, by = mira) {
  const body = run.signed('credentials', { connection, purpose: 'apply', ask: 1, ...about })
  return by.call('credentials', { params: { change: run.change }, body: body as never })
}

async function finished(run: TestRun): Promise<void> {
  const body = run.signed('finish', { outcome: { ...OUTCOME } })
  await mira.call('finish', { params: { change: run.change }, body: body as never })
}

const codeOf = (answer: { ok: boolean; problem?: { code: string } }) => answer.problem?.code ?? 'ok'

describe('credentials', () => {
  it('the issuer says where its keys are, and shows no private half', async () => {
    const found = await fetch(`${story.url}/.well-known/openid-configuration`)
    const discovery = (await found.json()) as { issuer: string; jwks_uri: string }
    const answered = await fetch(discovery.jwks_uri)
    const keys = (await answered.json()) as { keys: object[] }

    assert.equal(discovery.issuer, story.url)
    assert.ok(keys.keys.length > 0)
    for (const key of keys.keys)
      assert.deepEqual(Object.keys(key).toSorted(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })

  it('a grant gives a token for its connection, phase and audience, and no longer than five minutes', async () => {
    const run = await started('one')

    const answer = await ask(run)

    assert.ok(answer.ok && answer.value.form === 'token', JSON.stringify(answer))
    const claims = await verified(answer.value.token)
    assert.equal(claims.sub, `workspace:${run.workspace}:phase:apply:to:${connection}`)
    assert.equal(claims['change'], run.change)
    assert.equal(claims['fingerprint'], run.binding.fingerprint)
    assert.match(String(claims['grant']), /^grn_/)
    assert.ok((claims.exp ?? 0) - (claims.iat ?? 0) <= 300)
    const view = await mira.call('change', { params: { change: run.change } })
    const issued = view.ok ? view.value.execution?.credentials : []
    assert.deepEqual(
      issued?.map(({ kind, purpose, credential, count }) => ({ kind, purpose, credential, count })),
      [{ kind: 'vault', purpose: 'apply', credential: claims.jti, count: 1 }],
    )
    await finished(run)
  })

  it('a token ends with its grant', async () => {
    const run = await started('short', 60)
    const view = await mira.call('change', { params: { change: run.change } })
    const until = (view.ok && view.value.execution?.until) || assert.fail()

    const answer = await ask(run)

    assert.ok(answer.ok && answer.value.form === 'token', JSON.stringify(answer))
    const { exp } = await verified(answer.value.token)
    assert.deepEqual([answer.value.expiresAt, exp], [until, Math.floor(until / 1000)])
    await finished(run)
  })

  it('what would be granted is shown with the evaluation, and said where it is not narrowed', async () => {
    const run = await openRun(mira, { plan: givenPlan('shown'), pipeline: 'shown' })
    const view = await untilStatus(jonas, run.change, 'held')

    const scope = parseScope(view.evaluation?.scope ?? '')
    assert.equal(scope?.connections[0]?.identity, 'payments-apply')
    assert.equal(scope?.connections[0]?.narrowed, false)
    const told = view.findings.find(({ rule }) => rule === 'unbounded-credentials')
    assert.equal(told?.message, 'Credentials are not narrowed to this plan')
  })

  it('nothing is given before the start, after the end, twice, or to another key', async () => {
    const held = await openRun(mira, { plan: givenPlan('held'), pipeline: 'held' })
    assert.equal(codeOf(await ask(held)), 'grant_not_live')
    const run = await started('two')
    assert.equal(codeOf(await ask(run)), 'ok')
    assert.equal(codeOf(await ask(run)), 'asked_before')
    const stolen = { ...run, signed: held.signed }
    assert.equal(codeOf(await ask(stolen, { ask: 2 })), 'other_runner')
    await finished(run)
    assert.equal(codeOf(await ask(run, { ask: 3 })), 'grant_not_live')
  })

  it('a revoked grant gives nothing more, and says so in the log', async () => {
    const run = await started('three')
    const params = { change: run.change }

    const revoked = await jonas.call('revokeGrant', { params, body: { reason: 'wrong account' } })

    assert.equal(revoked.ok, true, JSON.stringify(revoked))
    assert.equal(codeOf(await ask(run)), 'grant_not_live')
    const body = run.signed('heartbeat', { beat: 1 })
    const beat = await mira.call('heartbeat', { params, body: body as never })
    assert.equal(beat.ok && beat.value.goOn, false)
    const view = await mira.call('change', { params })
    assert.ok(view.ok && view.value.timeline.some(({ type }) => type === 'grant_revoked'))
    await finished(run)
  })

  it('who stopped it and why is said, and whether one may is answered by the rule itself', async () => {
    const run = await started('told')
    const params = { change: run.change }
    const theo = story.as('theo')
    const view = async (by: Client) => {
      const answer = await by.call('change', { params })
      return answer.ok ? answer.value : assert.fail(JSON.stringify(answer))
    }

    const before = { may: (await view(jonas)).you.revoke, not: (await view(theo)).you.revoke }
    const refused = await theo.call('revokeGrant', { params, body: { reason: 'no' } })
    await jonas.call('revokeGrant', { params, body: { reason: 'wrong account' } })

    assert.equal(before.may, null)
    assert.equal(before.not?.title, 'Not permitted')
    assert.equal(codeOf(refused), 'not_permitted')
    const after = await view(theo)
    assert.equal(after.execution?.revokedBy?.name, 'jonas Doe')
    assert.equal(after.execution?.revokedBecause, 'wrong account')
    // What is over is offered to nobody, though asking again would do no harm.
    assert.equal((await view(jonas)).you.revoke?.detail.includes('revoked'), true)
    await finished(run)
  })

  it('an operator stops what runs without the right to look into it', async () => {
    const run = await started('operator')
    const params = { change: run.change }

    const listed = await story.admin.call('grants', {})
    const looked = await story.admin.call('change', { params })
    const revoked = await story.admin.call('revokeGrant', { params, body: { reason: null } })

    const found = listed.ok ? listed.value.grants.find(({ change }) => change === run.change) : null
    assert.deepEqual([found?.headline, found?.live, found?.you.revoke], [null, true, null])
    assert.equal(codeOf(looked), 'not_found')
    assert.equal(codeOf(revoked), 'ok')
    const never = { change: 'chg_zzzzzzzzzzzzzzzz' as never }
    const none = await story.admin.call('revokeGrant', { params: never, body: { reason: null } })
    assert.equal(codeOf(none), 'not_found')
    await finished(run)
  })

  it('a grant that ended is listed as long as a cloud takes what it was given', async () => {
    const given = await started('given')
    await ask(given)
    await finished(given)
    const empty = await started('empty')
    await finished(empty)

    const grants = await jonas.call('grants', {})

    const all = grants.ok ? grants.value.grants : []
    const found = all.find(({ change }) => change === given.change)
    assert.deepEqual([found?.live, found?.you.revoke?.title], [false, 'No credentials'])
    assert.equal(found?.requester.name, 'mira Doe')
    assert.equal(
      all.some(({ change }) => change === empty.change),
      false,
    )
  })

  it('saving the state is no reason to give the whole identity', async () => {
    const run = await started('four')
    await jonas.call('revokeGrant', { params: { change: run.change }, body: { reason: null } })

    assert.equal(codeOf(await ask(run, { purpose: 'state' })), 'cloud_refused')
    await finished(run)
  })

  it('a connection that was set anew is not what was approved', async () => {
    const run = await started('five')
    await accept(story, { ...VAULT, apply: 'everything' })

    assert.equal(codeOf(await ask(run)), 'connection_changed')
    await accept(story, VAULT)
    await finished(run)
  })

  it('an approval does not count for credentials that it did not see', async () => {
    const run = await openRun(mira, { plan: givenPlan('six'), pipeline: 'six' })
    await untilStatus(jonas, run.change, 'held')
    const body = { fingerprint: run.binding.fingerprint, reason: null }
    await jonas.call('approve', { params: { change: run.change }, body })
    await untilStatus(mira, run.change, 'released')

    await accept(story, { ...VAULT, apply: 'everything' })

    const view = await untilStatus(mira, run.change, 'held')
    assert.deepEqual(view.decisions, [])
    await accept(story, VAULT)
  })

  it('a grant is seen while it is live, with its renewals', async () => {
    const run = await started('seven')
    await ask(run)
    await ask(run, { ask: 2 })

    const grants = await jonas.call('grants', {})

    const found = grants.ok ? grants.value.grants.find(({ change }) => change === run.change) : null
    assert.equal(found?.credentials[0]?.count, 2)
    assert.equal(found?.workspace, WORKSPACE)
    await finished(run)
  })

  it('planning gets a token of its own phase, for whoever reserved or opened it, until it starts', async () => {
    const reserved = await mira.call('reserve', { body: { workspace: WORKSPACE, sameAs: null } })
    assert.ok(reserved.ok)
    const { change, connections } = reserved.value
    const params = { change }
    assert.deepEqual(
      connections.map(({ id }) => id),
      [connection],
    )

    const answer = await mira.call('planCredentials', { params, body: { connection } })
    const other = await jonas.call('planCredentials', { params, body: { connection } })

    assert.ok(answer.ok && answer.value.form === 'token', JSON.stringify(answer))
    const claims = await verified(answer.value.token)
    assert.equal(claims.sub, `workspace:${reserved.value.workspace}:phase:plan:to:${connection}`)
    assert.equal(codeOf(other), 'not_found')
    // What is open is described again before it starts, hours later.
    const run = await openRun(mira, { plan: givenPlan('opened'), pipeline: 'opened' })
    const opened = { params: { change: run.change }, body: { connection } }
    const later = await mira.call('planCredentials', opened)
    const stranger = await jonas.call('planCredentials', opened)
    await mira.call('withdraw', { params: opened.params, body: {} })
    const closed = await mira.call('planCredentials', opened)
    assert.deepEqual([later, stranger, closed].map(codeOf), ['ok', 'not_found', 'not_found'])
    const log = await story.as('theo').call('log', { query: { limit: 500 } })
    const types = log.ok
      ? log.value.entries.map(
          ({ data }) => JSON.parse(Buffer.from(data, 'base64').toString()).event.type,
        )
      : []
    assert.ok(types.includes('plan_credentials_issued'))
  })

  it('a rotated key signs at once, and a dropped one verifies nothing', async () => {
    const run = await started('eight')
    const first = await ask(run)
    assert.ok(first.ok && first.value.form === 'token')
    const rotated = await story.admin.call('rotateIssuer', { body: { drop: false } })
    assert.ok(rotated.ok, JSON.stringify(rotated))
    const second = await ask(run, { ask: 2 })
    assert.ok(second.ok && second.value.form === 'token')

    assert.equal(decodeProtectedHeader(second.value.token).kid, rotated.value.key)
    await verified(first.value.token)
    const dropped = await story.admin.call('rotateIssuer', { body: { drop: true } })
    assert.ok(dropped.ok && dropped.value.dropped.length === 2)
    await assert.rejects(verified(first.value.token))
    assert.equal(codeOf(await mira.call('rotateIssuer', { body: { drop: true } })), 'not_permitted')
    await finished(run)
  })

  it('a trust that is tried is an entry, because tokens leave for it', async () => {
    const typesNow = async () => {
      const log = await story.as('theo').call('log', { query: { limit: 500 } })
      const entries = log.ok ? log.value.entries : []
      return entries.map(
        ({ data }) => JSON.parse(Buffer.from(data, 'base64').toString()).event.type,
      )
    }
    const params = { connection }
    const mayNot = await mira.call('proveConnection', { params, body: {} })
    assert.equal((await typesNow()).includes('connection_tried'), false)

    await story.admin.call('proveConnection', { params, body: {} })

    assert.equal(codeOf(mayNot), 'not_permitted')
    assert.equal((await typesNow()).filter((type) => type === 'connection_tried').length, 1)
  })

  it('the tokens of a trusted subject cannot be sent to another address', async () => {
    const set = (body: object) =>
      story.admin.call('changeAccess', { body: { ...VAULT, ...body } as never })

    const elsewhere = await set({ account: 'https://vault.attacker.example' })
    const mounted = await set({ settings: { mount: 'other' } })

    assert.match(
      elsewhere.ok ? '' : elsewhere.problem.detail,
      /its address and settings stay as they are/,
    )
    assert.match(
      mounted.ok ? '' : mounted.problem.detail,
      /its address and settings stay as they are/,
    )
  })

  it('a connection is refused with what is wrong with it', async () => {
    const set = (body: object) =>
      story.admin.call('changeAccess', { body: { ...VAULT, ...body } as never })
    const problem = async (body: object) => {
      const answer = await set(body)
      return answer.ok ? '' : answer.problem.detail
    }

    assert.match(await problem({ account: 'http://vault.example' }), /https address of Vault/)
    assert.match(await problem({ settings: { moutn: 'jwt' } }), /no setting moutn/)
    const role = 'arn:aws:iam::210987654321:role/apply'
    const aws = { kind: 'aws', account: '123456789012', apply: role, plan: null, settings: {} }
    assert.match(await problem(aws), /roles of the account/)
    const kubernetes = { kind: 'kubernetes', account: 'https://k8s.example', settings: {} }
    assert.match(await problem(kubernetes), /say the audience/)
  })

  it('no token of it is in the database or the log', async () => {
    const run = await started('canary')
    const answer = await ask(run)
    assert.ok(answer.ok && answer.value.form === 'token')
    const { token } = answer.value

    const pages = await Promise.all(
      ['/metrics', '/api/v1/openapi.json'].map(async (path) =>
        (await fetch(story.url + path)).text(),
      ),
    )
    const log = await story.as('theo').call('log', { query: { limit: 500 } })
    const view = await clientOf(story.url, { 'holdpoint-as': 'theo' }).call('change', {
      params: { change: run.change },
    })
    assert.equal(JSON.stringify([pages, log, view]).includes(token), false)
    await finished(run)
  })
})
