import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenResource } from '../../../test/fixtures/change-given.ts'
import { dataDangerOf } from './data-danger.ts'
import type { ResourceChange } from './plan.ts'

const stores = (type: string): boolean => type === 'aws_db_instance' || type === 'aws_s3_bucket'

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

test('that nothing remains is said only where the plan says it of every one', () => {
  const gone = database()
  const unsaid = database({ address: 'aws_db_instance.b', before: { engine: 'postgres' } })

  assert.equal(
    danger(gone)?.title,
    'Stored data will be deleted. No snapshot and no backup remains.',
  )
  assert.equal(
    danger(gone, unsaid)?.title,
    'Stored data will be deleted. The plan does not say whether a backup remains.',
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
