import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { givenPlan, givenResource } from '../../../test/fixtures/change-given.ts'
import { comparePlans } from './render-compare.ts'

const service = (count: number) =>
  givenResource({
    address: 'aws_ecs_service.app',
    action: 'update',
    before: { desired_count: 4 },
    after: { desired_count: count },
  })
const subnets = givenResource({
  address: 'aws_db_subnet_group.reporting',
  action: 'delete',
  after: null,
})
const bucket = givenResource({ address: 'aws_s3_bucket.logs' })

function compare(before: Parameters<typeof givenPlan>[0], after: typeof before) {
  return comparePlans(givenPlan(before), givenPlan(after), nodePrimitives)
}

test('what is new comes worst first, then what differs with both values', () => {
  assert.deepEqual(compare([service(6), bucket], [bucket, service(8), subnets]), [
    '+ now also deletes aws_db_subnet_group.reporting',
    '~ aws_ecs_service.app  desired_count was 4 → 6, is now 4 → 8',
    'the other 1 change is identical',
  ])
})

test('what is no longer done is said too', () => {
  assert.deepEqual(compare([bucket, subnets], [bucket]), [
    '- no longer deletes aws_db_subnet_group.reporting',
    'the other 1 change is identical',
  ])
})

test('another action on the same resource is named', () => {
  const gone = givenResource({ ...service(6), action: 'delete', actions: ['delete'], after: null })

  assert.deepEqual(compare([service(6)], [gone]), [
    '~ aws_ecs_service.app  the first plan updates it, this one deletes it',
  ])
})

test('beyond what fits the rest is counted', () => {
  const many = Array.from({ length: 20 }, (_, index) =>
    givenResource({ address: `a.new${index + 10}` }),
  )

  const lines = compare([], many)

  assert.equal(lines.length, 9)
  assert.equal(lines.at(-1), 'and 12 more differences')
})
