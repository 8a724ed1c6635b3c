import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPlan, givenResource } from '../../../test/fixtures/change-given.ts'
import { opaqueInPlan } from './plan-opaque.ts'
import { Hidden, UNKNOWN } from './value.ts'

const secret = (letter: string) => new Hidden(letter.repeat(64), 'tool')

test('a place that is hidden or undecided counts once, whichever side hides it', () => {
  const update = givenResource({
    action: 'update',
    before: { password: secret('a'), gone: secret('c'), url: 'x' },
    after: { password: secret('b'), url: UNKNOWN, list: [secret('d')] },
  })
  const still = givenResource({ address: 'a.still', action: 'noop', after: { key: secret('e') } })

  assert.deepEqual(opaqueInPlan(givenPlan([update, still])), { hidden: 3, unknown: 1 })
})

test('outputs count too', () => {
  const [before, after] = [null, secret('a')]
  const masks = { beforeSensitive: false, afterSensitive: true, afterUnknown: false } as const
  const output = { name: 'token', action: 'create', actions: ['create'], ...masks } as const

  const plan = givenPlan([], { outputs: [{ ...output, before, after, extra: {} }] })

  assert.deepEqual(opaqueInPlan(plan), { hidden: 1, unknown: 0 })
})
