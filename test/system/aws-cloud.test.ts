/** The front is honest: what AWS refuses it refuses, by the same rules and with the same words. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type AwsCloud, startAwsCloud } from '../cloud/aws-cloud.ts'
import { type Called, callQuery } from '../cloud/signed-fetch.ts'
import { askSts, keysIn, type SessionKeys, takeRole } from '../cloud/take-role.ts'
import { startTokenIssuer, type TokenIssuer } from '../cloud/token-issuer.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const ACCOUNT = '111111111111'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`
const TRUST = { aud: 'holdpoint-aws', sub: 'workspace:one:phase:apply:to:main' }
const SERVER = { accessKeyId: 'AKIASERVER', secretAccessKey: 'not-a-real-key', account: ACCOUNT }
const OTHER = { ...SERVER, accessKeyId: 'AKIAOTHER' }
const EXTERNAL = 'workspace:one:phase:apply'
const HOUR_MS = 3_600_000

const allow = (action: string, resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
})
const topic = (name: string) => `arn:aws:sns:eu-central-1:${ACCOUNT}:${name}`

const whenMoto = { ...needs('moto'), timeout: HANGS_AFTER_MS }
let issuer: TokenIssuer
let cloud: AwsCloud
let now = Date.now()
let isPackedTooLarge = false

before(async () => {
  if (whenMoto.skip !== false) return
  issuer = await startTokenIssuer()
  cloud = await startAwsCloud({
    issuerUrl: issuer.url,
    roles: [
      {
        arn: ROLE,
        policy: allow('sns:*'),
        sessionSecondsMax: 7_200,
        trust: TRUST,
        assumedBy: { accessKeyId: SERVER.accessKeyId, externalId: EXTERNAL },
      },
      { arn: `${ROLE}-other`, policy: allow('*'), trust: { ...TRUST, sub: 'somebody:else' } },
      { arn: `${ROLE}-closed`, policy: allow('*'), trust: null },
    ],
    servers: [SERVER, OTHER],
    now: () => now,
    isPackedTooLarge: () => isPackedTooLarge,
  })
})

after(async () => {
  await cloud?.close()
  await issuer?.close()
})

beforeEach(() => {
  now = Date.now()
  isPackedTooLarge = false
})

async function ask(fields: { readonly [name: string]: string }): Promise<string> {
  const { status, text } = await askSts(cloud.url, {
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: ROLE,
    RoleSessionName: 'grn_1',
    ...fields,
  })
  return status === 200 ? 'ok' : `${status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1]}`
}

const token = (claims: object = {}) => issuer.token({ ...TRUST, ...claims })
const take = async (policy: object | null = null): Promise<SessionKeys> =>
  await takeRole(
    cloud.url,
    { RoleArn: ROLE, WebIdentityToken: await token() },
    policy === null ? null : JSON.stringify(policy),
  )
const call = async (
  keys: SessionKeys,
  fields: { readonly [name: string]: string },
): Promise<Called> => {
  const version = { Version: '2010-03-31' }
  return await callQuery({ url: cloud.url, service: 'sns', keys }, { ...version, ...fields })
}
const create = (keys: SessionKeys, name: string) =>
  call(keys, { Action: 'CreateTopic', Name: name })
const codeOf = ({ status, text }: Called) => `${status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1]}`

test(
  'a token of the issuer, for the audience and the subject, takes the role on',
  whenMoto,
  async () => {
    assert.equal(await ask({ WebIdentityToken: await token() }), 'ok')
  },
)

test('no other token does', whenMoto, async () => {
  const past = Math.floor(Date.now() / 1_000) - 60
  const forged = await issuer.token(TRUST, { forged: true })
  const tokens = {
    [await token({ aud: 'sts.amazonaws.com' })]: '400 InvalidIdentityToken',
    [await token({ aud: [TRUST.aud, 'other'] })]: '400 InvalidIdentityToken',
    [await token({ sub: `${TRUST.sub}:more` })]: '403 AccessDenied',
    [await token({ sub: TRUST.sub.replace('apply', 'plan') })]: '403 AccessDenied',
    [await token({ iss: 'https://elsewhere.example' })]: '400 InvalidIdentityToken',
    [await token({ exp: past })]: '400 ExpiredTokenException',
    [forged]: '400 InvalidIdentityToken',
    'not.a.token': '400 InvalidIdentityToken',
  }
  for (const [WebIdentityToken, code] of Object.entries(tokens)) {
    assert.equal(await ask({ WebIdentityToken }), code)
  }
})

test(
  'a role that does not trust the subject, or no token at all, is not taken on',
  whenMoto,
  async () => {
    const WebIdentityToken = await token()
    for (const RoleArn of [`${ROLE}-other`, `${ROLE}-closed`, `${ROLE}-unknown`]) {
      assert.equal(await ask({ RoleArn, WebIdentityToken }), '403 AccessDenied')
    }
  },
)

test(
  'tags and source identity come from the token, and the policy byte for byte',
  whenMoto,
  async () => {
    const WebIdentityToken = await token({
      'https://aws.amazon.com/tags': { principal_tags: { change: ['chg_1'] } },
      'https://aws.amazon.com/source_identity': 'grn_1',
    })
    const policy = JSON.stringify(allow('sns:*'))
    const keys = await takeRole(cloud.url, { RoleArn: ROLE, WebIdentityToken }, policy)

    await create(keys, 'tagged')

    const session = cloud.calls().at(-1)?.session
    assert.deepEqual(session?.tags, { change: 'chg_1' })
    assert.equal(session?.sourceIdentity, 'grn_1')
    assert.equal(session?.policyText, policy)
  },
)

test('a policy that is too long, packed too large or none, is refused', whenMoto, async () => {
  const WebIdentityToken = await token()
  const long = JSON.stringify(allow('sns:*', 'a'.repeat(2_048)))
  assert.equal(await ask({ WebIdentityToken, Policy: long }), '400 ValidationError')
  assert.equal(await ask({ WebIdentityToken, Policy: '{' }), '400 MalformedPolicyDocument')
  isPackedTooLarge = true
  const Policy = JSON.stringify(allow('sns:*'))
  assert.equal(await ask({ WebIdentityToken, Policy }), '400 PackedPolicyTooLarge')
})

test(
  'a session lasts a quarter of an hour at least, and what the role allows at most',
  whenMoto,
  async () => {
    const WebIdentityToken = await token()
    const answers = ['899', '900', '7200', '7201', 'soon']
    const codes = await Promise.all(
      answers.map((DurationSeconds) => ask({ WebIdentityToken, DurationSeconds })),
    )

    const refused = '400 ValidationError'
    assert.deepEqual(codes, [refused, 'ok', 'ok', refused, refused])
  },
)

test('the server’s own key takes the role on only with the external id', whenMoto, async () => {
  const keys = {
    AWS_ACCESS_KEY_ID: SERVER.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SERVER.secretAccessKey,
  }
  const assume = async (fields: { readonly [name: string]: string }, own = keys) =>
    await callQuery(
      { url: cloud.url, service: 'sts', keys: own },
      {
        Version: '2011-06-15',
        Action: 'AssumeRole',
        RoleArn: ROLE,
        RoleSessionName: 'a1',
        ...fields,
      },
    )
  const given = await assume({ ExternalId: EXTERNAL })
  assert.equal(given.status, 200)
  assert.equal(codeOf(await assume({})), '403 AccessDenied')
  assert.equal(codeOf(await assume({ ExternalId: `${EXTERNAL}2` })), '403 AccessDenied')
  assert.equal(
    codeOf(await assume({ ExternalId: EXTERNAL, RoleArn: `${ROLE}-other` })),
    '403 AccessDenied',
  )
  const other = { ...keys, AWS_ACCESS_KEY_ID: OTHER.accessKeyId }
  assert.equal(codeOf(await assume({ ExternalId: EXTERNAL }, other)), '403 AccessDenied')
  // A session is no server: it takes nothing on.
  const chained = await callQuery(
    { url: cloud.url, service: 'sts', keys: keysIn(given.text) },
    { Action: 'AssumeRole', RoleArn: ROLE, RoleSessionName: 'a1', ExternalId: EXTERNAL },
  )
  assert.equal(codeOf(chained), '403 AccessDenied')
})

test('a session does what both the role and its policy permit, and no more', whenMoto, async () => {
  const keys = await take(allow('sns:CreateTopic', topic('ours')))

  assert.equal((await create(keys, 'ours')).status, 200)
  assert.equal(codeOf(await create(keys, 'theirs')), '403 AccessDenied')
  const removed = await call(keys, { Action: 'DeleteTopic', TopicArn: topic('ours') })
  assert.equal(codeOf(removed), '403 AccessDenied')
  const wide = await take(allow('*'))
  const queue = await callQuery(
    { url: cloud.url, service: 'sqs', keys: wide },
    { Action: 'CreateQueue', QueueName: 'beyond-the-role' },
  )
  assert.equal(codeOf(queue), '403 AccessDenied')
  assert.deepEqual(await cloud.moto.topics(ACCOUNT, 'eu-central-1'), ['tagged', 'ours'])
})

test('an action that nobody knows is refused even to who may do everything', whenMoto, async () => {
  const keys = await take()
  assert.equal(codeOf(await call(keys, { Action: 'MakeTopic', Name: 'odd' })), '403 AccessDenied')
})

test(
  'a key that ended, is unknown, signs wrongly or lacks its token is refused',
  whenMoto,
  async () => {
    const keys = await take()
    const wrong = { ...keys, AWS_SECRET_ACCESS_KEY: 'other' }
    const unknown = { ...keys, AWS_ACCESS_KEY_ID: 'ASIAUNKNOWN' }

    assert.equal(codeOf(await create(wrong, 'a')), '403 SignatureDoesNotMatch')
    assert.equal(codeOf(await create(unknown, 'a')), '403 InvalidClientTokenId')
    const bare = { ...keys, AWS_SESSION_TOKEN: '' }
    assert.equal(codeOf(await create(bare, 'a')), '403 InvalidClientTokenId')
    now += HOUR_MS
    assert.equal(codeOf(await create(keys, 'a')), '403 ExpiredToken')
    const unsigned = await askSts(cloud.url, { Action: 'CreateTopic', Name: 'a' })
    assert.equal(unsigned.status, 403)
  },
)

test('what arrives is what was signed', whenMoto, async () => {
  const keys = await take()
  const signed = { Action: 'CreateTopic', Name: 'signed' }
  const called = await callQuery(
    { url: cloud.url, service: 'sns', keys, instead: { ...signed, Name: 'other' } },
    signed,
  )
  assert.equal(codeOf(called), '403 SignatureDoesNotMatch')
})

test('who asks is told who it is, whatever its policy', whenMoto, async () => {
  const keys = await take(allow('sns:CreateTopic', topic('ours')))
  const { text } = await callQuery(
    { url: cloud.url, service: 'sts', keys },
    { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  )
  assert.match(text, new RegExp(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/test`))
})

test('every decision is recorded with the session, and whoever called', whenMoto, async () => {
  const keys = await take(allow('sns:CreateTopic', topic('ours')))
  await create(keys, 'ours')
  await create(keys, 'theirs')

  const recorded = cloud.calls().slice(-2)
  const told = recorded.map(({ accessKeyId, action, resource, allowed }) => {
    return [accessKeyId === keys.AWS_ACCESS_KEY_ID, action, resource, allowed]
  })
  assert.deepEqual(told, [
    [true, 'sns:CreateTopic', topic('ours'), true],
    [true, 'sns:CreateTopic', topic('theirs'), false],
  ])
  assert.ok(recorded.every(({ userAgent }) => userAgent !== ''))
})
