import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ERIN,
  givenDigest,
  givenRequester,
  HOUR,
  NOW,
  SYSTEM_REF,
} from '../test/given.ts'
import { ADMIN } from '../test/installation.ts'
import {
  type Edit,
  edit,
  insertAfter,
  lawOf,
  lawWith,
  story,
  storyOf,
  without,
} from '../test/log-story.ts'

/** What breaks when one thing of the whole story is otherwise. */
const breaks = (edits: readonly Edit[]) => lawOf(story(), edits)

const ADMIN_REF = { kind: 'admin_token', id: ADMIN.kind === 'admin_token' ? ADMIN.id : null }

test('each later event is written by who may ask for it', () => {
  const endings = {
    rejected: 'rejected',
    taken_back: 'approval_taken_back',
    withdrawn: 'withdrawn',
    superseded: 'superseded',
    expired: 'expired',
    lost: 'outcome_unknown',
    late: 'outcome_reported_late',
    resolved: 'outcome_resolved',
    refused: 'execution_refused',
  } as const
  for (const [ending, type] of Object.entries(endings)) {
    const entries = storyOf(ending as keyof typeof endings)
    assert.equal(lawOf(entries, []), null, ending)
    const other = edit(type, (e) => ({ ...e, actor: ADMIN_REF as never }))
    assert.equal(lawOf(entries, [other]), 'L4', type)
  }
  assert.equal(breaks([edit('execution_finished', (e) => ({ ...e, actor: SYSTEM_REF }))]), 'L4')
})

test('I2, I3: a rejection is one’s own, of this plan, with a slot or an owner and a reason', () => {
  assert.equal(lawWith('rejected', 'rejected', { person: CAROL }), 'I2')
  assert.equal(lawWith('rejected', 'rejected', { fingerprint: givenDigest('other') }), 'I3')
  assert.equal(lawWith('rejected', 'rejected', { reason: null }), 'I2')
  const byDave = edit('rejected', (e) => ({
    ...e,
    actor: { kind: 'person', id: DAVE } as const,
    event: { ...e.event, person: DAVE } as never,
  }))
  assert.equal(lawOf(storyOf('rejected'), [byDave]), 'I2')
})

test('I2: only an approval that is there is taken back, and by who gave it', () => {
  assert.equal(lawWith('taken_back', 'approval_taken_back', { person: CAROL }), 'I2')
  const byCarol = edit('approval_taken_back', (e) => ({
    ...e,
    actor: { kind: 'person', id: CAROL } as const,
    event: { ...e.event, person: CAROL } as never,
  }))
  assert.equal(lawOf(storyOf('taken_back'), [byCarol]), 'I2')
})

test('I1: what misses nobody is not held again', () => {
  assert.equal(lawOf(storyOf('taken_back'), [without('approval_taken_back')]), 'I1')
})

test('L4: a change is withdrawn by who opened it', () => {
  const byBob = edit('withdrawn', (e) => ({ ...e, actor: { kind: 'person', id: BOB } as const }))
  assert.equal(lawOf(storyOf('withdrawn'), [byBob]), 'L4')
})

test('I11: nothing expires before it is due', () => {
  const early = edit('expired', (e) => ({ ...e, at: NOW + HOUR }))
  assert.equal(lawOf(storyOf('expired'), [early]), 'I11')
})

test('L4: a change is superseded by its successor only', () => {
  const by = 'chg_nowhere000000000'
  assert.equal(lawWith('superseded', 'superseded', { by }), 'L4')
})

test('I5: a grant is not ended before its time', () => {
  assert.equal(lawWith('lost', 'outcome_unknown', { because: 'grant_ended' }), 'I5')
})

test('I4: an outcome is reported once', () => {
  const late = storyOf('late').find((entry) => entry.event.type === 'outcome_reported_late')
  assert.ok(late !== undefined)

  assert.equal(lawOf(storyOf('late'), [insertAfter('outcome_reported_late', late)]), 'I4')
})

test('I2: an outcome is resolved by an owner who did not request it', () => {
  const by = (person: typeof ERIN) =>
    edit('outcome_resolved', (e) => ({
      ...e,
      actor: { kind: 'person', id: person } as const,
      event: { ...e.event, person } as never,
    }))

  assert.equal(lawOf(storyOf('resolved'), [by(BOB)]), 'I2')
  assert.equal(lawWith('resolved', 'outcome_resolved', { person: BOB }), 'I2')
  const requester = givenRequester({ excluded: [ALICE, ERIN] })
  assert.equal(lawWith('resolved', 'change_opened', { requester }), 'I2')
})

test('I1: nobody but the requester goes on with a release after planning again', () => {
  const [released] = story().filter((entry) => entry.event.type === 'released')
  assert.ok(released !== undefined)
  const event = { type: 'replanned', publicKey: 'a key', artifact: givenDigest('again') } as const
  const by = (actor: typeof released.actor) =>
    breaks([insertAfter('released', { ...released, actor, event })])
  const person = (id: typeof ALICE) => ({ kind: 'person', id }) as const

  assert.notEqual(by(person(ALICE)), 'I1')
  assert.equal(by(person(BOB)), 'I1')
})
