import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  givenAccess,
  givenApproved,
  givenChange,
  givenContext,
  givenEvaluated,
  givenReleased,
  givenReleasedChange,
  givenRequirement,
  givenSlot,
  HOUR,
  MINUTE,
  NOW,
} from '../test/given.ts'
import { dueAt, missingSlots, questionOf, releaseOf } from './release.ts'

const context = { now: NOW + MINUTE, access: givenAccess() }

test('an evaluation that denies or that never came releases nothing', () => {
  assert.equal(releaseOf(givenChange({ evaluated: null }), context), null)
  assert.equal(releaseOf(givenChange({ evaluated: { verdict: 'deny' } }), context), null)
})

test('a deny releases nothing, whatever was approved and whomever it asks', () => {
  const deny = givenEvaluated({ verdict: 'deny', requirement: givenRequirement() })
  const change = givenChange({ after: [givenApproved(BOB), { type: 'evaluated', ...deny }] })

  assert.equal(releaseOf(change, context), null)
})

test('an allow lasts from when the rules were read', () => {
  const change = givenChange({ evaluated: { verdict: 'allow', allowForSeconds: 120 } })

  assert.deepEqual(releaseOf(change, context), {
    type: 'released',
    by: 'allow',
    until: NOW + 2 * MINUTE,
  })
})

test('approvals release from when the last of them came', () => {
  const change = givenChange({ after: [givenApproved(BOB)] })

  assert.deepEqual(releaseOf(change, context), givenReleased(NOW + MINUTE + HOUR))
})

test('a hold with nobody to ask, or somebody missing, releases nothing', () => {
  assert.equal(releaseOf(givenChange(), context), null)
  assert.equal(releaseOf(givenChange({ evaluated: { requirement: null } }), context), null)
})

test('a release is never longer than the one that was evaluated again', () => {
  const change = givenReleasedChange({ after: [{ type: 'evaluated', ...givenEvaluated() }] })

  assert.equal(change.releaseCap, NOW + HOUR)
  assert.deepEqual(releaseOf(change, context), givenReleased(NOW + HOUR))
})

test('a hold is due at its requirement’s end, a release at its own, and none after the plan', () => {
  assert.equal(dueAt(givenChange()), NOW + 4 * HOUR)
  assert.equal(dueAt(givenReleasedChange()), NOW + HOUR)
  assert.equal(dueAt(givenChange({ evaluated: null })), NOW + 24 * HOUR)
  const short = { expiresAt: NOW + MINUTE }
  assert.equal(dueAt(givenChange({ opened: short })), NOW + MINUTE)
  assert.equal(dueAt(givenReleasedChange({ opened: short })), NOW + MINUTE)
})

test('a change that asks nobody has no question and misses nobody', () => {
  const change = givenChange({ evaluated: { verdict: 'allow' } })

  assert.equal(questionOf(change, NOW), null)
  assert.deepEqual(missingSlots(change, givenContext()), [])
})

test('what is missing is what its slots still ask for', () => {
  const requirement = givenRequirement({ slots: [givenSlot('team:platform', 2)] })
  const change = givenChange({ evaluated: { requirement }, after: [givenApproved(BOB)] })

  assert.deepEqual(missingSlots(change, givenContext()), [givenSlot('team:platform', 1)])
})
