/** What the server asks of AWS for a grant, told by a small STS that the tests can hold up. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { type ConnectionId, parseConnectionId, parseScope } from '@holdpoint/core'
import {
  accept,
  addCast,
  givenPlan,
  OUTCOME,
  openRun,
  startBody,
  startTestServer,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

const ACCOUNT = '111111111111'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/apply`
const MINUTE_MS = 60_000

let story: TestServer
let connection: ConnectionId
let asked: URLSearchParams[] = []
let whileAsked: () => Promise<unknown> = async () => undefined
let lifeMs = 15 * MINUTE_MS
/** Whether it has `GetScopedCredentials`. */
let scopes = false
let answersKeys = true

const sts = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString()
  })
  request.on('end', async () => {
    asked.push(new URLSearchParams(body))
    await whileAsked()
    const name = new URLSearchParams(body).get('Action') ?? ''
    if (name === 'GetScopedCredentials' && !scopes) {
      response.writeHead(400, { 'content-type': 'text/xml' })
      const error = '<Code>InvalidAction</Code><Message>no</Message>'
      response.end(`<ErrorResponse><Error>${error}</Error></ErrorResponse>`)
      return
    }
    const expires = new Date(Date.now() + lifeMs).toISOString()
    const keys = !answersKeys
      ? ''
      : `<AccessKeyId>ASIA${asked.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
        `<SessionToken>t</SessionToken><Expiration>${expires}</Expiration>`
    response.writeHead(200, { 'content-type': 'text/xml' })
    response.end(
      `<${name}Response><${name}Result><Credentials>${keys}</Credentials></${name}Result>` +
        `<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${name}Response>`,
    )
  })
})

before(async () => {
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve))
  const { port } = sts.address() as AddressInfo
  story = await startTestServer({ flags: { 'aws-sts-endpoint': `http://127.0.0.1:${port}` } })
  await addCast(story)
  await accept(story, { type: 'create_workspace', name: 'payments/dev' })
  const set = await accept(story, {
    ...{ type: 'set_connection', workspace: 'payments/dev', kind: 'aws', account: ACCOUNT },
    ...{ apply: ROLE, plan: null, audience: null, settings: { region: 'eu-central-1' } },
  })
  connection = parseConnectionId(set.id ?? '') ?? assert.fail('no connection')
})
beforeEach(() => {
  asked = []
  lifeMs = 15 * MINUTE_MS
  whileAsked = async () => undefined
})
after(async () => {
  await story.close()
  sts.close()
})

async function started(name: string, workspace = 'payments/dev'): Promise<TestRun> {
  const [mira, jonas] = [story.as('mira'), story.as('jonas')]
  const run = await openRun(mira, { plan: givenPlan(name), pipeline: name, workspace })
  const params = { change: run.change }
  await untilStatus(jonas, run.change, 'held')
  const body = { fingerprint: run.binding.fingerprint, reason: null }
  await jonas.call('approve', { params, body })
  await untilStatus(mira, run.change, 'released')
  const start = run.signed('start', { ...startBody(run), grantSeconds: 3600 })
  const answer = await mira.call('start', { params, body: start as never })
  assert.ok(answer.ok, JSON.stringify(answer))
  return run
}

async function ask(run: TestRun, number: number, of = connection): Promise<string> {
  const body = run.signed('credentials', { connection: of, purpose: 'apply', ask: number })
  const params = { change: run.change }
  const answer = await story.as('mira').call('credentials', { params, body: body as never })
  return answer.ok ? 'ok' : answer.problem.code
}

async function finished(run: TestRun): Promise<void> {
  const body = run.signed('finish', { outcome: { ...OUTCOME } })
  await story.as('mira').call('finish', { params: { change: run.change }, body: body as never })
}

const revoke = (run: TestRun) => {
  const params = { change: run.change }
  return story.as('jonas').call('revokeGrant', { params, body: { reason: null } })
}

test('AWS gets the policy that was shown, byte for byte', async () => {
  const run = await started('shown')

  assert.equal(await ask(run, 1), 'ok')

  const view = await story.as('jonas').call('change', { params: { change: run.change } })
  const scope = parseScope((view.ok && view.value.evaluation?.scope) || '')
  const given = asked.at(-1)
  assert.equal(given?.get('Policy') ?? null, scope?.connections[0]?.policy)
  assert.equal(given?.get('RoleArn'), ROLE)
  await finished(run)
})

