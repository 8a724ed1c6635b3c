import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { roleWrites } from './aws-writes.ts'

const identity = 'arn:aws:iam::111111111111:role/plan'
const keys = {
  AccessKeyId: 'ASIAPLAN',
  SecretAccessKey: 'secret',
  SessionToken: 'token',
  Expiration: new Date(0),
}

type Decisions = (actions: readonly string[]) => readonly (readonly [string, string])[]

let url = ''
let decide: Decisions = () => []
const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += String(part)
  const named = [...new URLSearchParams(body)].filter(([name]) => name.startsWith('ActionNames'))
  const answers = decide(named.map(([, action]) => action)).map(([action, decision]) => {
    return `<EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision>`
  })
  response.end(`<EvaluationResults>${answers.join('')}</EvaluationResults>`)
})

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${port}`
})

after(() => server.close())

function writes(answer: Decisions) {
  decide = answer
  return roleWrites({ identity }, keys, { stsEndpoint: null, iamEndpoint: url })
}

const denied: Decisions = (actions) => actions.map((action) => [action, 'implicitDeny'])

test('what the role may is told, where every action has its one decision', async () => {
  const none = await writes(denied)
  const one = await writes((actions) =>
    denied(actions).map(([action]) => [
      action,
      action === 'sqs:SendMessage' ? 'allowed' : 'explicitDeny',
    ]),
  )

  assert.deepEqual('may' in none ? none.may : none, [])
  assert.deepEqual('may' in one ? one.may : one, ['sqs:SendMessage'])
})

test('an answer that is not whole says nothing, and never that the role cannot write', async () => {
  const odd: readonly Decisions[] = [
    () => [],
    (actions) => denied(actions).slice(1),
    (actions) => [...denied(actions), ['sqs:SendMessage', 'allowed']],
    (actions) => denied(actions).map(([action]) => [action, 'allowedSometimes']),
    (actions) => denied(actions).map(() => ['s3:PutObject', 'implicitDeny']),
  ]
  for (const answer of odd)
    assert.deepEqual(await writes(answer), { notKnown: 'IAM did not answer for every action' })
})
