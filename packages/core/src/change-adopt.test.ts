import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  givenActor,
  givenBinding,
  givenChange,
  givenContext,
  givenDigest,
  givenOpened,
  givenReleasedChange,
  givenRequester,
  givenStart,
  givenStarted,
  givenTokenId,
  RUNNER_KEY,
} from '../test/given.ts'
import type { Change } from './change.ts'
import type { AdoptFields, DecideContext } from './change-commands.ts'
import { decide } from './change-decide.ts'
import { evolve } from './change-evolve.ts'

const NEW_KEY = 'key of a new run'
const artifact = givenDigest('plan file made again')
const { fingerprint } = givenOpened().binding

const adopt = (change: Change, about: Partial<AdoptFields> = {}, context = {}) =>
  decide(
    change,
    { type: 'adopt', fingerprint, artifact, runnerKey: NEW_KEY, ...about },
    givenContext(context),
  )

function afterAdopting(change: Change): Change {
  const answer = adopt(change)
  const [event] = answer.events
  assert.ok(answer.ok && event !== undefined)
  const after = evolve(change, { event, at: 0, actor: givenActor(ALICE) })
  assert.ok(after !== null)
  return after
}

test('who plans the same again goes on with the release, and nobody is asked twice', () => {
  const after = afterAdopting(givenReleasedChange())
  const binding = { ...givenOpened().binding, artifact }

  const started = decide(after, givenStart({ runnerKey: NEW_KEY, binding }), givenContext())

  assert.equal(after.status, 'released')
  assert.equal(after.decisions.length, 1)
  assert.deepEqual(started.events[0]?.type, 'execution_started')
})

test('the run that was left behind can no longer start it', () => {
  const after = afterAdopting(givenReleasedChange())

  const answer = decide(after, givenStart({ runnerKey: RUNNER_KEY }), givenContext())

  assert.deepEqual(answer, { ok: false, refusal: { code: 'other_runner' }, events: [] })
})

test('another plan is another change', () => {
  const seen = givenDigest('another plan')

  assert.deepEqual(adopt(givenReleasedChange(), { fingerprint: seen }), {
    ok: false,
    refusal: { code: 'other_fingerprint', seen, current: fingerprint },
    events: [],
  })
})

test('nobody takes over what somebody else asked for, and no token does at all', () => {
  const refused = { ok: false, refusal: { code: 'not_the_requester' }, events: [] }
  const token = givenTokenId()
  const byToken: Partial<DecideContext> = { actor: { kind: 'token', id: token } }
  const requester = givenRequester({ kind: 'service', id: token, excluded: [] })

  assert.deepEqual(adopt(givenReleasedChange(), {}, { actor: givenActor(BOB) }), refused)
  assert.deepEqual(adopt(givenReleasedChange({ opened: { requester } }), {}, byToken), refused)
  assert.deepEqual(adopt(givenReleasedChange({ opened: { door: 'gate' } })), refused)
})

test('only what has not started can be gone on with', () => {
  assert.deepEqual(adopt(givenReleasedChange({ after: [givenStarted()] })), {
    ok: false,
    refusal: { code: 'wrong_state', status: 'executing', command: 'adopt' },
    events: [],
  })
  assert.equal(adopt(givenChange()).ok, true)
  assert.equal(givenBinding().artifact === artifact, false)
})
