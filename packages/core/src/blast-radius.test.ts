import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPlan as givenEmptyPlan } from '../../../test/fixtures/plan-given.ts'
import { givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { type BlastRadius, blastRadius } from './blast-radius.ts'
import type { Plan } from './plan.ts'

type Fields = Readonly<Record<string, unknown>>

const storesData = (type: string) => type === 'aws_db_instance'

function radius(plan: Plan): BlastRadius {
  return blastRadius(plan, storesData)
}

function entry(address: string, change: Fields, fields: Fields = {}): Fields {
  const type = /([a-z0-9_]+)\.[^.]+$/.exec(address)?.[1] ?? ''
  return givenEntry(change, { address, type, ...fields })
}

test('what reads from something destroyed is named, and whether that is all', () => {
  const address = (name: string) => `aws_db_instance.${name}`
  const plan = givenEmptyPlan({
    resources: givenPlan({
      resource_changes: [
        entry(address('gone'), { actions: ['delete'] }),
        entry(address('made anew'), { actions: ['delete', 'create'] }),
        entry(address('also gone'), { actions: ['delete'] }),
        entry(address('reads'), { actions: ['no-op'] }),
        entry(address('old'), { actions: ['delete'] }, { deposed: '00000001' }),
      ],
    }).resources,
    references: [
      { from: address('reads'), to: address('gone'), attribute: 'a' },
      { from: address('reads'), to: address('gone'), attribute: 'b' },
      { from: address('reads'), to: address('made anew'), attribute: 'c' },
      { from: address('also gone'), to: address('gone'), attribute: 'd' },
      { from: address('made anew'), to: address('gone'), attribute: 'e' },
      { from: address('gone'), to: address('reads'), attribute: 'f' },
      { from: address('reads'), to: address('old'), attribute: 'g' },
    ],
    referencesCut: true,
  })

  const { dependents, dependentsWhole, stored, changing } = radius(plan)

  assert.deepEqual(dependents, [
    { address: address('reads'), reads: [address('gone'), address('made anew')] },
    { address: address('made anew'), reads: [address('gone')] },
  ])
  assert.deepEqual([dependentsWhole, changing], [false, 4])
  assert.deepEqual(stored, [{ name: 'aws_db_instance', count: 4 }])
})

test('modules are told with their source, accounts and regions as they are named', () => {
  const arn = (region: string, account: string) => `arn:aws:sqs:${region}:${account}:q`
  const values = {
    arn: arn('eu-central-1', '123456789012'),
    tags: { a: arn('us-1', '000000000000') },
  }
  const plan = givenPlan({
    resource_changes: [
      entry(
        'module.a["x"].aws_sqs_queue.q',
        { before: values, after: values },
        { module_address: 'module.a["x"]' },
      ),
      entry('aws_sqs_queue.r', {
        actions: ['create'],
        before: null,
        after: { region: 'eu-west-1' },
      }),
      entry('aws_sqs_queue.still', {
        actions: ['no-op'],
        before: { region: 'x' },
        after: { region: 'x' },
      }),
    ],
    configuration: {
      provider_config: {
        aws: { name: 'aws', expressions: { region: { constant_value: 'eu-central-1' } } },
        other: { name: 'aws', expressions: { region: { references: ['var.region'] } } },
      },
      root_module: { module_calls: { a: { source: './queue', version_constraint: '~> 1.2' } } },
    },
  })

  const { modules, places } = radius(plan)

  assert.deepEqual(modules, [
    { address: '', source: null, version: null, count: 1 },
    { address: 'module.a["x"]', source: './queue', version: '~> 1.2', count: 1 },
  ])
  assert.deepEqual(places, {
    providers: [{ provider: 'aws', region: 'eu-central-1', account: null }],
    accounts: [{ name: '123456789012', count: 1 }],
    regions: [
      { name: 'eu-central-1', count: 1 },
      { name: 'eu-west-1', count: 1 },
    ],
  })
})
