import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countSkip, newTotals, reasonLines, totalsLine } from './totals.ts'

test('the totals are one plain line', () => {
  const totals = { ...newTotals(), passed: 12, failed: 1, skipped: 3 }

  assert.equal(totalsLine(totals), '12 passed, 1 failed, 3 skipped')
})

test('a skip with a reason is counted, and its reason is printed once', () => {
  const totals = newTotals()
  const skip = { name: 'a', reason: 'PostgreSQL is not installed', strict: false }

  assert.equal(countSkip(totals, skip), 'skipped')
  assert.equal(countSkip(totals, { ...skip, name: 'b' }), 'skipped')

  assert.deepEqual(reasonLines(totals), ['skipped 2: PostgreSQL is not installed'])
  assert.equal(totals.failed, 0)
})

test('a skip without a reason is a failure', () => {
  const totals = newTotals()

  assert.equal(countSkip(totals, { name: 'a', reason: null, strict: false }), 'failed')
  assert.equal(totals.failed, 1)
})

test('in a strict run a missing database, browser or tool is a failure, other reasons are not', () => {
  const totals = newTotals()
  for (const reason of ['no PostgreSQL', 'Chromium is missing', 'terraform is not on the path']) {
    assert.equal(countSkip(totals, { name: 'a', reason, strict: true }), 'failed')
  }

  assert.equal(
    countSkip(totals, { name: 'b', reason: 'the corpus is not here', strict: true }),
    'skipped',
  )
  assert.deepEqual([totals.failed, totals.skipped], [3, 1])
})
