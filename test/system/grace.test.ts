/**
 * After a grant is revoked its state can still be saved: by a session that may touch this workspace's
 * object and lock, and nothing else, asked of an AWS that verifies and decides for real.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type ConnectionId, parseConnectionId, parseScope } from '@holdpoint/core'
import {
  accept,
  addCast,
  givenPlan,
  openRun,
  startBody,
  startTestServer,
  TARGET,
  type TestServer,
  untilStatus,
} from '../../packages/server/test/server-story.ts'
import { type AwsCloud, startAwsCloud } from '../cloud/aws-cloud.ts'
import { makeBucket } from '../cloud/aws-story.ts'
import type { Role } from '../cloud/aws-sts.ts'
import { find, freePort, HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const ACCOUNT = '111111111111'
const REGION = 'eu-central-1'
const BUCKET = 'holdpoint-state'
const APPLY = `arn:aws:iam::${ACCOUNT}:role/apply`
const missing = [needs('moto').skip, needs('aws').skip].find((each) => each !== false)
const whenAws = { skip: missing ?? false, timeout: HANGS_AFTER_MS }

let story: TestServer
let cloud: AwsCloud
let folder: string
let connection: ConnectionId
const roles: Role[] = []
let laterMs = 0

before(async () => {
  if (whenAws.skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-grace-'))
  await writeFile(join(folder, 'body'), 'state')
  const port = await freePort()
  cloud = await startAwsCloud({
    issuerUrl: `http://127.0.0.1:${port}`,
    roles,
    now: () => Date.now() + laterMs,
  })
  const flags = { 'listen-port': String(port), 'aws-sts-endpoint': cloud.url }
  story = await startTestServer({ flags })
  await addCast(story)
  await makeBucket(cloud, BUCKET)
  await accept(story, { type: 'create_workspace', name: 'payments/dev' })
  const set = await accept(story, {
    type: 'set_connection',
    workspace: 'payments/dev',
    kind: 'aws',
    account: ACCOUNT,
    apply: APPLY,
    plan: null,
    audience: null,
    settings: { region: REGION },
  })
  connection = parseConnectionId(set.id ?? '') ?? assert.fail('no connection')
  const listed = await story.as('theo').call('connections', {})
  const sub = listed.ok ? (listed.value.connections[0]?.subjects.apply ?? '') : ''
  const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }]
  const policy = { Version: '2012-10-17', Statement: everything }
  roles.push({ arn: APPLY, policy, trust: { aud: 'sts.amazonaws.com', sub } })
})

after(async () => {
  await story?.close()
  await cloud?.close()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

const settings = { bucket: BUCKET, key: 'dev.tfstate', region: REGION }
const target = { ...TARGET, backend: { type: 's3', settings } }

async function revokedRun() {
  const mira = story.as('mira')
  const run = await openRun(mira, { plan: givenPlan('one'), target })
  const params = { change: run.change }
  const held = await untilStatus(story.as('jonas'), run.change, 'held')
  const body = { fingerprint: run.binding.fingerprint, reason: null }
  await story.as('jonas').call('approve', { params, body })
  await untilStatus(mira, run.change, 'released')
  const start = run.signed('start', { ...startBody(run), grantSeconds: 3600 })
  const started = await mira.call('start', { params, body: start as never })
  assert.ok(started.ok, JSON.stringify(started))
  const revoked = await story.as('jonas').call('revokeGrant', { params, body: { reason: null } })
  assert.ok(revoked.ok, JSON.stringify(revoked))
  return { run, held }
}

test('a revoked grant saves its state, and does nothing else', whenAws, async () => {
  const { run, held } = await revokedRun()
  const ask = (purpose: 'apply' | 'state', number: number) => {
    const body = run.signed('credentials', { connection, purpose, ask: number })
    const params = { change: run.change }
    return story.as('mira').call('credentials', { params, body: body as never })
  }

  const denied = await ask('apply', 1)
  const given = await ask('state', 2)

  assert.equal(denied.ok ? 'given' : denied.problem.code, 'grant_not_live')
  assert.ok(given.ok && given.value.form === 'aws_session', JSON.stringify(given))
  const keys = given.value
  const s3 = (...words: readonly string[]) =>
    promisify(execFile)(find('aws') ?? 'aws', ['s3api', ...words, '--bucket', BUCKET], {
      env: {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL: cloud.url,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken,
      },
    })
  const body = ['--body', join(folder, 'body')]
  await s3('put-object', '--key', 'dev.tfstate', ...body)
  await assert.rejects(s3('put-object', '--key', 'other.tfstate', ...body), /AccessDenied/)
  await assert.rejects(s3('get-object', '--key', 'other.tfstate', join(folder, 'out')))
  laterMs = 10 * 60_000
  await assert.rejects(s3('put-object', '--key', 'dev.tfstate', ...body), /AccessDenied/)
  const view = await story.as('theo').call('change', { params: { change: run.change } })
  const issued = view.ok ? view.value.execution?.credentials : []
  const revokedAt = view.ok ? (view.value.execution?.revokedAt ?? 0) : 0
  assert.deepEqual(
    issued?.map(({ purpose, until }) => [purpose, until]),
    [['state', revokedAt + 10 * 60_000]],
  )
  // What it may is what was shown, and AWS itself ends it in time.
  const policy = cloud.calls().find(({ session }) => session !== null)?.session?.policyText ?? ''
  assert.match(policy, /"DateLessThan":\{"aws:CurrentTime"/)
  const shown = parseScope(held.evaluation?.scope ?? '')?.connections[0]?.state ?? ''
  assert.match(shown, /dev\.tfstate\.tflock/)
})
