/** What lies outside the entries of a plan, or between them, and takes the promise away. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  codesOf,
  derive,
  givenAws,
  givenAwsTarget,
  REGION,
} from '../../../test/fixtures/session-policy-given.ts'
import type { ProviderConfig } from './plan.ts'
import { UNKNOWN, type Value } from './value.ts'

const QUEUE = givenAws('aws_sqs_queue', { after: { name: 'jobs' }, unknown: { arn: true } })

const provider = (config: Value): ProviderConfig => ({
  key: 'aws',
  name: 'aws',
  fullName: 'registry.terraform.io/hashicorp/aws',
  alias: null,
  module: '',
  versionConstraint: null,
  config,
})

const reasons = (config: Value) =>
  derive([QUEUE], { plan: { providers: [provider(config)] } }).because

test('a provider with keys or a profile of its own is not narrowed, and is named', () => {
  for (const name of ['access_key', 'secret_key', 'token', 'profile', 'shared_credentials_files']) {
    assert.deepEqual(reasons({ [name]: 'a' }), [{ code: 'own_credentials', provider: 'aws' }])
    assert.deepEqual(reasons({ [name]: UNKNOWN }), [{ code: 'own_credentials', provider: 'aws' }])
  }
  assert.deepEqual(reasons({ region: REGION, profile: '', assume_role: [] }), [])
})

test('a provider whose settings nobody knows may take on any role', () => {
  const policy = derive([QUEUE], { plan: { providers: [provider(UNKNOWN)] } })

  assert.deepEqual(policy.because, [{ code: 'assumes_role', provider: 'aws', role: null }])
  assert.equal(policy.document, null)
})

test('an action that is invoked beside the changes gives no policy', () => {
  const invocation = {
    address: 'action.aws_lambda_invoke.one',
    type: 'aws_lambda_invoke',
    provider: 'aws',
    deferred: false,
    reason: null,
    config: {},
    configSensitive: {},
    configUnknown: {},
    trigger: {},
  }
  const policy = derive([QUEUE], { plan: { invocations: [invocation] } })

  assert.deepEqual(policy.because, [{ code: 'invokes', address: invocation.address }])
  assert.equal(policy.document, null)
})

test('with two regions a name without one is not narrowed, and an ARN is', () => {
  const target = givenAwsTarget({
    providers: [REGION, 'us-east-1'].map((region) => {
      return { key: region, type: 'aws', alias: null, region, endpoints: {} }
    }),
  })
  const arn = 'arn:aws:sqs:us-east-1:111111111111:jobs'
  const known = givenAws('aws_sqs_queue', { before: { name: 'jobs', arn } })

  assert.deepEqual(codesOf(derive([QUEUE], { target })), ['unknown_value'])
  assert.equal(derive([known], { target }).narrowed, true)
  assert.deepEqual(derive([known], { target }).statements[0]?.resources, [arn])
})

test('one of two providers without a known region makes every region possible', () => {
  const target = givenAwsTarget({
    providers: [REGION, 'unknown'].map((region) => {
      return { key: region, type: 'aws', alias: null, region, endpoints: {} }
    }),
  })
  const policy = derive([QUEUE], { target })

  assert.deepEqual(codesOf(policy), ['unknown_value'])
  assert.deepEqual(policy.statements[0]?.resources, ['arn:aws:sqs:*:111111111111:jobs'])
})

test('a call that AWS lets be permitted only on everything is not narrowed', () => {
  const removed = givenAws('aws_ecs_task_definition', {
    before: { family: 'web', revision: 3 },
  })
  const policy = derive([removed])

  assert.deepEqual(policy.because, [
    {
      code: 'unbounded_action',
      address: 'aws_ecs_task_definition.one',
      type: 'aws_ecs_task_definition',
      actions: ['ecs:DeregisterTaskDefinition'],
    },
  ])
})

test('an attribute that two new resources may decide stays open', () => {
  const bucket = (name: string, fields: object) =>
    givenAws('aws_s3_bucket', fields, { address: `aws_s3_bucket.${name}` })
  const versions = givenAws('aws_s3_bucket_versioning', { after: {}, unknown: { bucket: true } })
  const refers = (to: string) => ({ from: versions.address, to, attribute: 'bucket' })
  const first = bucket('first', { after: { bucket: 'first' }, unknown: { id: true } })
  const second = bucket('second', { after: { bucket: 'second' }, unknown: { id: true } })
  const open = bucket('open', { after: {}, unknown: { id: true, bucket: true } })

  const either = [refers(first.address), refers(second.address)]
  const both = derive([first, second, versions], { plan: { references: either } })
  const unnamed = derive([open, versions], { plan: { references: [refers(open.address)] } })

  assert.deepEqual(codesOf(both), ['unknown_value'])
  assert.deepEqual(codesOf(unnamed), ['unknown_value'])
  const addresses = unnamed.because.map((each) => 'address' in each && each.address)
  assert.deepEqual(addresses, [open.address, versions.address])
})

test('a key of one’s own may be used by name, and one that AWS decides is not asked for', () => {
  const key = `arn:aws:kms:${REGION}:111111111111:key/one`
  const secret = (after: object, unknown: object) =>
    givenAws('aws_secretsmanager_secret', {
      after: { name: 'db', ...after },
      unknown: { arn: true, ...unknown },
    })
  const uses = ({ statements }: ReturnType<typeof derive>) =>
    statements.filter((each) => each.actions.includes('kms:Decrypt')).map((each) => each.resources)
  const undecided = secret({}, { kms_key_id: true })
  const other = givenAws('aws_kms_key', { after: {}, unknown: { arn: true, key_id: true } })
  const references = [{ from: undecided.address, to: other.address, attribute: 'kms_key_id' }]

  assert.deepEqual(uses(derive([secret({ kms_key_id: key }, {})])), [[key]])
  assert.deepEqual(uses(derive([undecided])), [])
  assert.equal(derive([undecided]).narrowed, true)
  assert.equal(derive([secret({ kms_key_id: 'one' }, {})]).document, null)
  assert.equal(derive([undecided, other], { plan: { references } }).document, null)
})

test('the six characters that AWS adds to a secret’s name are open, and no more of it', () => {
  const arn = `arn:aws:secretsmanager:${REGION}:111111111111:secret:db`
  const secret = givenAws('aws_secretsmanager_secret', {
    after: { name: 'db' },
    unknown: { arn: true, id: true },
  })
  const version = (sides: object) => givenAws('aws_secretsmanager_secret_version', sides)
  const next = version({ after: {}, unknown: { secret_id: true, arn: true } })
  const known = version({ after: { secret_id: `${arn}-AbCdEf` }, unknown: { arn: true } })
  const refers = { from: next.address, to: secret.address, attribute: 'secret_id' }

  const both = derive([secret, next], { plan: { references: [refers] } })
  assert.equal(both.narrowed, true)
  assert.deepEqual(
    both.statements.flatMap((each) => each.resources),
    [`${arn}-??????`],
  )
  assert.deepEqual(derive([known]).statements[0]?.resources, [`${arn}-AbCdEf`])
})

test('a path and the name of a secret are no way to a pattern', () => {
  const role = givenAws('aws_iam_role', { after: { name: 'worker', path: '/*/' } })
  const secret = givenAws('aws_secretsmanager_secret', { after: { name: 'db*' } })

  for (const change of [role, secret]) {
    const policy = derive([change])
    assert.ok(codesOf(policy).includes('unsafe_value'), change.type)
    assert.equal(policy.document, null)
  }
})

