import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  givenApproved,
  givenChange,
  givenChangeId,
  givenDigest,
  givenEvaluated,
  givenOutcome,
  givenPerson,
  givenReleased,
  givenReleasedChange,
  givenStarted,
  givenTarget,
  givenWorkspaceId,
  HOUR,
  MINUTE,
  NOW,
} from '../test/given.ts'
import type { Change, ChangeEvent } from './change.ts'
import { follow, followInstallation, pendingEffects, pinOfRelease } from './effects.ts'
import { pinnedFrom } from './target.ts'

const change = givenChangeId()
const workspace = givenWorkspaceId()
const after = (event: ChangeEvent, state: Change, before: Change | null = null) =>
  follow(event, { before, after: state, at: NOW })

test('an opened change is evaluated, supersedes others and expires with its plan', () => {
  const state = givenChange({ evaluated: null })

  assert.deepEqual(after({ type: 'change_opened', ...state }, state), [
    { type: 'evaluate', change },
    { type: 'supersede_others', change },
    { type: 'expire', change, at: NOW + 24 * HOUR },
  ])
})

test('a hold expires when it is due, a denied change needs no timer', () => {
  const denied = { verdict: 'deny' } as const

  assert.deepEqual(after({ type: 'evaluated', ...givenEvaluated() }, givenChange()), [
    { type: 'expire', change, at: NOW + 4 * HOUR },
  ])
  assert.deepEqual(
    after({ type: 'evaluated', ...givenEvaluated(denied) }, givenChange({ evaluated: denied })),
    [],
  )
})

test('a hold that is due when the change was already has its timer', () => {
  const evaluated = givenEvaluated()
  const held = givenChange({ opened: { expiresAt: NOW + HOUR } })
  const opened = givenChange({ opened: { expiresAt: NOW + HOUR }, evaluated: null })

  assert.deepEqual(after({ type: 'evaluated', ...evaluated }, held, opened), [])
})

test('a change that is opened again to people has no timer that still runs', () => {
  const event = { type: 'returned_to_hold', because: 'approval_taken_back' } as const
  const started = givenReleasedChange({ after: [givenStarted()] })

  assert.equal(after(event, givenReleasedChange({ after: [event] }), started).length, 1)
})

test('a release expires, and pins the target of a first change', () => {
  const first = givenReleasedChange({ opened: { bindsTarget: true } })
  const pin = pinnedFrom(givenTarget())

  assert.deepEqual(after(givenReleased(), first), [{ type: 'expire', change, at: NOW + HOUR }])
  assert.deepEqual(pinOfRelease(givenReleased(), first), { type: 'target_pinned', workspace, pin })
  assert.equal(pinOfRelease(givenReleased(), givenReleasedChange()), null)
  assert.equal(pinOfRelease(givenApproved(BOB), first), null)
})

test('a change that is held again expires when its hold does', () => {
  const event = { type: 'returned_to_hold', because: 'approval_taken_back' } as const

  assert.deepEqual(after(event, givenReleasedChange({ after: [event] })), [
    { type: 'expire', change, at: NOW + 4 * HOUR },
  ])
})

test('an execution is watched', () => {
  assert.deepEqual(after(givenStarted(), givenReleasedChange({ after: [givenStarted()] })), [
    { type: 'watch_execution', change, at: NOW + MINUTE },
  ])
})

test('a finished execution pins the lineage, where one was read', () => {
  const finished = (lineage: string | null): ChangeEvent => ({
    type: 'execution_finished',
    ...givenOutcome({ lineage }),
  })
  const state = (event: ChangeEvent) => givenReleasedChange({ after: [givenStarted(), event] })

  assert.deepEqual(after(finished('c0ffee'), state(finished('c0ffee'))), [
    { type: 'pin_lineage', workspace, lineage: 'c0ffee' },
  ])
  assert.deepEqual(after(finished(null), state(finished(null))), [])
})

test('nothing follows what only closes or records', () => {
  const state = givenReleasedChange({ after: [givenStarted()] })
  const events: readonly ChangeEvent[] = [
    givenApproved(BOB),
    { type: 'approval_taken_back', person: BOB },
    { type: 'execution_refused', differences: [], names: null },
    { type: 'outcome_unknown', because: 'grant_ended' },
    { type: 'outcome_reported_late', ...givenOutcome() },
    { type: 'superseded', by: givenChangeId('two') },
    { type: 'withdrawn' },
    { type: 'expired' },
  ]

  for (const event of events) assert.deepEqual(after(event, state), [], event.type)
})

test('what rules and slots read makes open changes be evaluated again', () => {
  const person = givenPerson('bob')
  const document = givenDigest('policy')

  for (const event of [
    { type: 'policy_pushed', revision: 2, basedOn: 1, document },
    { type: 'person_removed', person },
    { type: 'member_removed', team: 'dba', person },
    { type: 'labels_set', workspace, labels: {} },
  ] as const)
    assert.deepEqual(followInstallation(event), [{ type: 'reevaluate_open' }], event.type)
  assert.deepEqual(followInstallation({ type: 'member_added', team: 'dba', person }), [])
})

test('what a change waits for is what its events called for, and nothing once it is closed', () => {
  const pending = (state: Change) => pendingEffects(state, NOW)
  const open = (at: number) => [
    { type: 'supersede_others', change },
    { type: 'expire', change, at },
  ]
  const started = givenReleasedChange({ after: [givenStarted()] })
  const finished: ChangeEvent = { type: 'execution_finished', ...givenOutcome() }
  const applied = givenReleasedChange({ after: [givenStarted(), finished] })

  assert.deepEqual(pending(givenChange({ evaluated: null })), [
    { type: 'evaluate', change },
    ...open(NOW + 24 * HOUR),
  ])
  assert.deepEqual(pending(givenChange()), open(NOW + 4 * HOUR))
  assert.deepEqual(pending(givenReleasedChange()), open(NOW + HOUR))
  assert.deepEqual(pending(started), [{ type: 'watch_execution', change, at: NOW + MINUTE }])
  assert.deepEqual(pending(applied), [{ type: 'pin_lineage', workspace, lineage: 'c0ffee' }])
  assert.deepEqual(pending(givenChange({ after: [{ type: 'withdrawn' }] })), [])
})
