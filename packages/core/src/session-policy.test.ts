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
import { SESSION_POLICY_CHARACTERS_MAX } from './session-policy-document.ts'

const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:jobs`
const READS = ['sqs:GetQueueAttributes', 'sqs:ListQueueTags']
const made = (name = 'jobs') =>
  givenAws('aws_sqs_queue', {
    after: { name },
    unknown: { arn: true, id: true },
  })
const removed = (name = 'jobs') =>
  givenAws('aws_sqs_queue', {
    before: { name, arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}` },
  })

test('what makes a queue may make that queue, read it back and tag it, and nothing else', () => {
  const policy = derive([made()])

  assert.deepEqual(policy, {
    document:
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:CreateQueue",' +
      '"sqs:GetQueueAttributes","sqs:ListQueueTags","sqs:TagQueue"],' +
      `"Resource":"${QUEUE}"}]}`,
    narrowed: true,
    because: [],
    statements: [
      {
        actions: ['sqs:CreateQueue', ...READS, 'sqs:TagQueue'],
        resources: [QUEUE],
        condition: null,
      },
    ],
  })
})

test('what removes a queue may remove the one that the state knows', () => {
  const policy = derive([removed()])

  assert.equal(policy.narrowed, true)
  assert.deepEqual(policy.statements, [
    { actions: ['sqs:DeleteQueue', ...READS], resources: [QUEUE], condition: null },
  ])
})

test('a replacement may remove what was there and make what comes', () => {
  const change = givenAws('aws_sqs_queue', { before: { name: 'old' }, after: { name: 'new' } })
  const policy = derive([{ ...change, action: 'replace' }])

  const resources = policy.statements.map((each) => [each.resources, each.actions[0]])
  assert.deepEqual(resources, [
    [[QUEUE.replace('jobs', 'new')], 'sqs:CreateQueue'],
    [[QUEUE.replace('jobs', 'old')], 'sqs:DeleteQueue'],
  ])
})

test('settings that hold who may use a queue are never called narrowed', () => {
  const sides = { before: { name: 'jobs', delay: 1 }, after: { name: 'jobs', delay: 2 } }
  const policy = derive([givenAws('aws_sqs_queue', sides)])

  assert.equal(policy.narrowed, false)
  assert.deepEqual(policy.because, [
    {
      code: 'grants_privileges',
      address: 'aws_sqs_queue.one',
      type: 'aws_sqs_queue',
      actions: ['sqs:SetQueueAttributes'],
      how: null,
    },
  ])
  assert.notEqual(policy.document, null)
})

test('tags are changed only where tags change', () => {
  const sides = (next: object) => ({
    before: { bucket: 'logs', tags: { a: '1' } },
    after: { bucket: 'logs', ...next },
  })
  const may = (next: object) =>
    derive([givenAws('aws_s3_bucket', sides(next))]).document?.includes('s3:PutBucketTagging')

  assert.equal(may({ tags: { a: '1' }, force_destroy: true }), false)
  assert.equal(may({ tags: { a: '2' } }), true)
})

test('a name that is decided at apply is not narrowed, and the attribute is named', () => {
  const change = givenAws('aws_sqs_queue', { after: {}, unknown: { name: true, arn: true } })
  const policy = derive([change])

  assert.equal(policy.narrowed, false)
  assert.deepEqual(policy.because, [
    {
      code: 'unknown_value',
      address: 'aws_sqs_queue.one',
      type: 'aws_sqs_queue',
      attribute: 'name',
    },
  ])
  assert.deepEqual(policy.statements[0]?.resources, [QUEUE.replace('jobs', '*')])
})

test('ids that AWS invents are open only for what makes new things', () => {
  const vpc = { after: { cidr_block: '10.0.0.0/16' }, unknown: { id: true, arn: true } }
  const volume = { after: { availability_zone: 'eu-central-1a' }, unknown: vpc.unknown }

  // After it is made, a network is set up by its id, which reaches every other one.
  assert.deepEqual(codesOf(derive([givenAws('aws_vpc', vpc)])), ['unknown_value'])
  assert.equal(derive([givenAws('aws_ebs_volume', volume)]).narrowed, true)
})

