/** What saving the state needs, and nothing beside it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ACCOUNT,
  codesOf,
  derive,
  givenAws,
  givenAwsTarget,
  REGION,
} from '../../../test/fixtures/session-policy-given.ts'
import { stateSessionPolicy } from './session-policy-state.ts'

const QUEUE = givenAws('aws_sqs_queue', { after: { name: 'jobs' }, unknown: { arn: true } })
const STATE = { type: 's3', settings: { bucket: 'state', key: 'net.tfstate', region: REGION } }

test('state in S3 is saved under its own key, and the lock beside it', () => {
  const policy = derive([QUEUE], { target: givenAwsTarget({ backend: STATE }) })

  const state = policy.statements.filter(({ resources }) => resources[0]?.includes(':s3:'))
  assert.deepEqual(state, [
    {
      actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      resources: ['arn:aws:s3:::state/net.tfstate.tflock'],
      condition: null,
    },
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: ['arn:aws:s3:::state/net.tfstate'],
      condition: null,
    },
    {
      actions: ['s3:ListBucket'],
      resources: ['arn:aws:s3:::state'],
      condition: 's3:prefix=env:/|net.tfstate',
    },
  ])
  assert.equal(policy.narrowed, true)
})

test('the grace credential saves one workspace’s state and its lock, and reads no other key', () => {
  const settings = { ...STATE.settings, workspace_key_prefix: 'teams', dynamodb_table: 'locks' }
  const target = givenAwsTarget({ backend: { type: 's3', settings }, toolWorkspace: 'blue' })
  const document = stateSessionPolicy({ target, account: ACCOUNT })

  const resources = JSON.stringify(JSON.parse(document ?? '{}').Statement)
  assert.ok(resources.includes('"arn:aws:s3:::state/teams/blue/net.tfstate"'))
  assert.ok(resources.includes('"arn:aws:s3:::state/teams/blue/net.tfstate.tflock"'))
  assert.ok(resources.includes(`"arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/locks"`))
  assert.ok(
    resources.includes(
      '{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":' +
        '["state/teams/blue/net.tfstate","state/teams/blue/net.tfstate-md5"]}}',
    ),
  )
  const [onAny, ...others] = resources.split('"Resource":"*"')
  assert.ok(onAny?.endsWith('"Action":["kms:Decrypt","kms:GenerateDataKey"],'), onAny)
  assert.equal(others.join('').includes('*'), false)
})

test('a key of KMS is used for the state and its lock alone, and only the one that is named', () => {
  const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0a1b2c3d-4e5f-6789-abcd-ef0123456789`
  const keys = (settings: object) => {
    const backend = { type: 's3', settings: { ...STATE.settings, ...settings } }
    const { statements } = derive([QUEUE], { target: givenAwsTarget({ backend }) })
    return statements.filter(({ actions }) => actions.some((each) => each.startsWith('kms:')))
  }
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey']
  const objects = ['', '/net.tfstate', '/net.tfstate.tflock'].map(
    (end) => `arn:aws:s3:::state${end}`,
  )
  const condition = `kms:EncryptionContext:aws:s3:arn=${objects.join('|')}`

  assert.deepEqual(keys({}), [{ actions, resources: ['*'], condition }])
  assert.deepEqual(keys({ kms_key_id: key }), [{ actions, resources: [key], condition }])
  assert.deepEqual(keys({ kms_key_id: 'alias/state' }), [{ actions, resources: ['*'], condition }])
})

test('no grace credential without an S3 object that is named', () => {
  for (const backend of [
    { type: 'local', settings: {} },
    { type: 's3', settings: { bucket: 'state' } },
    { type: 's3', settings: { ...STATE.settings, key: '*' } },
    { type: 's3', settings: { ...STATE.settings, role_arn: 'arn:aws:iam::1:role/state' } },
  ]) {
    const target = givenAwsTarget({ backend })

    assert.equal(stateSessionPolicy({ target, account: ACCOUNT }), null, backend.type)
  }
  const target = givenAwsTarget({ backend: STATE })
  assert.equal(stateSessionPolicy({ target, account: 'unknown' }), null)
})

test('a state that is not named, or is read with another role, takes the promise away', () => {
  const unclear = givenAwsTarget({ backend: { type: 's3', settings: { bucket: 'state' } } })
  const role_arn = `arn:aws:iam::${ACCOUNT}:role/state`
  const other = givenAwsTarget({
    backend: { type: 's3', settings: { ...STATE.settings, role_arn } },
  })

  assert.deepEqual(codesOf(derive([QUEUE], { target: unclear })), ['unclear_state'])
  assert.deepEqual(derive([QUEUE], { target: other }).because, [
    { code: 'assumes_role', provider: 'backend', role: role_arn },
  ])
})
