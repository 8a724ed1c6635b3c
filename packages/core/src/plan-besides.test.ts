import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPlan } from '../../../test/fixtures/change-given.ts'
import { planWarnings } from './plan-besides.ts'

test('checks that fail are told, those that pass or are not decided are not', () => {
  const check = (address: string, status: 'pass' | 'fail' | 'error' | 'unknown') => {
    return { address, kind: 'check', status }
  }
  const plan = givenPlan([])

  const checks = [
    check('a', 'pass'),
    check('b', 'fail'),
    check('c', 'unknown'),
    check('d', 'error'),
  ]

  assert.deepEqual(planWarnings(plan), [])
  assert.deepEqual(planWarnings({ ...plan, checks }), [
    'A check of the configuration fails: b and 1 more.',
  ])
})
