import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenResource } from '../../../test/fixtures/change-given.ts'
import { diffResource } from './attribute-diff.ts'
import { Hidden, UNKNOWN, type Value } from './value.ts'
import { attributeTitle, labelWithin, lookOf, noteText, splitDifference } from './value-look.ts'

function rowsFor(before: Value, after: Value) {
  return diffResource(
    givenResource({
      address: 'a.b',
      type: 'a',
      action: 'update',
      before: { x: before },
      after: { x: after },
    }),
  ).rows
}

function lookFor(before: Value, after: Value) {
  const [row] = rowsFor(before, after)
  if (row === undefined) throw new Error('nothing differs')
  return lookOf(row)
}

test('a short value is shown on one line, old before new', () => {
  assert.deepEqual(lookFor(4, 6), { kind: 'inline', old: '4', now: '6' })
})

test('a long value is shown on two lines with only what differs marked', () => {
  const look = lookFor(
    `registry.acme.internal/team/ledger:2026.11.3`,
    `registry.acme.internal/team/ledger:2026.11.4`,
  )
  assert.equal(look.kind, 'two_lines')
  assert.equal(look.kind === 'two_lines' ? look.old.part : null, '3')
  assert.equal(look.kind === 'two_lines' ? look.now.part : null, '4')
})

test('a difference never splits a character', () => {
  assert.deepEqual(splitDifference('a😀c', 'a😁c').old, { before: 'a', part: '😀', after: 'c' })
  assert.deepEqual(splitDifference('aa', 'aaa').now, { before: 'aa', part: 'a', after: '' })
})

test('a hidden value says whether it changes, and never a length', () => {
  const one = new Hidden('1'.repeat(64), 'tool')
  const two = new Hidden('2'.repeat(64), 'detection')
  assert.deepEqual(lookFor(one, two), { kind: 'hidden', text: 'changed, hidden', by: 'detection' })
  assert.deepEqual(lookFor(one, one), { kind: 'hidden', text: 'same, hidden', by: 'tool' })
  assert.deepEqual(lookFor(null, one), { kind: 'hidden', text: 'set, hidden', by: 'tool' })
})

test('what is decided at apply is not shown as removed', () => {
  assert.deepEqual(lookFor('arn:1', UNKNOWN), { kind: 'unknown', old: 'arn:1' })
})

test('a text of several lines is compared line by line', () => {
  assert.equal(lookFor('one\ntwo', 'one\nthree').kind, 'lines')
})

test('what is empty stays visible', () => {
  assert.deepEqual(lookFor('', 'x'), { kind: 'inline', old: '""', now: 'x' })
})

test('differences of form alone say so', () => {
  const [formatting] = rowsFor('{"a":1}', '{ "a": 1 }')
  assert.equal(formatting === undefined ? null : noteText(formatting), 'Only formatting differs.')
})

test('a row says which part of its attribute it is, and a hidden whole is all of it', () => {
  const [row] = rowsFor({ b: 1 }, { b: 2 })
  assert.ok(row !== undefined)

  assert.equal(labelWithin(row, 'x'), 'b')
  assert.equal(labelWithin(row, 'x.b'), null)
  assert.equal(labelWithin(row, 'c'), 'x.b')
  assert.deepEqual([attributeTitle(''), attributeTitle('a')], ['all of it', 'a'])
})
