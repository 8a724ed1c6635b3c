import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDigest } from './ids.ts'
import {
  branded,
  byType,
  either,
  fields,
  flag,
  list,
  nothing,
  nullable,
  oneOf,
  optional,
  text,
  textMap,
  whole,
} from './shape.ts'

const HALF_PAIR = '\ud800'

test('text is a string of at most so many characters, by its pattern', () => {
  assert.equal(text(3).is('abc'), true)
  assert.equal(text(3).is('abcd'), false)
  assert.equal(text(3).is(1), false)
  assert.equal(text(3, /^a+$/).is('aaa'), true)
  assert.equal(text(3, /^a+$/).is('ab'), false)
})

test('half a surrogate pair is no text, neither as value nor as key', () => {
  assert.equal(text(9).is(HALF_PAIR), false)
  assert.equal(text(9).is('\u{1f600}'), true)
  assert.equal(textMap.is({ key: HALF_PAIR }), false)
  assert.equal(textMap.is({ [HALF_PAIR]: 'value' }), false)
})

test('whole numbers are those a double holds exactly, within their bounds', () => {
  for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, 1n])
    assert.equal(whole().is(value), false)
  assert.equal(whole().is(0), true)
  assert.equal(whole(1).is(0), false)
  assert.equal(whole(0, 5).is(5), true)
  assert.equal(whole(0, 5).is(6), false)
})

test('flags, nothing and choices are exactly those', () => {
  assert.equal(flag.is(true), true)
  assert.equal(flag.is(1), false)
  assert.equal(nothing.is(null), true)
  assert.equal(nothing.is(undefined), false)
  assert.equal(oneOf(['a', 1]).is(1), true)
  assert.equal(oneOf(['a', 1]).is('1'), false)
  assert.equal(oneOf(['a']).is('toString'), false)
})

test('what a parser does not accept is not of its brand', () => {
  const digest = branded(parseDigest, 'SHA-256')

  assert.equal(digest.is('a'.repeat(64)), true)
  assert.equal(digest.is('A'.repeat(64)), false)
  assert.equal(digest.is(`${'a'.repeat(64)}\n`), false)
  assert.equal(digest.is(null), false)
})

test('alternatives accept either and nothing else', () => {
  assert.equal(nullable(flag).is(null), true)
  assert.equal(nullable(flag).is(0), false)
  assert.equal(either(flag, whole()).is(3), true)
  assert.equal(either(flag, whole()).is('3'), false)
})

test('lists are of one shape throughout', () => {
  assert.equal(list(flag).is([true, false]), true)
  assert.equal(list(flag).is([true, 1]), false)
  assert.equal(list(flag).is({ length: 0 }), false)
})

test('maps of text are objects of strings', () => {
  assert.equal(textMap.is({ a: 'b' }), true)
  assert.equal(textMap.is({ a: 1 }), false)
  for (const value of [[], null, 'a', 1]) assert.equal(textMap.is(value), false)
})

test('an object has exactly its fields, as its own', () => {
  const point = fields({ x: whole(), y: whole() })

  assert.equal(point.is({ y: 1, x: 2 }), true)
  assert.equal(point.is({ x: 1 }), false)
  assert.equal(point.is({ x: 1, y: 2, z: 3 }), false)
  assert.equal(point.is({ x: 1, y: '2' }), false)
  assert.equal(point.is(Object.create({ x: 1, y: 2 })), false)
  assert.equal(fields({ toString: whole() }).is({ other: 1 }), false)
  assert.equal(point.is(JSON.parse('{"x":1,"__proto__":{"y":2}}')), false)
})

test('members are told apart by their type, and an unknown type is none of them', () => {
  const shape = byType({ circle: { radius: whole() }, dot: {} })

  assert.equal(shape.is({ type: 'circle', radius: 1 }), true)
  assert.equal(shape.is({ type: 'dot' }), true)
  for (const value of [
    { type: 'dot', radius: 1 },
    { type: 'square' },
    { type: 'constructor' },
    { radius: 1 },
    { type: ['dot'] },
    null,
  ])
    assert.equal(shape.is(value), false)
})

test('the schema says what the check does', () => {
  assert.deepEqual(fields({ name: text(3, /^a/), at: nullable(whole(1, 9)) }).schema, {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 3, pattern: '^a' },
      at: { anyOf: [{ type: 'integer', minimum: 1, maximum: 9 }, { type: 'null' }] },
    },
    required: ['name', 'at'],
    additionalProperties: false,
  })
})

test('an optional field may be absent, and is never something else', () => {
  const shape = fields({ a: flag, b: optional(text(3)) })

  assert.equal(shape.is({ a: true }), true)
  assert.equal(shape.is({ a: true, b: 'abc' }), true)
  for (const b of [null, undefined, 'abcd', 1]) assert.equal(shape.is({ a: true, b }), false)
  assert.equal(shape.is({ b: 'abc' }), false)
  assert.equal(shape.is({ a: true, c: 'abc' }), false)
  assert.equal(shape.is({ a: true, toString: 'abc' }), false)
  assert.deepEqual(shape.schema['required'], ['a'])
})
