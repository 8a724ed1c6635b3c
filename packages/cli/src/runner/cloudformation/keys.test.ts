import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentKeys, grantedKeys, plannedKeys } from './keys.ts'

const STANDING = { AWS_ACCESS_KEY_ID: 'AKIASTANDING', AWS_SECRET_ACCESS_KEY: 'standing' }
const standing = environmentKeys(() => STANDING)
const GRANTED = {
  form: 'aws_session',
  accessKeyId: 'ASIAGRANTED',
  secretAccessKey: 'granted',
  sessionToken: 'token',
  expiresAt: 1,
} as const

test('a run with a broker executes with the keys of its grant, and asks for them each time', async () => {
  let asked = 0
  const credential = async () => {
    asked += 1
    return GRANTED
  }
  const keys = grantedKeys({ credential }, standing)

  const given = [(await keys()).accessKeyId, (await keys()).accessKeyId]

  assert.deepEqual([given, asked], [['ASIAGRANTED', 'ASIAGRANTED'], 2])
})

test('where the grant gives none nothing standing is used', async () => {
  const keys = grantedKeys({ credential: async () => null }, standing)

  await assert.rejects(keys(), /gives no credential for AWS/)
})

test('standing keys are those of the environment, and none is a refusal', async () => {
  assert.deepEqual(await grantedKeys(null, standing)(), {
    accessKeyId: 'AKIASTANDING',
    secretAccessKey: 'standing',
    sessionToken: null,
  })
  await assert.rejects(environmentKeys(() => ({}))(), /There are no AWS credentials/)
})

test('what plans asks the connection, keeps what is fresh, and never takes a standing key', async () => {
  let opened = 0
  let closed = 0
  const openForPlan = async (expiresAt: number | null) => {
    opened += 1
    const credential = async () => (expiresAt === null ? null : { ...GRANTED, expiresAt })
    const close = async () => {
      closed += 1
    }
    return { env: {}, count: () => 0, hide: String, credential, endGrant: close, close }
  }
  const hour = Date.now() + 3_600_000
  const kept = plannedKeys({ openForPlan: () => openForPlan(hour) }, standing)
  const over = plannedKeys({ openForPlan: () => openForPlan(Date.now()) }, standing)

  assert.deepEqual(
    [(await kept()).accessKeyId, (await kept()).accessKeyId, opened, closed],
    ['ASIAGRANTED', 'ASIAGRANTED', 1, 1],
  )
  await over()
  await over()
  assert.equal(opened, 3)
  await assert.rejects(plannedKeys({ openForPlan: () => openForPlan(null) }, standing)(), /--plan/)
  assert.equal((await plannedKeys(null, standing)()).accessKeyId, 'AKIASTANDING')
})
