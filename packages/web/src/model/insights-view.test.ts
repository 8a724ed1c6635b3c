import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  countTicks,
  readingFinding,
  ruleFinding,
  timeFinding,
  timeTicks,
  verdictFinding,
} from './insights-view.ts'

const total = (allow: number, hold: number, deny: number) => ({
  allow,
  hold,
  deny,
  decided: 0,
  medianMs: null,
  p90Ms: null,
})
const rule = (holds: number, rejected: number, decided = holds) => ({
  rule: 'dns',
  holds,
  rejected,
  decided,
})

test('the title of a chart is its finding', () => {
  assert.equal(verdictFinding(total(0, 0, 0)).title, 'No change was evaluated in these weeks')
  assert.equal(verdictFinding(total(1932, 210, 18)).title, '9 of 10 changes were allowed at once')
  assert.equal(verdictFinding(total(4, 3, 0)).title, '4 of 7 changes were allowed at once')
  assert.equal(verdictFinding(total(10, 90, 0)).title, '9 of 10 changes were held for people')
  assert.equal(verdictFinding(total(0, 3, 0)).title, 'Every change waited for people')
  assert.equal(
    timeFinding({ ...total(0, 3, 0), decided: 3, medianMs: 540_000 }).title,
    'Half of all holds are decided within 9 min',
  )
  assert.equal(
    readingFinding({
      decisions: 412,
      fast: 7,
      stated: 0,
      unopened: 0,
      night: 0,
      fastRule: null,
      busiest: [],
    }).title,
    '7 of 412 decisions took under five seconds',
  )
})

test('a share is never rounded up to all or down to none', () => {
  assert.equal(verdictFinding(total(999, 1, 0)).title, '9 of 10 changes were allowed at once')
})

test('a rule that is never rejected is found only once it was decided often', () => {
  assert.equal(ruleFinding([rule(61, 0)]).title, 'One rule has not been rejected once in 61 holds')
  assert.equal(ruleFinding([rule(9, 0)]).title, 'No rule held often enough yet to tell')
  assert.equal(ruleFinding([rule(61, 0, 3)]).title, 'No rule held often enough yet to tell')
  assert.equal(ruleFinding([rule(61, 2)]).title, 'Whatever holds often was also rejected')
  assert.equal(ruleFinding([]).title, 'No rule held anything')
})

test('an axis has round steps and reaches what it shows', () => {
  assert.deepEqual(countTicks(197), [0, 100, 200])
  assert.deepEqual(countTicks(1), [0, 1])
  assert.deepEqual(countTicks(7), [0, 5, 10])
  assert.deepEqual(timeTicks(130 * 60_000), [0, 3_600_000, 7_200_000, 10_800_000])
  assert.deepEqual(timeTicks(900), [0, 1_000])
})
