/** The hook that stands behind the gate in an AWS account, asked as CloudFormation asks it. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

const PLACE = join(import.meta.dirname, '../../deploy/aws/cloudformation-hook')
const URL_OF_HOLDPOINT = 'https://holdpoint.example'
const ARN =
  'arn:aws:cloudformation:us-west-2:123456789012:changeSet/holdpoint-1/1a2345b6-0000-00a0-a123-00abc0abc000'

interface Answer {
  readonly hookStatus: string
  readonly errorCode?: string
  readonly message: string
  readonly clientRequestToken: string
}

interface World {
  readonly url: string
  readonly readToken: () => Promise<string>
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

type Respond = (event: unknown, world: World) => Promise<Answer>

const { respond } = (await import(pathToFileURL(join(PLACE, 'function/index.mjs')).href)) as {
  readonly respond: Respond
}

/** As CloudFormation documents it for stack operations. */
function event(more: object = {}): object {
  return {
    clientRequestToken: 'f8da6d11-b23f-48f4-814c-0fb6a667f50e',
    awsAccountId: '123456789012',
    stackId: 'arn:aws:cloudformation:us-west-2:123456789012:stack/MyStack/1a2345b6',
    changeSetId: ARN,
    hookTypeName: 'Holdpoint::Gate::Stacks',
    hookTypeVersion: '00000001',
    hookModel: { LambdaFunction: 'arn:aws:lambda:us-west-2:123456789012:function:Hook' },
    actionInvocationPoint: 'UPDATE_PRE_PROVISION',
    requestData: {
      targetName: 'STACK',
      targetType: 'STACK',
      targetLogicalId: 'MyStack',
      payload: 'https://s3.example/payload',
    },
    requestContext: { invocation: 1, callbackContext: null },
    ...more,
  }
}

interface Asked {
  readonly url: string
  readonly authorization: string | undefined
}

function world(answer: () => Response, more: Partial<World> = {}) {
  const asked: Asked[] = []
  const fetch = async (url: string, init: RequestInit) => {
    const headers = init.headers as { readonly authorization?: string }
    asked.push({ url, authorization: headers.authorization })
    return answer()
  }
  return { asked, url: URL_OF_HOLDPOINT, readToken: async () => 'hpt_token', fetch, ...more }
}

const says = (started: boolean) => () =>
  Response.json({ change: 'chg_1', started, status: 'held', url: `${URL_OF_HOLDPOINT}/c/chg_1` })

test('a change set that is being executed under a grant passes', async () => {
  const asking = world(says(true))

  const answer = await respond(event(), asking)

  const artifact = createHash('sha256').update(ARN).digest('hex')
  assert.deepEqual(asking.asked, [
    { url: `${URL_OF_HOLDPOINT}/api/v1/executions/${artifact}`, authorization: 'Bearer hpt_token' },
  ])
  assert.deepEqual(answer, {
    hookStatus: 'SUCCESS',
    message: 'Started by chg_1',
    clientRequestToken: 'f8da6d11-b23f-48f4-814c-0fb6a667f50e',
  })
})

test('one that is held fails, with the address to ask at', async () => {
  const { hookStatus, errorCode, message } = await respond(event(), world(says(false)))

  assert.deepEqual([hookStatus, errorCode], ['FAILED', 'NonCompliant'])
  assert.match(message, /https:\/\/holdpoint\.example\/c\/chg_1$/)
})

for (const [what, change] of [
  ['that was started without a change set', { changeSetId: null }],
  ['whose change set is a name', { changeSetId: 'release-1' }],
  ['of a change set of another account', { awsAccountId: '210987654321' }],
  ['of another kind than a stack', { requestData: { targetType: 'CHANGE_SET' } }],
  ['that says nothing', { requestData: undefined }],
] as const) {
  test(`an operation ${what} fails, and nobody is asked`, async () => {
    const asking = world(says(true))

    const { hookStatus } = await respond(event(change), asking)

    assert.equal(hookStatus, 'FAILED')
    assert.deepEqual(asking.asked, [])
  })
}

for (const [what, answer] of [
  ['does not know it', () => new Response('{}', { status: 404 })],
  ['is broken', () => new Response('{}', { status: 503 })],
  ['refuses the token', () => new Response('{}', { status: 401 })],
  ['answers no JSON', () => new Response('<html>')],
  ['answers something else', () => Response.json({ started: 'true' })],
  [
    'does not answer',
    () => {
      throw new TypeError('fetch failed')
    },
  ],
] as const) {
  test(`a change set fails when Holdpoint ${what}`, async () => {
    const { hookStatus, clientRequestToken } = await respond(event(), world(answer))

    assert.equal(hookStatus, 'FAILED')
    assert.equal(clientRequestToken, 'f8da6d11-b23f-48f4-814c-0fb6a667f50e')
  })
}

test('the token is never sent without encryption, and no token is a failure', async () => {
  const plain = world(says(true), { url: 'http://holdpoint.example' })
  const unread = world(says(true), { readToken: async () => Promise.reject(new Error('denied')) })

  assert.equal((await respond(event(), plain)).hookStatus, 'FAILED')
  assert.equal((await respond(event(), unread)).hookStatus, 'FAILED')
  assert.deepEqual([...plain.asked, ...unread.asked], [])
})

test('the template asks the hook of every stack but its own, and may read one secret', async () => {
  const text = await readFile(join(PLACE, 'template.yaml'), 'utf8')

  assert.match(text, /^ {6}TargetOperations: \[STACK\]$/m)
  assert.match(text, /^ {10}Exclude: \[!Ref AWS::StackName\]$/m)
  assert.match(text, /Action: secretsmanager:GetSecretValue\n +Resource: !Ref TokenSecretArn$/m)
})