test('tags of a new machine part are given only with the call that makes it', () => {
  const volume = { after: { availability_zone: 'eu-central-1a' }, unknown: { id: true } }
  const { document } = derive([givenAws('aws_ebs_volume', volume)])

  const tags = document?.match(/\{[^{}]*CreateTags[^{}]*"Condition":\{[^}]*\}\}/)?.[0] ?? ''
  assert.ok(tags.includes('{"StringEquals":{"ec2:CreateAction":"CreateVolume"}'), tags)
})

test('what a new resource decides is taken from that resource where the plan has its name', () => {
  const bucket = givenAws(
    'aws_s3_bucket',
    { after: { bucket: 'logs' }, unknown: { id: true, arn: true } },
    { address: 'aws_s3_bucket.logs' },
  )
  const versions = givenAws('aws_s3_bucket_versioning', { after: {}, unknown: { bucket: true } })
  const reference = { from: versions.address, to: bucket.address, attribute: 'bucket' }

  const told = derive([bucket, versions], { plan: { references: [reference] } })
  const untold = derive([bucket, versions])

  assert.equal(told.narrowed, true)
  assert.deepEqual(told.statements[0]?.resources, ['arn:aws:s3:::logs'])
  assert.deepEqual(codesOf(untold), ['unknown_value'])
})

test('text that AWS reads as a pattern or a variable gives no policy', () => {
  for (const name of ['*', 'job?', `a\${aws:username}`, 'a"b']) {
    const policy = derive([made(name)])

    assert.deepEqual(codesOf(policy), ['unsafe_value'], name)
    assert.equal(policy.document, null)
  }
})

test('an ARN of another account, region or kind is not taken for the resource', () => {
  for (const arn of [
    QUEUE.replace(ACCOUNT, '222222222222'),
    QUEUE.replace(REGION, 'us-east-1'),
    QUEUE.replace('sqs', 'sns'),
    `${QUEUE}*`,
  ]) {
    const policy = derive([givenAws('aws_sqs_queue', { before: { name: 'jobs', arn } })])

    assert.deepEqual(codesOf(policy), ['foreign_resource'], arn)
    assert.deepEqual(policy.statements[0]?.resources, [QUEUE])
  }
})

test('a type that nobody wrote down gives no policy at all', () => {
  const odd = givenAws('aws_quantum_task', { after: { name: 'a' } })
  const policy = derive([made(), odd])

  assert.deepEqual(policy, {
    document: null,
    narrowed: false,
    because: [{ code: 'unmapped_type', address: 'aws_quantum_task.one', type: 'aws_quantum_task' }],
    statements: [],
  })
})

test('types that are named like a method of the language are not in the table', () => {
  for (const type of ['constructor', 'toString', '__proto__']) {
    assert.deepEqual(codesOf(derive([givenAws(type, { after: {} })])), ['unmapped_type'])
  }
})

test('who may do what, keys and security groups are never called narrowed', () => {
  const name = 'one'
  for (const type of ['aws_iam_role', 'aws_iam_policy', 'aws_kms_key', 'aws_security_group']) {
    for (const sides of [{ after: { name } }, { before: { name } }]) {
      const policy = derive([givenAws(type, sides)])

      assert.equal(policy.narrowed, false, type)
      assert.ok(codesOf(policy).includes('grants_privileges'), type)
    }
  }
})

