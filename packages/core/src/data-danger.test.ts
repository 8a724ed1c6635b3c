import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenResource } from '../../../test/fixtures/change-given.ts'
import { dataDangerOf } from './data-danger.ts'
import type { ResourceChange } from './plan.ts'

const STORES = new Set(['aws_db_instance', 'aws_s3_bucket', 'aws_kms_key'])
const stores = (type: string): boolean => STORES.has(type)

function database(edit: Partial<ResourceChange> = {}): ResourceChange {
  return givenResource({
    address: 'aws_db_instance.a',
    type: 'aws_db_instance',
    action: 'delete',
    before: { engine: 'postgres', skip_final_snapshot: true, delete_automated_backups: true },
    after: null,
    ...edit,
  })
}

const danger = (...resources: readonly ResourceChange[]) => dataDangerOf({ resources }, stores)

test('where no stored data is lost there is no danger to tell', () => {
  assert.equal(danger(database({ action: 'update' }), givenResource({ action: 'delete' })), null)
})

const gone = database()
const unsaid = database({ address: 'aws_db_instance.b', before: { engine: 'postgres' } })
const kept = database({ address: 'aws_db_instance.c', before: { skip_final_snapshot: false } })
const backups = database({
  address: 'aws_db_instance.d',
  before: { delete_automated_backups: false, backup_retention_period: 7 },
})
const delayed = database({
  address: 'aws_kms_key.e',
  type: 'aws_kms_key',
  before: { deletion_window_in_days: 7 },
})

test('the worst that the plan says leads, with how many it is said of', () => {
  const table: readonly (readonly [readonly ResourceChange[], string])[] = [
    [[gone], 'No snapshot and no backup remains.'],
    [[gone, gone], 'No snapshot and no backup remains.'],
    [[kept, gone], 'Of 1 of 2 no snapshot and no backup remains.'],
    [[unsaid, gone, gone], 'Of 2 of 3 no snapshot and no backup remains.'],
    [[kept, unsaid], 'The plan does not say whether a backup remains.'],
    [[kept, kept], 'A final snapshot is taken first.'],
    [[kept, backups], 'A snapshot or a backup of each remains.'],
    [[kept, delayed], 'A copy of each remains, or it can be taken back for a time.'],
  ]
  for (const [lost, words] of table) {
    assert.equal(danger(...lost)?.title, `Stored data will be deleted. ${words}`)
  }
})

test('what is lost for good stands first, then what is unsaid, then what is kept', () => {
  const found = danger(delayed, kept, unsaid, gone)

  assert.deepEqual(
    found?.items.map((item) => item.key),
    ['aws_db_instance.a', 'aws_db_instance.b', 'aws_kms_key.e', 'aws_db_instance.c'],
  )
})

test('a replacement says that an empty one takes its place', () => {
  const title = danger(database({ action: 'replace', after: {} }))?.title ?? ''

  assert.match(title, /^Stored data will be deleted, and an empty one takes its place\./)
})

test('five are named, and all are counted by type', () => {
  const buckets = Array.from({ length: 6 }, (_, at) =>
    database({ address: `aws_s3_bucket.b${at}`, type: 'aws_s3_bucket', before: {} }),
  )
  const found = danger(database(), ...buckets)

  assert.deepEqual(
    found?.items.map((item) => item.key),
    ['aws_db_instance.a', ...buckets.slice(0, 4).map((each) => each.address)],
  )
  assert.equal(found?.total, 7)
  assert.deepEqual(found?.types, [
    { type: 'aws_s3_bucket', count: 6 },
    { type: 'aws_db_instance', count: 1 },
  ])
})