test('a role that stays as it is is not passed', () => {
  const role = 'arn:aws:iam::111111111111:role/worker'
  const before = { function_name: 'work', role, memory_size: 128 }
  const mayPass = (after: Readonly<Record<string, unknown>>) => {
    const policy = derive([givenAws('aws_lambda_function', { before, after })])
    return policy.statements.flatMap((each) => (each.condition === null ? [] : each.resources))
  }

  assert.deepEqual(mayPass({ ...before, memory_size: 256 }), [])
  assert.deepEqual(mayPass({ ...before, role: `${role}-two` }), [`${role}-two`])
})

test('what is only looked up is written down apart from what is managed', () => {
  const looked = (type: string) => {
    return givenAws(
      type,
      { after: { name: 'jobs' } },
      { mode: 'data', address: `data.${type}.one` },
    )
  }
  const read = (type: string) => derive([{ ...looked(type), action: 'read' as const }])

  assert.deepEqual(codesOf(read('aws_sqs_queue')), ['unmapped_type'])
  assert.deepEqual(read('aws_subnets').statements, [
    { actions: ['ec2:DescribeSubnets'], resources: ['*'], condition: null },
  ])
})

test('an ARN of the state that is not of what the plan names permits nothing', () => {
  const arn = 'arn:aws:sqs:eu-central-1:111111111111:payments'
  const policy = derive([givenAws('aws_sqs_queue', { before: { name: 'jobs', arn } })])
  const secret = (suffix: string) =>
    derive([
      givenAws('aws_secretsmanager_secret', {
        before: {
          name: 'one',
          arn: `arn:aws:secretsmanager:eu-central-1:111111111111:secret:${suffix}`,
        },
      }),
    ])

  assert.deepEqual(codesOf(policy), ['foreign_resource'])
  assert.equal(policy.document?.includes('payments'), false)
  assert.deepEqual(codesOf(secret('one-a1B2c3')), [])
  assert.deepEqual(codesOf(secret('one-other-a1B2c3')), ['foreign_resource'])
})

test('a queue or a topic that is made with a policy gives rights, and is never narrowed', () => {
  const made = (type: string, more: object) =>
    codesOf(derive([givenAws(type, { after: { name: 'jobs', ...more }, unknown: { arn: true } })]))

  for (const type of ['aws_sqs_queue', 'aws_sns_topic']) {
    assert.deepEqual(made(type, {}), [])
    assert.deepEqual(made(type, { policy: '{"Statement":[]}' }), ['grants_privileges'])
  }
})
