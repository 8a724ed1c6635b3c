import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { type Connection, parseConnectionId, parseWorkspaceId } from '@holdpoint/core'
import { errorChain } from '../io/log.ts'
import { Secret } from '../io/secret.ts'
import { aws } from './aws.ts'
import { google } from './google.ts'
import { kubernetes } from './kubernetes.ts'
import type { Attempted } from './provider.ts'
import { vault } from './vault.ts'

const CANARY = 'canary9f3a'
const ROLE = 'arn:aws:iam::111111111111:role/apply'

interface Answered {
  readonly status: number
  readonly text: string
}

/** A cloud that quotes what it was sent, in each of its own ways. */
const ANSWERS: readonly Answered[] = [
  {
    status: 500,
    text: '<ErrorResponse><Error><Code>InternalFailure</Code><Message>@</Message></Error></ErrorResponse>',
  },
  {
    status: 500,
    text: '<ErrorResponse><Error><Code>@</Code><Message>@</Message></Error></ErrorResponse>',
  },
  { status: 503, text: '@' },
  { status: 200, text: '@' },
  { status: 200, text: '"@" and more' },
  { status: 400, text: '@' },
]

let answered: Answered = { status: 200, text: '' }
let url = ''
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(answered.status, { 'content-type': 'text/xml' })
    response.end(answered.text.replaceAll('@', CANARY))
  })
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())

function attempted(kind: Connection['kind'], settings: Connection['settings']): Attempted {
  const connection: Connection = {
    id: parseConnectionId('con_0000000000000000') ?? assert.fail(),
    workspace: parseWorkspaceId('wsp_0000000000000000') ?? assert.fail(),
    ...{ kind, account: url, apply: ROLE, plan: null, audience: 'a', settings, since: 0 },
  }
  const token = new Secret(`eyJ${CANARY}`)
  return { connection, phase: 'apply', identity: ROLE, token, externalId: null }
}

async function saidOf(asked: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await asked)
  } catch (cause) {
    return JSON.stringify(errorChain(cause))
  }
}

test('what a cloud quotes of a token is in no error, and so in no log', async () => {
  const config = { stsEndpoint: url, iamEndpoint: url }
  const of = attempted('aws', { region: 'eu-central-1' })
  const session = { name: 'grn_1', tags: {} }
  const exchange = {
    ...of,
    ...{
      token: new Secret(`eyJ${CANARY}`),
      policy: null,
      secondsLeft: 900,
      isGrace: false,
      session,
    },
  }
  let faults = 0
  for (answered of ANSWERS) {
    const googles = attempted('google', { token_url: url, impersonation_url: url })
    const said = await Promise.all([
      saidOf(aws.exchanger?.(config).exchange(exchange) ?? assert.fail()),
      saidOf(aws.attempt(of, config)),
      saidOf(aws.writes?.(of, config) ?? assert.fail()),
      saidOf(kubernetes.writes?.(attempted('kubernetes', {}), config) ?? assert.fail()),
      saidOf(google.attempt(googles, config)),
      saidOf(vault.attempt(attempted('vault', {}), config)),
    ])
    faults += said.filter((each) => each.includes('could not be asked')).length
    for (const each of said) assert.equal(each.includes(CANARY), false, each)
  }
  assert.ok(faults > 2)
})
