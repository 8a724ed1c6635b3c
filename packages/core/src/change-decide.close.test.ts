import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  ERIN,
  givenAccess,
  givenActor,
  givenApproved,
  givenChange,
  givenChangeId,
  givenContext,
  givenDigest,
  givenEvaluated,
  givenOutcome,
  givenReleasedChange,
  givenRequester,
  givenRequirement,
  givenSlot,
  givenStarted,
  HOUR,
  MINUTE,
  NOW,
  RUNNER_KEY,
  SYSTEM_REF,
} from '../test/given.ts'
import type { Change, ChangeEvent } from './change.ts'
import type { ChangeAnswer, DecideContext } from './change-commands.ts'
import { decide } from './change-decide.ts'
import type { PersonId } from './ids.ts'

const refused = (answer: ChangeAnswer) => (answer.ok ? null : answer.refusal)
const executing = () => givenReleasedChange({ after: [givenStarted()] })
const lost: ChangeEvent = { type: 'outcome_unknown', because: 'heartbeat_lost' }
const unknown = () => givenReleasedChange({ after: [givenStarted(), lost] })

const takeBack = (person: PersonId, change: Change) =>
  decide(change, { type: 'take_back', person }, givenContext({ actor: givenActor(person) }))

test('taking back an approval holds a released change again', () => {
  assert.deepEqual(takeBack(BOB, givenReleasedChange()), {
    ok: true,
    events: [
      { type: 'approval_taken_back', person: BOB },
      { type: 'returned_to_hold', because: 'approval_taken_back' },
    ],
  })
})

test('taking back an approval that is not needed leaves the change released', () => {
  const both = givenReleasedChange({
    after: [
      { type: 'evaluated', ...givenEvaluated() },
      givenApproved(CAROL),
      { type: 'released', until: NOW + HOUR, by: 'approvals' },
    ],
  })

  assert.deepEqual(takeBack(BOB, both).events, [{ type: 'approval_taken_back', person: BOB }])
})

test('taking back while held changes nothing else', () => {
  const requirement = givenRequirement({ slots: [givenSlot('team:platform', 2)] })
  const change = givenChange({ evaluated: { requirement }, after: [givenApproved(BOB)] })

  assert.deepEqual(takeBack(BOB, change).events, [{ type: 'approval_taken_back', person: BOB }])
})

test('who approved nothing has nothing to take back', () => {
  assert.deepEqual(refused(takeBack(CAROL, givenReleasedChange())), {
    code: 'nothing_to_take_back',
  })
})

test('after the start nothing is taken back', () => {
  assert.deepEqual(refused(takeBack(BOB, executing())), {
    code: 'wrong_state',
    status: 'executing',
    command: 'take_back',
  })
})

test('who opened a change withdraws it until it starts, and nobody else', () => {
  const withdraw = (change: Change, actor: PersonId) =>
    decide(change, { type: 'withdraw' }, givenContext({ actor: givenActor(actor) }))

  assert.deepEqual(withdraw(givenReleasedChange(), ALICE).events, [{ type: 'withdrawn' }])
  assert.deepEqual(refused(withdraw(givenChange(), BOB)), { code: 'not_the_requester' })
  assert.deepEqual(refused(withdraw(executing(), ALICE)), {
    code: 'wrong_state',
    status: 'executing',
    command: 'withdraw',
  })
  const bySystem = decide(givenChange(), { type: 'withdraw' }, givenContext({ actor: SYSTEM_REF }))
  assert.deepEqual(refused(bySystem), { code: 'not_the_requester' })
})

const finish = (change: Change, runnerKey = RUNNER_KEY) =>
  decide(change, { type: 'finish', runnerKey, outcome: givenOutcome() }, givenContext())

test('the runner that started reports the outcome, once', () => {
  const event: ChangeEvent = { type: 'execution_finished', ...givenOutcome() }

  assert.deepEqual(finish(executing()), { ok: true, events: [event] })
  assert.deepEqual(refused(finish(givenReleasedChange({ after: [givenStarted(), event] }))), {
    code: 'wrong_state',
    status: 'applied',
    command: 'finish',
  })
})

