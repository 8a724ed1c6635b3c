import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  givenAccess,
  givenActor,
  givenChange,
  givenChangeId,
  givenContext,
  givenDecide,
  givenDecision,
  givenEvaluated,
  givenOpened,
  givenQuestion,
  givenRequirement,
  givenSlot,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
} from '../test/given.ts'
import { asPerson, givenInstallation } from '../test/installation.ts'
import { edit, lawOf } from '../test/log-story.ts'
import { SYSTEM } from './actor.ts'
import { ineligibility, standing } from './approval.ts'
import { decide } from './change-decide.ts'
import { sameEvaluation } from './change-start.ts'
import { requirementProblem } from './evaluation-problem.ts'
import { unfitProblem } from './event-fit.ts'
import { requirementDigest } from './passkey.ts'

const escalate = { afterSeconds: 30 * 60, to: ['team:sre'] }
const slot = { ...givenSlot('team:dba'), escalate }
const requirement = givenRequirement({ slots: [slot] })
const at = (now: number) => givenQuestion({ requirement, now, excluded: [] })
const access = givenAccess()

test('a slot that stood open for so long may be filled by more people, and by the same as before', () => {
  const candidates = (now: number) => standing(access, at(now), []).slots[0]?.candidates

  assert.deepEqual(candidates(NOW + 30 * MINUTE - 1), [BOB])
  assert.deepEqual(candidates(NOW + 30 * MINUTE), [BOB, CAROL, DAVE])
  assert.equal(ineligibility(access, at(NOW + 29 * MINUTE), DAVE), 'no_slot')
})

test('escalation takes no slot away and makes nobody count who stands behind the request', () => {
  const twice = givenRequirement({ slots: [{ ...slot, count: 2 }] })
  const question = givenQuestion({ requirement: twice, now: NOW + HOUR, excluded: [CAROL] })

  assert.equal(standing(access, question, [givenDecision(DAVE)]).satisfied, false)
  assert.equal(
    standing(
      access,
      question,
      [DAVE, BOB].map((each) => givenDecision(each)),
    ).satisfied,
    true,
  )
  assert.equal(ineligibility(access, question, CAROL), 'in_requester_set')
})

test('an approval before its time is refused, and after it counts', () => {
  const change = givenChange({ evaluated: { requirement } })
  const approve = (now: number) =>
    decide(
      change,
      { type: 'approve', ...givenDecide(DAVE) },
      givenContext({ now, actor: givenActor(DAVE) }),
    )

  assert.deepEqual(approve(NOW + 29 * MINUTE), {
    ok: false,
    refusal: { code: 'not_eligible', slots: [slot], because: 'no_slot' },
    events: [],
  })
  assert.deepEqual(
    approve(NOW + 30 * MINUTE).events.map((event) => event.type),
    ['approved', 'released'],
  )
})

test('I2: an approval that came before the slot was given to more people breaks a law', () => {
  const house = givenInstallation()
  const id = givenChangeId()
  const ask = (...asked: Parameters<typeof house.handle>) =>
    assert.equal(house.handle(...asked).refusal, null)
  ask(asPerson(ALICE), id, { type: 'open', opened: givenOpened() })
  house.now += SECOND
  const evaluated = givenEvaluated({ evaluatedAt: house.now, requirement })
  ask(SYSTEM, id, { type: 'record_evaluation', evaluated })
  house.now = NOW + 30 * MINUTE
  ask(asPerson(DAVE), id, { type: 'approve', ...givenDecide(DAVE) })

  assert.equal(lawOf(house.entries, []), null)
  const early = edit('approved', (entry) => ({ ...entry, at: NOW + 29 * MINUTE }))
  assert.equal(lawOf(house.entries, [early]), 'I2')
})

test('whom a slot escalates to is in what is signed, in what is compared and in the log', () => {
  const plain = givenRequirement({ slots: [givenSlot('team:dba')] })
  const later = givenRequirement({
    slots: [{ ...slot, escalate: { ...escalate, afterSeconds: 60 } }],
  })
  const digests = [plain, requirement, later].map((each) => requirementDigest(each, nodePrimitives))

  assert.equal(new Set(digests).size, 3)
  const evaluated = givenEvaluated({ requirement })
  assert.equal(sameEvaluation(evaluated, givenEvaluated({ requirement })), true)
  assert.equal(sameEvaluation(evaluated, givenEvaluated({ requirement: later })), false)
  assert.equal(sameEvaluation(evaluated, givenEvaluated({ requirement: plain })), false)
  assert.equal(unfitProblem({ type: 'evaluated', ...evaluated }), null)
  const nobody = givenRequirement({ slots: [{ ...slot, escalate: { ...escalate, to: [] } }] })
  assert.equal(
    requirementProblem({ verdict: 'hold', requirement: nobody }),
    'one of its slots asks for nobody',
  )
})
