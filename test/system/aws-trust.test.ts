/**
 * The trust of a connection, tried from outside: what `doctor --cloud` proves, a role that trusts the
 * server itself, and a policy that AWS finds too large, against an STS that verifies for real.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseConnectionId } from '@holdpoint/core'
import {
  type AccessBody,
  accept,
  addCast,
  givenPlan,
  openRun,
  startBody,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../packages/server/test/server-story.ts'
import { type AwsCloud, startAwsCloud } from '../cloud/aws-cloud.ts'
import type { Role } from '../cloud/aws-sts.ts'
import { freePort, needs } from '../harness/machine.ts'

const ACCOUNT = '111111111111'
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
const SERVER = { accessKeyId: 'AKIASERVER', secretAccessKey: 'server-identity', account: ACCOUNT }
const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const whenMoto = { ...needs('moto'), timeout: 120_000 }

let story: TestServer
let cloud: AwsCloud
let isPackedTooLarge = false
const roles: Role[] = []

before(async () => {
  if (whenMoto.skip !== false) return
  const port = await freePort()
  cloud = await startAwsCloud({
    issuerUrl: `http://127.0.0.1:${port}`,
    roles,
    servers: [SERVER],
    isPackedTooLarge: () => isPackedTooLarge,
  })
  // The server's own identity, as its machine would give it.
  process.env['AWS_ACCESS_KEY_ID'] = SERVER.accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = SERVER.secretAccessKey
  const flags = { 'listen-port': String(port), 'aws-sts-endpoint': cloud.url }
  story = await startTestServer({ flags })
  await addCast(story)
})

after(async () => {
  await story?.close()
  await cloud?.close()
})

const connection = (workspace: string, about: object = {}): AccessBody => ({
  type: 'set_connection',
  workspace,
  kind: 'aws',
  account: ACCOUNT,
  apply: role('apply'),
  plan: role('plan'),
  audience: null,
  settings: { region: 'eu-central-1' },
  ...about,
})

async function connected(workspace: string) {
  await accept(story, { type: 'create_workspace', name: workspace })
  const { id } = await accept(story, connection(workspace))
  const listed = await story.as('theo').call('connections', {})
  const found = listed.ok ? listed.value.connections.find((each) => each.id === id) : undefined
  return found ?? assert.fail('the connection is not listed')
}

const trustIn = (sub: string) => ({ aud: 'sts.amazonaws.com', sub })

test(
  'a trust that demands exactly this token is proven, and a wider one is not',
  whenMoto,
  async () => {
    const { id, subjects } = await connected('payments/dev')
    roles.push(
      { arn: role('apply'), policy: everything, trust: trustIn(subjects.apply) },
      // A trust that was set up for the wrong phase.
      { arn: role('plan'), policy: everything, trust: trustIn(subjects.apply) },
    )

    const params = { connection: parseConnectionId(id) ?? assert.fail('no id') }
    const proved = await story.admin.call('proveConnection', { params, body: {} })

    assert.ok(proved.ok, JSON.stringify(proved))
    const wrong = proved.value.proofs.filter(({ expected, found }) => expected !== found)
    assert.deepEqual(
      wrong.map(({ phase, tried, found }) => [phase, tried, found]),
      [
        ['plan', 'the right token', 'refused'],
        ['plan', 'a token of the other phase', 'accepted'],
      ],
    )
    assert.equal(proved.value.proofs.length, 10)
  },
)

test(
  'what AWS finds too large is refused, and never asked for without its policy',
  whenMoto,
  async () => {
    const { id, workspace, subjects } = await connected('payments/large')
    roles.splice(0, roles.length)
    roles.push({ arn: role('apply'), policy: everything, trust: trustIn(subjects.apply) })
    const mira = story.as('mira')
    const run = await openRun(mira, { workspace: workspace.name, plan: givenPlan('one') })
    const params = { change: run.change }
    await untilStatus(story.as('jonas'), run.change, 'held')
    const body = { fingerprint: run.binding.fingerprint, reason: null }
    await story.as('jonas').call('approve', { params, body })
    await untilStatus(mira, run.change, 'released')
    const start = run.signed('start', { ...startBody(run), grantSeconds: 3600 })
    await mira.call('start', { params, body: start as never })
    const ask = (number: number) => {
      const asked = { connection: id, purpose: 'apply', ask: number } as const
      const signed = run.signed('credentials', asked)
      return mira.call('credentials', { params, body: signed as never })
    }

    isPackedTooLarge = true
    const large = await ask(1)
    isPackedTooLarge = false
    const small = await ask(2)

    assert.equal(large.ok ? 'given' : large.problem.code, 'too_large_for_cloud')
    assert.equal(small.ok, true, JSON.stringify(small))
  },
)

test(
  'a role that trusts the server is bound only after it refused everybody else',
  whenMoto,
  async () => {
    await accept(story, { type: 'create_workspace', name: 'payments/own' })
    const access = await story.as('theo').call('access', {})
    const workspace = access.ok
      ? access.value.workspaces.find(({ name }) => name === 'payments/own')?.id
      : undefined
    const settings = { region: 'eu-central-1', trust: 'server' }
    const body = connection('payments/own', { plan: null, settings })
    const assumedBy = (externalId: string) => {
      roles.splice(0, roles.length)
      const { accessKeyId } = SERVER
      const by = { accessKeyId, externalId }
      roles.push({ arn: role('apply'), policy: everything, trust: null, assumedBy: by })
    }

    assumedBy('workspace:wsp_0000000000000000:phase:apply')
    const ofAnother = await story.admin.call('changeAccess', { body })
    assumedBy(`workspace:${workspace}:phase:apply`)
    const ours = await story.admin.call('changeAccess', { body })

    assert.match(
      ofAnother.ok ? '' : ofAnother.problem.detail,
      /of another workspace: it should have/,
    )
    assert.equal(ours.ok, true, JSON.stringify(ours))
  },
)
