import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPlan, givenResource } from '../../../test/fixtures/change-given.ts'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { phraseText } from './phrase.ts'
import type { ResourceChange } from './plan.ts'
import { differentWords, planDifference } from './plan-difference.ts'
import { Hidden, UNKNOWN, type Value } from './value.ts'

function difference(before: readonly ResourceChange[], after: readonly ResourceChange[]) {
  return planDifference(givenPlan(before), givenPlan(after), {
    primitives,
    storesData: (type) => type === 'aws_db_instance',
  })
}

function updated(after: Value): ResourceChange {
  return givenResource({ address: 'a.b', action: 'update', before: { size: 4 }, after })
}

test('what is new, different and gone stand apart, each with the worst first', () => {
  const kept = givenResource({ address: 'a.kept' })
  const small = givenResource({ address: 'a.small', action: 'delete', after: null })
  const data = givenResource({
    address: 'z.data',
    type: 'aws_db_instance',
    action: 'delete',
    after: null,
  })

  const found = difference([kept, updated({ size: 6 }), small], [updated({ size: 8 }), kept, data])
  const turned = difference([], [small, data])

  assert.deepEqual(
    [found.added, found.gone].map((list) => list.map(({ address }) => address)),
    [['z.data'], ['a.small']],
  )
  assert.deepEqual(
    found.different.map(({ now }) => now.address),
    ['a.b'],
  )
  assert.deepEqual([found.same, found.sameButHidden], [1, 0])
  assert.deepEqual(
    turned.added.map(({ address }) => address),
    ['z.data', 'a.small'],
  )
})

test('hidden values of two changes never make a difference, and that is said', () => {
  const secret = (token: string) => updated({ size: 4, pin: new Hidden(token.repeat(64), 'tool') })

  const found = difference([secret('a')], [secret('b')])

  assert.deepEqual(found, { added: [], different: [], gone: [], same: 1, sameButHidden: 1 })
})

test('a difference is told by its first value, and how many more there are', () => {
  const words = (was: Value, now: Value): string => {
    return phraseText(differentWords({ was: updated(was), now: updated(now) }))
  }

  assert.equal(words({ size: 6 }, { size: 8 }), 'size was 4 → 6, is now 4 → 8')
  assert.equal(words({ size: 6 }, { size: UNKNOWN }), 'size was 4 → 6, is now 4 → decided at apply')
  assert.equal(
    words({ size: 4 }, { size: 4, new: 'x'.repeat(50) }),
    `new did not change, is now absent → ${'x'.repeat(40)}…`,
  )
  assert.equal(
    words({ size: 6, a: 1 }, { size: 8, a: 2 }),
    'a was absent → 1, is now absent → 2 and 1 more',
  )
})
