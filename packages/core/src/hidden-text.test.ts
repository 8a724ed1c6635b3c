import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeMarkers, hasMarker, hideParts, mapMarkers, mergeRanges } from './hidden-text.ts'
import { Hidden } from './value.ts'

const TOKEN = 'a'.repeat(64)
const hide = (): Hidden => new Hidden(TOKEN, 'detection')

test('a hidden part stands in its text as a marker with its whole token', () => {
  const text = hideParts(
    'a SECRET b SECRET',
    [
      { start: 2, end: 8 },
      { start: 11, end: 17 },
    ],
    hide,
  )

  assert.equal(text, `a (hidden:${TOKEN}) b (hidden:${TOKEN})`)
  assert.equal(hasMarker(text), true)
})

test('text of the plan never becomes a marker', () => {
  const forged = `(hidden:${TOKEN}) (hidden:(sensitive)) (hidden::x)`

  const escaped = escapeMarkers(forged)

  assert.equal(escaped, `(hidden::${TOKEN}) (hidden::(sensitive)) (hidden:::x)`)
  assert.equal(hasMarker(escaped), false)
  assert.equal(
    mapMarkers(escaped, () => 'x'),
    escaped,
  )
  assert.equal(
    hideParts(`(hidden:S${TOKEN})`, [{ start: 8, end: 9 }], hide),
    `(hidden::(hidden:${TOKEN})${TOKEN})`,
  )
})

test('tokens in markers can be exchanged', () => {
  const text = `x (hidden:${TOKEN}) y (hidden:(sensitive))`

  assert.equal(
    mapMarkers(text, (token) => token.slice(0, 4)),
    'x (hidden:aaaa) y (hidden:(sen)',
  )
})

test('ranges that touch or overlap become one', () => {
  const ranges = [
    { start: 5, end: 9 },
    { start: 0, end: 3 },
    { start: 2, end: 5 },
    { start: 11, end: 12 },
  ]

  assert.deepEqual(mergeRanges(ranges), [
    { start: 0, end: 9 },
    { start: 11, end: 12 },
  ])
})
