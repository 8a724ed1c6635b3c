import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange, NOW, WHEN } from '../../test/given.ts'
import { breakButton, brokenBy, reviewWords, skippedPeople, whyNotBreak } from './glass.ts'

const ADA = { kind: 'person', id: 'per_ada0000000000000', name: 'Ada Lind' } as const
const BROKEN = {
  by: ADA,
  at: NOW,
  review: 'owed',
  reviewUntil: NOW + 72 * 3_600_000,
  assurance: 'passkey',
  reason: 'the queue is stuck',
  skipped: [],
  reviewers: [],
  reviewed: null,
} as const

test('everybody who could still decide is named once', () => {
  assert.deepEqual(skippedPeople(givenChange()), ['Ines Duarte', 'Tomás Silva'])
})

test('the button says whom it tells and what follows', () => {
  assert.equal(breakButton(givenChange()), 'Tell platform, and apply now')
  const runner = { trust: 'self_reported', waiting: false } as const
  assert.equal(breakButton(givenChange({ runner })), 'Tell platform, and release now')
})

test('a reason of twenty characters and the workspace’s name come first', () => {
  const reason = 'the payment queue is stuck'
  const ask = (about: object) =>
    whyNotBreak({ reason, workspace: 'payments/prod', ...about }, 'payments/prod')

  assert.equal(ask({}), null)
  assert.equal(ask({ reason: '   stuck            ' }), 'Say why: 15 more characters.')
  assert.equal(ask({ workspace: 'payments' }), 'Type payments/prod to confirm.')
})

test('who owes a review is said until it is given', () => {
  assert.equal(brokenBy(BROKEN, WHEN), 'Ada Lind broke the glass 02:36')
  assert.match(
    reviewWords(BROKEN, WHEN),
    /^A review is owed until .*, by an owner of the workspace\.$/,
  )
  const reviewers = [{ person: 'per_ines000000000000' as never, name: 'Ines', you: true }]
  assert.match(reviewWords({ ...BROKEN, review: 'overdue', reviewers }, WHEN), /by you is overdue/)
  const reviewed = { by: ADA, at: NOW, finding: 'not_justified', reason: null } as const
  assert.equal(reviewWords({ ...BROKEN, reviewed }, WHEN), 'Ada Lind found it not justified 02:36.')
})
