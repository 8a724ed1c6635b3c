import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { headline, kindOf, sortByDanger } from './headline.ts'
import { summarise } from './plan.ts'

const WORDS = {
  create: ['create'],
  update: ['update'],
  replace: ['delete', 'create'],
  delete: ['delete'],
  read: ['read'],
  forget: ['forget'],
  noop: ['no-op'],
  unknown: ['teleport'],
} as const

function given(counts: Partial<Record<keyof typeof WORDS, number>>, type = 'terraform_data') {
  const entries = Object.entries(counts).flatMap(([action, count]) =>
    Array.from({ length: count }, (_, index) =>
      givenEntry(
        { actions: WORDS[action as keyof typeof WORDS] },
        { address: `${type}.${action}${index}`, type },
      ),
    ),
  )
  return givenPlan({ resource_changes: entries })
}

function say(plan: ReturnType<typeof given>): string {
  return headline(plan, summarise(plan))
}

test('what is destroyed comes first, in words', () => {
  const database = givenEntry({ actions: ['delete'] }, { address: 'x.y', type: 'aws_db_instance' })
  const rest = [givenEntry({ actions: ['delete', 'create'] }, { type: 'terraform_data' })]
  const updates = [1, 2, 3].map((n) =>
    givenEntry({}, { address: `u.${n}`, type: 'terraform_data' }),
  )

  const plan = givenPlan({ resource_changes: [...updates, database, ...rest] })

  assert.equal(say(plan), 'Deletes a database, replaces 1 resource, updates 3')
})

test('beyond three kinds the rest is a number', () => {
  const plan = given({ delete: 2, replace: 1, forget: 1, create: 40, update: 1 })

  assert.equal(say(plan), 'Deletes 2 resources, replaces 1, forgets 1, and 41 more')
})

test('each kind of plan has its sentence', () => {
  const moved = [1, 2].map((n) =>
    givenEntry({ actions: ['no-op'] }, { address: `m.${n}`, previous_address: `o.${n}` }),
  )
  const imported = givenEntry(
    { actions: ['no-op'], importing: { id: 'i' } },
    { type: 'aws_s3_bucket' },
  )
  const output = { actions: ['update'], before: 1, after: 2 }
  const invocation = { address: 'action.x' }

  assert.equal(say(givenPlan({ resource_changes: moved })), 'Moves 2 resources, changes none')
  assert.equal(say(givenPlan({ resource_changes: [imported] })), 'Imports a bucket, changes none')
  assert.equal(say(givenPlan({ output_changes: { a: output, b: output } })), 'Changes 2 outputs')
  assert.equal(say(givenPlan()), 'Changes nothing')
  assert.equal(say(given({ noop: 3 })), 'Changes nothing')
  assert.equal(say(given({ read: 2 })), 'Reads 2 data sources, changes none')
  assert.equal(
    say(given({ unknown: 1, create: 2 })),
    'Does something unknown to 1 resource, creates 2',
  )
  assert.equal(say(givenPlan({ action_invocations: [invocation] })), 'Invokes 1 action')
  const deferred = [{ reason: 'unknown', resource_change: givenEntry() }]
  assert.equal(say(givenPlan({ deferred_changes: deferred })), 'Puts off 1 resource')
  assert.equal(say(given({ create: 1 }, 'aws_sqs_queue')), 'Creates a queue')
})

test('common types have a noun, others are resources', () => {
  const types = [
    'aws_db_instance',
    'google_sql_database_instance',
    'aws_s3_bucket',
    'aws_sqs_queue',
    'aws_security_group',
    'aws_security_group_rule',
    'aws_iam_role',
    'aws_iam_role_policy',
    'random_id',
  ]

  const nouns = types.map(kindOf)

  assert.deepEqual(nouns, [
    'a database',
    'a database',
    'a bucket',
    'a queue',
    'a security group',
    'a security group rule',
    'a role',
    null,
    null,
  ])
})

test('rows are sorted by danger, action and address', () => {
  const plan = givenPlan({
    resource_changes: [
      givenEntry({ actions: ['create'] }, { address: 'c.1' }),
      givenEntry({ actions: ['delete'] }, { address: 'd.2' }),
      givenEntry({ actions: ['delete'] }, { address: 'd.1' }),
      givenEntry({ actions: ['delete'] }, { address: 'd.1', deposed: 'x' }),
      givenEntry({ actions: ['delete', 'create'] }, { address: 'r.1', type: 'aws_db_instance' }),
      givenEntry({ actions: ['teleport'] }, { address: 'u.1' }),
      givenEntry({ actions: ['no-op'] }, { address: 'n.1' }),
    ],
  })

  const sorted = sortByDanger(plan.resources, (type) => type === 'aws_db_instance')

  const names = sorted.map(({ address, deposed }) => `${address}${deposed ?? ''}`)
  assert.deepEqual(names, ['r.1', 'd.1', 'd.1x', 'd.2', 'u.1', 'c.1', 'n.1'])
})

test('a program that runs is said, whatever else there is to say', () => {
  const runs = {
    resource: 'terraform_data.create0',
    type: 'local-exec',
    when: '',
    config: null,
    reads: [],
  }
  const several = { create: 3, delete: 1, replace: 1, update: 2, forget: 1 }
  const withPrograms = (counts: Parameters<typeof given>[0], more: readonly object[]) =>
    say({ ...given(counts), provisioners: more as never })

  assert.equal(withPrograms({ create: 3 }, [runs]), 'Creates 3 resources, and runs 1 program')
  assert.match(withPrograms(several, [runs, runs]), /, and 5 more, and runs 2 programs$/)
  const idle = { ...runs, resource: 'terraform_data.noop0' }
  assert.equal(withPrograms({ create: 1, noop: 1 }, [idle]), 'Creates 1 resource')
})