test('a request that is sent again mints nothing', async () => {
  const run = await started('again')
  assert.equal(await ask(run, 2), 'ok')
  asked = []

  assert.deepEqual([await ask(run, 2), await ask(run, 1)], ['asked_before', 'asked_before'])

  assert.equal(asked.length, 0)
  await finished(run)
})

test('without an identity for planning there is nothing for a plan, and nothing is asked', async () => {
  const mira = story.as('mira')
  const reserved = await mira.call('reserve', { body: { workspace: 'payments/dev', sameAs: null } })
  const change = reserved.ok ? reserved.value.change : assert.fail()

  const answer = await mira.call('planCredentials', { params: { change }, body: { connection } })

  assert.equal(answer.ok ? 'ok' : answer.problem.code, 'no_plan_credentials')
  assert.equal(asked.length, 0)
})

test('whoever lost the right to ask plans no more, and nobody plans with another connection', async () => {
  const mira = story.as('mira')
  await accept(story, { type: 'create_workspace', name: 'payments/else' })
  const other = await accept(story, {
    ...{ type: 'set_connection', workspace: 'payments/else', kind: 'aws', account: ACCOUNT },
    ...{ apply: ROLE, plan: null, audience: null, settings: {} },
  })
  const elsewhere = parseConnectionId(other.id ?? '') ?? assert.fail()
  const reserved = await mira.call('reserve', { body: { workspace: 'payments/dev', sameAs: null } })
  const params = { change: reserved.ok ? reserved.value.change : assert.fail() }
  const role = { person: 'mira', role: 'requester', workspace: null } as const
  const codeWith = async (of: ConnectionId) => {
    const answer = await mira.call('planCredentials', { params, body: { connection: of } })
    return answer.ok ? 'ok' : answer.problem.code
  }

  const foreign = await codeWith(elsewhere)
  await accept(story, { type: 'revoke_role', ...role })
  const without = await codeWith(connection)
  await accept(story, { type: 'grant_role', ...role })

  assert.equal(foreign, 'not_found')
  assert.notEqual(without, 'no_plan_credentials')
  assert.equal(await codeWith(connection), 'no_plan_credentials')
})

test('where no policy saves the state alone, nothing is given that could do more', async () => {
  const run = await started('local')
  await revoke(run)

  const body = run.signed('credentials', { connection, purpose: 'state', ask: 1 })
  const params = { change: run.change }
  const answer = await story.as('mira').call('credentials', { params, body: body as never })

  assert.equal(answer.ok ? 'ok' : answer.problem.code, 'cloud_refused')
  assert.equal(asked.length, 0)
  await finished(run)
})

test('of the same request at the same moment one is answered', async () => {
  const run = await started('twice')

  const answers = await Promise.all([ask(run, 1), ask(run, 1), ask(run, 1)])

  assert.equal(answers.filter((each) => each === 'ok').length, 1)
  await finished(run)
})

test('a grant that is revoked while AWS is asked gives nothing', async () => {
  const run = await started('revoked')
  whileAsked = () => revoke(run)

  assert.equal(await ask(run, 1), 'grant_not_live')
  await finished(run)
})

test('a change that ends while AWS is asked gives nothing', async () => {
  const run = await started('ended')
  whileAsked = () => finished(run)

  assert.equal(await ask(run, 1), 'grant_not_live')
})

test('a part of a session is asked for with the keys of the role, never with those of the server', async () => {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = process.env
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAOURS', AWS_SECRET_ACCESS_KEY: 'ours' })
  // Another connection than before: that of the file was seen to have no such call.
  await accept(story, { type: 'create_workspace', name: 'payments/own' })
  const { id: own } = await accept(story, {
    ...{ type: 'set_connection', workspace: 'payments/own', kind: 'aws', account: ACCOUNT },
    ...{ apply: ROLE, plan: null, audience: null, settings: { region: 'eu-central-1' } },
  })
  scopes = true
  answersKeys = false
  try {
    const run = await started('own', 'payments/own')
    const answer = await ask(run, 1, parseConnectionId(own ?? '') ?? assert.fail())

    assert.equal(answer, 'cloud_refused')
    const actions = asked.map((each) => each.get('Action'))
    assert.deepEqual(actions, ['AssumeRoleWithWebIdentity'])
    await finished(run)
  } finally {
    scopes = false
    answersKeys = true
    restore('AWS_ACCESS_KEY_ID', id)
    restore('AWS_SECRET_ACCESS_KEY', secret)
  }
})

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}

test('what AWS gives for longer than the grant lives is not handed out', async () => {
  const run = await started('long')
  lifeMs = 2 * 60 * MINUTE_MS

  assert.equal(await ask(run, 1), 'invalid_input')
  await finished(run)
})
