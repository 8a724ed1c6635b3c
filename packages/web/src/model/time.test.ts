import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ago, clock, duration, exactDuration, left, moment, nextTickMs } from './time.ts'

const now = Date.UTC(2026, 10, 25, 2, 36)
const when = { now, zone: 'UTC' }

test('durations have seconds only in the last two minutes', () => {
  assert.equal(duration(95_000), '95 s')
  assert.equal(duration(41 * 60_000), '41 min')
  assert.equal(duration((3 * 60 + 38) * 60_000), '3 h 38 min')
  assert.equal(duration((6 * 60 + 2) * 60_000), '6 h 02 min')
  assert.equal(duration(28 * 3_600_000), '1 d 4 h')
  assert.equal(duration(-5), '0 s')
})

test('what is left is rounded up to the minute, but for the last two', () => {
  assert.equal(left(24 * 3_600_000 - 2_000), '1 d')
  assert.equal(left(24 * 3_600_000 - 900_000), '1 d')
  assert.equal(left(23 * 3_600_000 - 2_000), '23 h')
  assert.equal(left(3 * 3_600_000 - 200_000), '2 h 57 min')
  assert.equal(left(4 * 3_600_000 - 2_000), '4 h')
  assert.equal(left(95_000), '95 s')
})

test('what ended is told to the second', () => {
  assert.equal(exactDuration(192_000), '3 min 12 s')
  assert.equal(exactDuration(41_000), '41 s')
})

test('a time is a clock time today and a day before that', () => {
  assert.equal(moment(now - 3_600_000, when), '01:36')
  assert.equal(moment(now - 3 * 3_600_000, when), 'yesterday 23:36')
  assert.equal(moment(now - 7 * 86_400_000, when), '18 November 02:36')
  assert.equal(moment(now - 400 * 86_400_000, when), '21 October 2025 02:36')
})

test('times follow the reader’s zone', () => {
  assert.equal(clock(now, { now, zone: 'Europe/Berlin' }), '03:36')
})

test('something that just happened is not counted in seconds', () => {
  assert.equal(ago(now - 500, when), 'just now')
  assert.equal(ago(now - 4_000, when), '4 s ago')
})

test('texts tick by the second only near an end', () => {
  assert.equal(nextTickMs(now + 60_000, now), 1000)
  assert.ok(nextTickMs(now + 3_600_000, now) > 1000)
  assert.ok(nextTickMs(null, now) > 1000)
})
