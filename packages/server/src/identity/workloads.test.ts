import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import {
  type CryptoKey,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { accepted } from '../../test/browser.ts'
import {
  accept,
  givenPlan,
  openRun,
  startTestServer,
  type TestServer,
} from '../../test/server-story.ts'

const AUDIENCE = 'https://holdpoint.example'
const WORKFLOW = 'octo/infra/.github/workflows/apply.yml@refs/heads/main'
const CLAIMS = {
  repository_id: '1234',
  job_workflow_ref: WORKFLOW,
  ref: 'refs/heads/main',
  environment: 'prod',
}
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'

let story: TestServer
let issuer: string
let platform: Server
let key: CryptoKey
let stranger: CryptoKey
let pkcs8: string
before(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true })
  key = pair.privateKey
  pkcs8 = await exportPKCS8(pair.privateKey)
  stranger = (await generateKeyPair('RS256')).privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig' }
  platform = createServer((request, response) => {
    const discovery = { issuer, jwks_uri: `${issuer}/keys` }
    const document = request.url === '/keys' ? { keys: [jwk] } : discovery
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`
  const workload = { name: 'infra-apply', issuer, audience: AUDIENCE, claims: CLAIMS }
  const reach = { workspaces: ['payments/prod'], verbs: ['open', 'execute', 'read'] }
  const other = { ...workload, ...reach, name: 'nowhere', workspaces: ['not-there'] }
  const workloads = [
    { ...workload, ...reach },
    { ...other, claims: { ...CLAIMS, environment: 'stage' } },
  ]
  story = await startTestServer({ mode: 'production', fileText: JSON.stringify({ workloads }) })
  await accept(story, { type: 'create_workspace', name: 'payments/prod' })
  await accept(story, { type: 'create_workspace', name: 'elsewhere' })
})
after(async () => {
  await story.close()
  platform.close()
  platform.closeAllConnections()
})

interface Bent {
  readonly claims?: { readonly [name: string]: unknown }
  readonly audience?: string | string[]
  readonly issuer?: string
  readonly seconds?: number
  readonly key?: CryptoKey
  readonly id?: string
}

let count = 0

async function jobToken(bent: Bent = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  count += 1
  return new SignJWT({ ...CLAIMS, ...bent.claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setIssuer(bent.issuer ?? issuer)
    .setAudience(bent.audience ?? AUDIENCE)
    .setSubject('repo:octo/infra:environment:prod')
    .setJti(bent.id ?? `job-${count}`)
    .setIssuedAt(now)
    .setExpirationTime(now + (bent.seconds ?? 300))
    .sign(bent.key ?? key)
}

async function exchange(token: string, more: { readonly [name: string]: string } = {}) {
  const fields = { grant_type: EXCHANGE, subject_token: token, subject_token_type: JWT, ...more }
  const body = new URLSearchParams(fields)
  const response = await fetch(`${story.url}/oauth/token`, { method: 'POST', body })
  const answer: { readonly [name: string]: unknown } = JSON.parse(await response.text())
  return { status: response.status, answer }
}

async function refusal(token: string): Promise<unknown> {
  const { status, answer } = await exchange(token)
  assert.deepEqual([status, answer['error']], [400, 'invalid_request'])
  return answer['error_description']
}

describe('who set a pipeline off', () => {
  const set = (type: 'link_account' | 'unlink_account', person: string, id: string) =>
    accept(story, { type, person, issuer, id })
  let index = 0
  /** Who is excluded from a change that the job opens, by handle. */
  async function excludedBy(claims: NonNullable<Bent['claims']>): Promise<readonly string[]> {
    const { status, answer } = await exchange(await jobToken({ claims }))
    assert.equal(status, 200)
    const client = story.withToken(String(answer['access_token']))
    index += 1
    const pipeline = `${index}`
    const about = { workspace: 'payments/prod', plan: givenPlan(`p${index}`), pipeline }
    const { change } = await openRun(client, about)
    const view = accepted(await client.call('change', { params: { change } }))
    const opened = view.timeline.find(({ type }) => type === 'change_opened')
    const requester = Object(Reflect.get(Object(opened?.event), 'requester'))
    assert.equal(Reflect.get(requester, 'humanVerified'), false)
    const { people } = accepted(await story.admin.call('access', {}))
    const excluded: readonly string[] = Reflect.get(requester, 'excluded')
    return excluded.map((id) => people.find((each) => each.id === id)?.handle ?? id).toSorted()
  }
  before(async () => {
    for (const handle of ['mira', 'jonas', 'ada']) {
      const addresses = [`${handle}@example.com`]
      await accept(story, { type: 'add_person', handle, name: handle, addresses })
    }
    await set('link_account', 'mira', '4711')
    await accept(story, { type: 'link_identity', person: 'ada', issuer, subject: '815' })
  })

  it('stands behind what it opens, by the id that its platform signed', async () => {
    assert.deepEqual(await excludedBy({ actor_id: '4711' }), ['mira'])
    assert.deepEqual(await excludedBy({ user_id: 4711 }), ['mira'])
    assert.deepEqual(await excludedBy({ actor_id: '4711', triggering_actor_id: '815' }), [
      'ada',
      'mira',
    ])
    assert.deepEqual(await excludedBy({ user_email: 'Jonas@example.com' }), ['jonas'])
  })

  it('is nobody by a name alone, by another claim, or by an id that nobody linked', async () => {
    assert.deepEqual(await excludedBy({ actor: 'mira', user_login: 'mira' }), [])
    assert.deepEqual(await excludedBy({ repository_owner_id: '4711' }), [])
    assert.deepEqual(await excludedBy({ actor_id: '4712', user_id: ['4711'] }), [])
  })

  it('may be several whose account it is, until a link is taken away', async () => {
    await set('link_account', 'jonas', '4711')
    assert.deepEqual(await excludedBy({ actor_id: '4711' }), ['jonas', 'mira'])
    const again = { type: 'link_account', person: 'jonas', issuer, id: '4711' } as const
    const twice = await story.admin.call('changeAccess', { body: again })
    assert.equal(twice.ok ? '' : twice.problem.code, 'already_exists')

    await set('unlink_account', 'jonas', '4711')

    assert.deepEqual(await excludedBy({ actor_id: '4711' }), ['mira'])
    const gone = await story.admin.call('changeAccess', {
      body: { ...again, type: 'unlink_account' },
    })
    assert.equal(gone.ok ? '' : gone.problem.code, 'not_found')
  })
})

describe('a pipeline that proves itself', () => {
  it('is given a token for a quarter of an hour, for its workspaces and verbs alone', async () => {
    const { status, answer } = await exchange(await jobToken())

    assert.equal(status, 200)
    assert.deepEqual(
      [answer['token_type'], answer['expires_in'], answer['issued_token_type']],
      ['Bearer', 900, 'urn:ietf:params:oauth:token-type:access_token'],
    )
    const client = story.withToken(String(answer['access_token']))
    const me = accepted(await client.call('whoami', {}))
    assert.deepEqual([me.actor.kind, me.actor.name], ['token', 'infra-apply'])
    const reserve = (workspace: string) =>
      client.call('reserve', { body: { workspace, sameAs: null } })
    accepted(await reserve('payments/prod'))
    assert.equal((await reserve('elsewhere')).ok, false)
    const { tokens } = accepted(await story.admin.call('access', {}))
    const issued = tokens.find(({ name }) => name === 'infra-apply')
    const left = (issued?.expiresAt ?? 0) - Date.now()
    assert.ok(left > 14 * 60_000 && left <= 15 * 60_000 + 1000, String(left))
  })

  it('proves itself once with one token, also twice at the same moment', async () => {
    const token = await jobToken()

    const answers = await Promise.all([exchange(token), exchange(token), exchange(token)])

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400, 400])
    assert.equal(await refusal(token), 'this token was exchanged before')
  })

  const CLAIMS_OF_NONE = 'its claims are those of no workload that is configured here'
  const NOT_GOOD = 'the token is not signed by its issuer, or is not good now'
  const cases: readonly (readonly [string, () => Bent, string])[] = [
    ['of another repository', () => ({ claims: { repository_id: '9' } }), CLAIMS_OF_NONE],
    [
      'of another workflow',
      () => ({ claims: { job_workflow_ref: WORKFLOW.replace('apply', 'evil') } }),
      CLAIMS_OF_NONE,
    ],
    [
      'of a longer workflow name',
      () => ({ claims: { job_workflow_ref: `${WORKFLOW}-2` } }),
      CLAIMS_OF_NONE,
    ],
    ['of another branch', () => ({ claims: { ref: 'refs/heads/x' } }), CLAIMS_OF_NONE],
    ['without a claim', () => ({ claims: { environment: undefined } }), CLAIMS_OF_NONE],
    ['with a list for a claim', () => ({ claims: { ref: ['refs/heads/main'] } }), CLAIMS_OF_NONE],
    ['with a number for a text', () => ({ claims: { repository_id: 1234 } }), CLAIMS_OF_NONE],
    ['for another server', () => ({ audience: 'https://other.example' }), CLAIMS_OF_NONE],
    [
      'for this server and another',
      () => ({ audience: [AUDIENCE, 'https://other.example'] }),
      CLAIMS_OF_NONE,
    ],
    ['that has ended', () => ({ seconds: -60 }), NOT_GOOD],
    [
      'that is good for a day',
      () => ({ seconds: 86_400 }),
      'the token is good for more than an hour',
    ],
    ['signed by another key', () => ({ key: stranger }), NOT_GOOD],
    [
      'of an issuer that is not configured',
      () => ({ issuer: 'https://token.evil.example' }),
      'no workload of that issuer is configured here',
    ],
    [
      'of a workload whose workspace is not there',
      () => ({ claims: { environment: 'stage' } }),
      'workload nowhere names a workspace that is not there',
    ],
  ]
  for (const [what, bent, problem] of cases)
    it(`is refused with a token ${what}`, async () => {
      assert.equal(await refusal(await jobToken(bent())), problem)
    })

  it('is refused with a token that nobody signed, or signed in another way than is listed', async () => {
    const unsigned = new UnsecuredJWT({ ...CLAIMS })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .encode()
    const shared = await new SignJWT({ ...CLAIMS })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode('x'.repeat(64)))

    assert.equal(await refusal(unsigned), NOT_GOOD)
    assert.equal(await refusal(shared), NOT_GOOD)
    const unlisted = await new SignJWT({ ...CLAIMS })
      .setProtectedHeader({ alg: 'PS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .sign(createPrivateKey({ key: pkcs8, format: 'pem' }))
    assert.equal(await refusal(unlisted), NOT_GOOD)
    assert.equal(await refusal('no token'), 'no workload of that issuer is configured here')
    assert.equal(await refusal('x'.repeat(20_000)), 'the token is too long')
  })

  it('asks for what is issued here, and for nothing else', async () => {
    const types = { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }
    const wanted = { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }

    for (const more of [types, wanted])
      assert.equal((await exchange(await jobToken(), more)).answer['error'], 'invalid_request')
  })
})