test('a role is passed to the one service, and only the role that the plan names', () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/worker`
  const sides = { after: { function_name: 'work', role }, unknown: { arn: true } }
  const policy = derive([givenAws('aws_lambda_function', sides)])

  const passing = policy.statements.find((each) => each.actions.includes('iam:PassRole'))
  assert.deepEqual(passing, {
    actions: ['iam:PassRole'],
    resources: [role],
    condition: 'iam:PassedToService=lambda.amazonaws.com',
  })
  assert.equal(policy.narrowed, false)
})

test('a role that nobody can name gives no policy', () => {
  const sides = { after: { function_name: 'work' }, unknown: { role: true, arn: true } }
  const policy = derive([givenAws('aws_lambda_function', sides)])

  assert.ok(codesOf(policy).includes('unnamed_resource'))
  assert.equal(policy.document, null)
})

test('a provider that takes on a further role is not narrowed, and may take on only that', () => {
  const role = `arn:aws:iam::222222222222:role/deploy`
  const config = (value: unknown) => ({
    plan: {
      providers: [
        {
          key: 'aws',
          name: 'aws',
          fullName: 'registry.terraform.io/hashicorp/aws',
          alias: null,
          module: '',
          versionConstraint: null,
          config: { assume_role: [{ role_arn: value === undefined ? null : role }] },
        },
      ],
    },
  })

  const constant = derive([made()], config(role))
  const computed = derive([made()], config(undefined))

  assert.deepEqual(constant.because, [{ code: 'assumes_role', provider: 'aws', role }])
  assert.ok(constant.document?.includes(`"Action":"sts:AssumeRole","Resource":"${role}"`))
  assert.deepEqual(computed.because, [{ code: 'assumes_role', provider: 'aws', role: null }])
  assert.equal(computed.document, null)
})

test('what is put off, invoked, incomplete or not understood gives no policy', () => {
  const change = made()
  const plans = {
    deferred: { deferred: [{ reason: 'provider_config_unknown', change, extra: {} }] },
    incomplete: { complete: false },
    unknown_action: { resources: [{ ...change, action: 'unknown' as const }] },
  }
  for (const [code, plan] of Object.entries(plans)) {
    const policy = derive([change], { plan })

    assert.deepEqual([codesOf(policy), policy.document], [[code], null])
  }
})

test('another cloud is said, and a provider that calls none is not', () => {
  const provider_name = 'registry.terraform.io/hashicorp/google'
  const foreign = givenAws('google_storage_bucket', { after: {} }, { provider_name })
  const random = givenAws(
    'random_pet',
    { after: {} },
    { provider_name: 'registry.terraform.io/hashicorp/random' },
  )

  assert.deepEqual(codesOf(derive([made(), foreign])), ['not_aws'])
  assert.deepEqual(derive([made(), random]), derive([made()]))
  assert.deepEqual(codesOf(derive([random])), ['nothing_known'])
})

test('an account that is no number, or a region that nobody knows, is not narrowed', () => {
  const target = givenAwsTarget({
    providers: [{ key: 'aws', type: 'aws', alias: null, region: 'unknown', endpoints: {} }],
  })

  assert.deepEqual(codesOf(derive([made()], { account: 'unknown' })), ['unknown_account'])
  assert.deepEqual(codesOf(derive([made()], { target })), ['unknown_value'])
})

test('many queues fit, and too many are refused instead of permitted together', () => {
  const some = derive(Array.from({ length: 30 }, (_, at) => made(`queue-${at}`)))
  const many = derive(Array.from({ length: 60 }, (_, at) => made(`queue-${at}`)))

  assert.equal(some.narrowed, true)
  assert.deepEqual([many.document, many.narrowed, codesOf(many)], [null, false, ['too_long']])
})

test('what is too long is written in families of settings, never of what changes something', () => {
  const buckets = Array.from({ length: 3 }, (_, at) => {
    return givenAws('aws_s3_bucket', { after: { bucket: `bucket-${at}` } })
  })
  const keys = Array.from({ length: 30 }, (_, at) => made(`queue-${at}`))
  const policy = derive([...buckets, ...keys])

  assert.ok((policy.document?.length ?? 0) <= SESSION_POLICY_CHARACTERS_MAX)
  assert.ok(policy.document?.includes('"s3:GetBucket*"'))
  assert.equal(policy.narrowed, true)
})
