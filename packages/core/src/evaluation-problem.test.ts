import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CAROL,
  givenAccess,
  givenActor,
  givenChange,
  givenContext,
  givenDecide,
  givenEvaluated,
  givenReleased,
  givenReleasedChange,
  givenRequirement,
  givenSlot,
  givenWorkspace,
  HOUR,
  MINUTE,
  NOW,
  SYSTEM_REF,
} from '../test/given.ts'
import type { Change, ChangeEvent } from './change.ts'
import type { ChangeAnswer, DecideContext } from './change-commands.ts'
import { decide } from './change-decide.ts'

type About = Partial<DecideContext>

const refused = (answer: ChangeAnswer) => (answer.ok ? null : answer.refusal)

const record = (change: Change, about: Parameters<typeof givenEvaluated>[0], context: About = {}) =>
  decide(
    change,
    { type: 'record_evaluation', evaluated: givenEvaluated(about) },
    givenContext({ actor: SYSTEM_REF, ...context }),
  )

test('an evaluation that allows releases for as long as it is good, from when it was read', () => {
  const change = givenChange({ evaluated: null })

  assert.deepEqual(record(change, { verdict: 'allow' }), {
    ok: true,
    events: [
      { type: 'evaluated', ...givenEvaluated({ verdict: 'allow' }) },
      { type: 'released', by: 'allow', until: NOW + 15 * MINUTE },
    ],
  })
})

test('an evaluation that holds or denies releases nothing', () => {
  const change = givenChange({ evaluated: null })
  const hold = givenEvaluated()
  const deny = givenEvaluated({ verdict: 'deny' })

  assert.deepEqual(record(change, hold), { ok: true, events: [{ type: 'evaluated', ...hold }] })
  assert.deepEqual(record(change, deny), { ok: true, events: [{ type: 'evaluated', ...deny }] })
})

test('a re-evaluation never makes a release last longer', () => {
  const change = givenReleasedChange()

  const answer = record(change, { releaseForSeconds: 3_600 }, { now: NOW + 30 * MINUTE })

  assert.deepEqual(answer.events[1], givenReleased(NOW + HOUR))
})

test('somebody new who decides begins a new release', () => {
  const slots = [givenSlot('team:platform', 2)]
  const stricter: ChangeEvent = {
    type: 'evaluated',
    ...givenEvaluated({ requirement: givenRequirement({ slots }) }),
  }
  const change = givenReleasedChange({ after: [stricter] })

  const context = givenContext({ actor: givenActor(CAROL), now: NOW + 30 * MINUTE })
  const answer = decide(change, { type: 'approve', ...givenDecide(CAROL) }, context)

  assert.deepEqual(answer.events[1], givenReleased(NOW + 90 * MINUTE))
})

test('an evaluation under another revision, of the future or outlived is stale', () => {
  const change = givenChange({ evaluated: null })
  const stale = { code: 'evaluation_stale' }
  const allow = givenEvaluated({ verdict: 'allow', allowForSeconds: 60 })

  assert.deepEqual(refused(record(change, { policyRevision: 2 })), stale)
  assert.deepEqual(refused(record(change, { evaluatedAt: NOW + MINUTE + 1 })), stale)
  assert.deepEqual(refused(record(change, { evaluatedAt: Number.NaN })), stale)
  assert.deepEqual(refused(record(change, allow)), stale)
  assert.equal(record(change, allow, { now: NOW + MINUTE - 1 }).ok, true)
})

test('a hold that asks nobody is no evaluation, nor is a verdict that asks without a hold', () => {
  const change = givenChange({ evaluated: null })
  const problem = (about: Parameters<typeof givenEvaluated>[0]) => refused(record(change, about))
  const invalid = (text: string) => ({ code: 'invalid_input', problems: [text] })

  assert.deepEqual(problem({ requirement: null }), invalid('it is held for nobody'))
  assert.deepEqual(
    problem({ requirement: givenRequirement({ slots: [] }) }),
    invalid('it is held for nobody'),
  )
  for (const slot of [givenSlot('team:dba', 0), givenSlot([])])
    assert.deepEqual(
      problem({ requirement: givenRequirement({ slots: [slot] }) }),
      invalid('one of its slots asks for nobody'),
    )
  for (const verdict of ['allow', 'deny'] as const)
    assert.deepEqual(
      problem({ verdict, requirement: givenRequirement() }),
      invalid('it asks for people without a hold'),
    )
})

test('a rule alone never binds a workspace to where a plan acts', () => {
  const access = givenAccess({ workspaces: [givenWorkspace({ pin: null })] })

  const answer = record(givenChange({ evaluated: null }), { verdict: 'allow' }, { access })

  assert.deepEqual(refused(answer), {
    code: 'invalid_input',
    problems: ['it allows a first change, which binds the workspace and needs people'],
  })
})

test('what is due is not evaluated any more', () => {
  assert.deepEqual(refused(record(givenChange(), {}, { now: NOW + 4 * HOUR })), {
    code: 'expired',
    at: NOW + 4 * HOUR,
  })
  assert.deepEqual(refused(record(givenReleasedChange(), {}, { now: NOW + HOUR })), {
    code: 'expired',
    at: NOW + HOUR,
  })
})
