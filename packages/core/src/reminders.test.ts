import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  ALICE,
  BOB,
  CAROL,
  givenAccess,
  givenApproved,
  givenChange,
  givenChangeId,
  givenEvaluated,
  givenReleasedChange,
  givenRequirement,
  givenSlot,
  HOUR,
  MINUTE,
  NOW,
} from '../test/given.ts'
import { sameEvaluation } from './change-start.ts'
import { follow, pendingEffects } from './effects.ts'
import { unfitProblem } from './event-fit.ts'
import { requirementDigest } from './passkey.ts'
import { remindedAt, reminderOf, wakesOf } from './reminders.ts'

const access = givenAccess()
const remindSeconds = [30 * 60, 2 * 60 * 60]
const slot = { ...givenSlot('team:dba'), remindSeconds }
const escalate = { afterSeconds: 60 * 60, to: ['team:sre'] }
const requirement = givenRequirement({ slots: [slot, givenSlot('team:platform')] })
const held = givenChange({ evaluated: { requirement } })
const evaluated = { type: 'evaluated', ...givenEvaluated({ requirement }) } as const
const change = givenChangeId()
const wake = (at: number) => ({ type: 'wake', change, at }) as const

test('who could fill what is open is reminded when it is time, and nobody else is', () => {
  const asked = (person: typeof BOB, now: number) => remindedAt(held, person, { access, now })

  assert.equal(asked(BOB, NOW + 30 * MINUTE - 1), null)
  assert.equal(asked(BOB, NOW + 30 * MINUTE), NOW + 30 * MINUTE)
  assert.equal(asked(BOB, NOW + 3 * HOUR), NOW + 2 * HOUR)
  assert.equal(asked(ALICE, NOW + 3 * HOUR), null)
  assert.equal(asked(CAROL, NOW + 3 * HOUR), null)
})

test('nobody is reminded of a slot that is filled, nor of a change that is not held', () => {
  const about = { access, now: NOW + 3 * HOUR }
  const filled = givenChange({ evaluated: { requirement }, after: [givenApproved(BOB)] })

  assert.equal(remindedAt(filled, BOB, about), null)
  assert.equal(remindedAt(givenReleasedChange({ evaluated: { requirement } }), BOB, about), null)
})

test('the reminder that is told of is the last that was due, else the first to come', () => {
  const at = (now: number) => reminderOf(slot, { openedAt: NOW, now })

  assert.deepEqual(at(NOW), { at: NOW + 30 * MINUTE, isDue: false })
  assert.deepEqual(at(NOW + HOUR), { at: NOW + 30 * MINUTE, isDue: true })
  assert.deepEqual(at(NOW + 2 * HOUR), { at: NOW + 2 * HOUR, isDue: true })
  assert.equal(reminderOf(givenSlot('team:dba'), { openedAt: NOW, now: NOW }), null)
})

test('a hold wakes at every reminder and escalation, each time once', () => {
  const slots = [
    { ...slot, escalate },
    { ...givenSlot('team:platform'), remindSeconds: [60 * 60] },
  ]

  assert.deepEqual(
    wakesOf(givenChange({ evaluated: { requirement: { ...requirement, slots } } })),
    [NOW + 30 * MINUTE, NOW + HOUR, NOW + 2 * HOUR],
  )
})

test('an evaluation that holds sets the timers that no earlier one has set', () => {
  const timers = (before: typeof held | null, at: number) =>
    follow(evaluated, { before, after: held, at }).filter(({ type }) => type === 'wake')

  assert.deepEqual(timers(null, NOW), [wake(NOW + 30 * MINUTE), wake(NOW + 2 * HOUR)])
  assert.deepEqual(timers(null, NOW + HOUR), [wake(NOW + 2 * HOUR)])
  assert.deepEqual(timers(held, NOW), [])
  const fewer = { ...requirement, slots: [{ ...slot, remindSeconds: [30 * 60] }] }
  assert.deepEqual(timers(givenChange({ evaluated: { requirement: fewer } }), NOW), [
    wake(NOW + 2 * HOUR),
  ])
  const pending = pendingEffects(held, NOW + HOUR).filter(({ type }) => type === 'wake')
  assert.deepEqual(pending, [wake(NOW + 2 * HOUR)])
})

test('a reminder is in the log, and neither in what people sign nor in what a start compares', () => {
  const plain = givenRequirement({ slots: [givenSlot('team:dba'), givenSlot('team:platform')] })
  const digests = [plain, requirement].map((each) => requirementDigest(each, nodePrimitives))

  assert.equal(digests[0], digests[1])
  assert.equal(unfitProblem(evaluated), null)
  assert.equal(sameEvaluation(evaluated, givenEvaluated({ requirement: plain })), true)
})
