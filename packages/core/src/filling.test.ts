import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALICE, BOB, CAROL, DAVE, givenAccess, givenSlot, HOUR, NOW } from '../test/given.ts'
import { fillingOf } from './filling.ts'

const access = givenAccess({
  proofs: {
    onCall: new Map([['payments', { tiers: [[DAVE], [ALICE]], until: NOW + HOUR }]]),
    delegations: [{ from: BOB, to: ALICE, team: 'dba', since: NOW - HOUR, until: NOW + HOUR }],
  },
})
const of = (person: typeof BOB, from: string, now = NOW) =>
  fillingOf(access, givenSlot(from), { person, openedAt: NOW - HOUR, now })

test('a member fills a slot by themselves, for no time and for nobody', () => {
  assert.deepEqual(of(CAROL, 'team:platform'), { onCallUntil: null, for: null })
})

test('who is on call fills it until the turn ends, in the tier that is asked', () => {
  assert.deepEqual(of(DAVE, 'oncall:payments'), { onCallUntil: NOW + HOUR, for: null })
  assert.deepEqual(of(ALICE, 'oncall:payments/2'), { onCallUntil: NOW + HOUR, for: null })
  assert.equal(of(ALICE, 'oncall:payments').onCallUntil, null)
  assert.equal(of(DAVE, 'oncall:payments', NOW + HOUR).onCallUntil, null)
})

test('who was lent the approvals of somebody fills it for them, until it ends', () => {
  assert.deepEqual(of(ALICE, 'team:dba'), { onCallUntil: null, for: BOB })
  assert.deepEqual(of(ALICE, 'team:dba', NOW + HOUR), { onCallUntil: null, for: null })
  assert.deepEqual(of(ALICE, 'team:sre'), { onCallUntil: null, for: null })
})
