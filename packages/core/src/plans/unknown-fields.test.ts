import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenResource } from '../../../../test/fixtures/change-given.ts'
import { phraseText } from '../phrase.ts'
import { unknownFieldsOf, unknownFieldsWords } from './unknown-fields.ts'

const given = (...names: readonly string[]) =>
  givenResource({ extra: Object.fromEntries(names.map((name) => [name, 1])) })

test('a field that no tool documents is told, in order', () => {
  const change = given('zap', 'change.blast', 'Details', 'old.outputs', 'change.after_identity')

  assert.deepEqual(unknownFieldsOf(change), ['change.blast', 'zap'])
  assert.deepEqual(unknownFieldsWords(change), [
    { kind: 'text', text: '2 fields this version does not know: ' },
    { kind: 'data', text: 'change.blast, zap' },
  ])
})

test('a field of a known name whose value could not be read is told too', () => {
  assert.deepEqual(unknownFieldsOf(given('Action', 'change.actions')), ['Action', 'change.actions'])
})

test('where every field is known nothing is said', () => {
  assert.deepEqual(unknownFieldsWords(given('PhysicalResourceId', 'new.parent', 'steps')), [])
})

test('beyond ten the rest is counted', () => {
  const names = Array.from({ length: 12 }, (_, at) => `f${at + 10}`)

  assert.equal(
    phraseText(unknownFieldsWords(given(...names))),
    '12 fields this version does not know: f10, f11, f12, f13, f14, f15, f16, f17, f18, f19 and 2 more',
  )
})
