import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOB, ERIN, givenDigest, HOUR } from '../test/given.ts'
import { givenBreak, givenReview } from '../test/given-glass.ts'
import { ADMIN, asPerson } from '../test/installation.ts'
import {
  fingerprint,
  id,
  keep,
  statementOf,
  verified,
  withKey,
  workspace,
} from '../test/signed-story.ts'
import { SYSTEM } from './actor.ts'
import type { DecisionStatement } from './passkey.ts'

/** Bob breaks the glass, and what he signed says it, or something else. */
function breakGlass(
  story: ReturnType<typeof withKey>,
  about: Partial<DecisionStatement> = {},
): void {
  story.house.changeAccess(ADMIN, { type: 'break_glass_granted', person: BOB })
  const reason = givenDigest('nobody answers')
  const statement = statementOf({ decision: 'break_glass', reason, ...about })
  const assertion = story.passkey.sign('decision', statement)
  const proof = keep(story, workspace, { v: 1, purpose: 'decision', statement, assertion })
  const signed = { key: story.key, proof }
  const command = {
    type: 'break_glass',
    ...givenBreak(BOB, { fingerprint, reason, signed }),
  } as const
  assert.equal(story.house.handle(asPerson(BOB), id, command).refusal, null)
}

/** Erin breaks it, bob reviews it with his passkey. */
function review(story: ReturnType<typeof withKey>, about: Partial<DecisionStatement> = {}): void {
  story.house.changeAccess(ADMIN, { type: 'break_glass_granted', person: ERIN })
  const broken = { type: 'break_glass', ...givenBreak(ERIN, { fingerprint }) } as const
  assert.equal(story.house.handle(asPerson(ERIN), id, broken).refusal, null)
  story.house.now += HOUR
  assert.equal(story.house.handle(SYSTEM, id, { type: 'expire' }).refusal, null)
  const reason = givenDigest('it burned')
  const statement = statementOf({ decision: 'review_justified', reason, ...about })
  const assertion = story.passkey.sign('decision', statement)
  const proof = keep(story, workspace, { v: 1, purpose: 'decision', statement, assertion })
  const signed = { key: story.key, proof }
  const fields = givenReview(BOB, { assurance: 'passkey', reason, signed })
  const command = { type: 'review_glass', ...fields } as const
  assert.equal(story.house.handle(asPerson(BOB), id, command).refusal, null)
}

test('broken glass and its review verify as decisions do, and are counted', () => {
  const broken = withKey()
  breakGlass(broken)
  const one = verified(broken)
  assert.ok(typeof one !== 'string', JSON.stringify(one))
  assert.deepEqual([one.decisionsByPasskey, one.decisionsByServersWord], [1, 0])
  assert.deepEqual([one.glassBroken, one.glassReviewed, one.glassOverdue], [1, 0, 0])

  const reviewed = withKey()
  review(reviewed)
  const two = verified(reviewed)
  assert.ok(typeof two !== 'string', JSON.stringify(two))
  assert.deepEqual([two.decisionsByPasskey, two.decisionsByServersWord], [1, 1])
  assert.deepEqual([two.glassBroken, two.glassReviewed, two.glassOverdue], [1, 1, 0])
})

test('glass whose review is overdue at the last entry is counted', () => {
  const story = withKey()
  breakGlass(story)
  story.house.now += 72 * HOUR
  story.house.handle(SYSTEM, id, { type: 'expire' })

  const report = verified(story)
  assert.ok(typeof report !== 'string')
  assert.equal(report.glassOverdue, 1)
})

test('a signature for something else is no broken glass and no review', () => {
  const others: readonly [Partial<DecisionStatement>, string][] = [
    [{ decision: 'approve' }, 'the decision'],
    [{ fingerprint: givenDigest('another plan') }, 'the fingerprint'],
    [{ reason: null }, 'the reason'],
    [{ shown: { count: 1, of: 1 } }, 'what was shown'],
  ]
  for (const [statement, what] of others) {
    const broken = withKey()
    breakGlass(broken, statement)
    assert.equal(verified(broken), `its signature is for something else: ${what}`)
    const reviewed = withKey()
    review(reviewed, statement)
    assert.equal(verified(reviewed), `its signature is for something else: ${what}`)
  }
  const otherwise = withKey()
  review(otherwise, { decision: 'review_not_justified' })
  assert.equal(verified(otherwise), 'its signature is for something else: the decision')
})