test('another runner reports no outcome', () => {
  assert.deepEqual(refused(finish(executing(), 'another key')), { code: 'other_runner' })
})

test('an outcome that comes too late is recorded once and changes no status', () => {
  const late: ChangeEvent = { type: 'outcome_reported_late', ...givenOutcome() }
  const told = givenReleasedChange({ after: [givenStarted(), lost, late] })

  assert.deepEqual(finish(unknown()), { ok: true, events: [late] })
  assert.equal(told.status, 'outcome_unknown')
  assert.deepEqual(refused(finish(told)), {
    code: 'wrong_state',
    status: 'outcome_unknown',
    command: 'finish',
  })
})

test('an execution whose runner is lost has an unknown outcome', () => {
  const lose = (change: Change) =>
    decide(change, { type: 'lose', because: 'heartbeat_lost' }, givenContext())

  assert.deepEqual(lose(executing()), { ok: true, events: [lost] })
  assert.deepEqual(refused(lose(givenReleasedChange())), {
    code: 'wrong_state',
    status: 'released',
    command: 'lose',
  })
})

test('a grant does not end before its time', () => {
  const end = (now: number) =>
    decide(executing(), { type: 'lose', because: 'grant_ended' }, givenContext({ now }))

  assert.deepEqual(refused(end(NOW + HOUR - 1)), { code: 'not_due', at: NOW + HOUR })
  assert.equal(end(NOW + HOUR).ok, true)
})

const resolve = (person: PersonId, change: Change, about: Partial<DecideContext> = {}) =>
  decide(
    change,
    { type: 'resolve_outcome', person, resolution: 'applied', reason: givenDigest('seen') },
    givenContext({ actor: givenActor(person), ...about }),
  )

test('an owner who did not request it says what happened', () => {
  const event = { person: ERIN, resolution: 'applied', reason: givenDigest('seen') } as const

  assert.deepEqual(resolve(ERIN, unknown()), {
    ok: true,
    events: [{ type: 'outcome_resolved', ...event }],
  })
})

test('nobody else says what happened', () => {
  const requester = givenRequester({ excluded: [ALICE, ERIN] })
  const requested = givenReleasedChange({ opened: { requester }, after: [givenStarted(), lost] })
  const gone = { access: givenAccess({ inactive: [ERIN] }) }
  const refusal = { code: 'not_an_owner', workspace: 'network' }

  assert.deepEqual(refused(resolve(BOB, unknown())), refusal)
  assert.deepEqual(refused(resolve(ERIN, requested)), refusal)
  assert.deepEqual(refused(resolve(ERIN, unknown(), gone)), refusal)
  assert.deepEqual(refused(resolve(ERIN, executing())), {
    code: 'wrong_state',
    status: 'executing',
    command: 'resolve_outcome',
  })
})

test('a newer change supersedes one that has not started, and never itself', () => {
  const supersede = (change: Change, by: string) =>
    decide(change, { type: 'supersede', by: givenChangeId(by) }, givenContext())
  const event = { type: 'superseded', by: givenChangeId('two') }

  assert.deepEqual(supersede(givenChange(), 'two'), { ok: true, events: [event] })
  assert.deepEqual(refused(supersede(givenChange(), 'one')), {
    code: 'invalid_input',
    problems: ['a change does not supersede itself'],
  })
  assert.deepEqual(refused(supersede(executing(), 'two')), {
    code: 'wrong_state',
    status: 'executing',
    command: 'supersede',
  })
})

test('what is open expires when it is due, and not before', () => {
  const expire = (change: Change, now: number) =>
    decide(change, { type: 'expire' }, givenContext({ now }))

  assert.deepEqual(expire(givenChange(), NOW + 4 * HOUR), {
    ok: true,
    events: [{ type: 'expired' }],
  })
  assert.deepEqual(refused(expire(givenChange(), NOW + 4 * HOUR - 1)), {
    code: 'not_due',
    at: NOW + 4 * HOUR,
  })
  assert.deepEqual(refused(expire(executing(), NOW + MINUTE)), {
    code: 'wrong_state',
    status: 'executing',
    command: 'expire',
  })
})
