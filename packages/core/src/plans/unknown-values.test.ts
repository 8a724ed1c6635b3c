import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNKNOWN, type Value } from '../value.ts'
import { isContradicted, restoreUnknown } from './unknown-values.ts'

test('undecided values stand where the tool left them out or wrote null', () => {
  const table: readonly (readonly [Value | undefined, Value, Value])[] = [
    [undefined, true, UNKNOWN],
    [null, true, UNKNOWN],
    [{ a: 1 }, { id: true }, { a: 1, id: UNKNOWN }],
    [{ a: null }, { a: true }, { a: UNKNOWN }],
    [
      ['10.0.0.0/8', null],
      [false, true],
      ['10.0.0.0/8', UNKNOWN],
    ],
    [['10.0.0.0/8'], [false, true], ['10.0.0.0/8', UNKNOWN]],
    [{ a: [{ b: 1 }, {}] }, { a: [{}, { c: true }] }, { a: [{ b: 1 }, { c: UNKNOWN }] }],
    [{}, { a: { b: { c: true } } }, { a: { b: { c: UNKNOWN } } }],
    [null, { a: [true] }, { a: [UNKNOWN] }],
    [null, {}, null],
    [{ a: 1 }, { a: false, b: {}, c: [false] }, { a: 1 }],
    [undefined, false, null],
  ]
  for (const [after, mask, expected] of table) {
    assert.deepEqual(restoreUnknown(after, mask), expected, JSON.stringify([after, mask]))
  }
})

test('a value that the mask contradicts is undecided, not believed', () => {
  assert.equal(restoreUnknown('open', true), UNKNOWN)
  assert.equal(restoreUnknown('text', { a: true }), UNKNOWN)
  assert.equal(restoreUnknown({ a: 1 }, [true]), UNKNOWN)
})

test('names of the prototype are no values', () => {
  assert.deepEqual(restoreUnknown({}, { constructor: true }), { constructor: UNKNOWN })
  assert.deepEqual(restoreUnknown({}, { toString: { a: true } }), { toString: { a: UNKNOWN } })
  const restored = restoreUnknown({}, JSON.parse('{"__proto__":true}'))
  assert.deepEqual(Object.entries(restored ?? {}), [['__proto__', UNKNOWN]])
})

test('a value where the mask says undecided is a contradiction', () => {
  const table: readonly (readonly [Value | undefined, Value, boolean])[] = [
    ['x', true, true],
    [null, true, false],
    [undefined, true, false],
    [{ a: 1 }, { a: true }, true],
    [{ a: null, b: 1 }, { a: true, b: false }, false],
    [['x', null], [false, true], false],
    [['x', 'y'], [false, true], true],
    ['x', { a: true }, true],
    ['x', { a: false }, false],
  ]
  for (const [value, mask, expected] of table) {
    assert.equal(isContradicted(value, mask), expected, JSON.stringify([value, mask]))
  }
})
