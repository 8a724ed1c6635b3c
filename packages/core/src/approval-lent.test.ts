import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ERIN,
  FRANK,
  givenAccess,
  givenDecision,
  givenKey,
  givenQuestion,
  givenRequirement,
  givenSlot,
  HOUR,
  MINUTE,
  NOW,
} from '../test/given.ts'
import type { Delegation } from './access.ts'
import { countedApprovals, type Decision, onCallOf, type Question, standing } from './approval.ts'
import type { PersonId } from './ids.ts'

const asking = (from: string, count = 1): Question =>
  givenQuestion({ requirement: givenRequirement({ slots: [givenSlot(from, count)] }) })

const lent = (from: PersonId, to: PersonId, about: Partial<Delegation> = {}): Delegation => ({
  from,
  to,
  team: null,
  since: NOW - HOUR,
  until: NOW + HOUR,
  ...about,
})

function isFilled(
  question: Question,
  people: readonly PersonId[],
  delegations: readonly Delegation[],
): boolean {
  const access = givenAccess({ proofs: { delegations } })
  return standing(
    access,
    question,
    people.map((person) => givenDecision(person)),
  ).satisfied
}

test('who stands in fills the slot of the one they stand in for, while it lasts', () => {
  const question = asking('team:dba')

  assert.equal(isFilled(question, [ERIN], []), false)
  assert.equal(isFilled(question, [ERIN], [lent(BOB, ERIN)]), true)
  assert.equal(isFilled(question, [ERIN], [lent(BOB, ERIN, { team: 'dba' })]), true)
  assert.equal(isFilled(question, [ERIN], [lent(BOB, ERIN, { team: 'sre' })]), false)
  assert.equal(isFilled(question, [ERIN], [lent(BOB, ERIN, { until: NOW + MINUTE })]), false)
  assert.equal(isFilled(question, [ERIN], [lent(BOB, ERIN, { since: NOW })]), false)
})

test('nobody stands in for a requester, for someone who left, or over two steps', () => {
  const teams = { dba: [{ person: ALICE, since: NOW - HOUR }] }
  const access = givenAccess({ teams, proofs: { delegations: [lent(ALICE, ERIN)] } })
  const mine = [givenDecision(ERIN)]

  assert.equal(standing(access, asking('team:dba'), mine).satisfied, false)
  const gone = givenAccess({ inactive: [BOB], proofs: { delegations: [lent(BOB, ERIN)] } })
  assert.equal(standing(gone, asking('team:dba'), mine).satisfied, false)
  assert.equal(isFilled(asking('team:dba'), [ERIN], [lent(BOB, FRANK), lent(FRANK, ERIN)]), false)
})

test('one person’s place is filled once: by themselves or by who stands in', () => {
  const question = asking('team:dba', 2)

  assert.equal(isFilled(question, [BOB, ERIN], [lent(BOB, ERIN)]), false)
  assert.equal(isFilled(asking('team:platform', 2), [CAROL, ERIN], [lent(BOB, ERIN)]), true)
  const both = [lent(BOB, ERIN), lent(BOB, FRANK, { team: 'dba' })]
  assert.equal(isFilled(question, [ERIN, FRANK], both), false)
})

test('who stands in is among those who could decide', () => {
  const access = givenAccess({ proofs: { delegations: [lent(BOB, ERIN)] } })

  const [slot] = standing(access, asking('team:dba'), []).slots
  assert.deepEqual(slot?.candidates, [BOB, ERIN])
})

const onCall = (until = NOW + HOUR) =>
  new Map([['payments', { tiers: [[DAVE], [ERIN, FRANK]], until }]])

test('a schedule without a tier is its first one, and each tier has its number', () => {
  const access = givenAccess({ proofs: { onCall: onCall() } })

  assert.deepEqual(onCallOf(access, DAVE, NOW), ['oncall:payments', 'oncall:payments/1'])
  assert.deepEqual(onCallOf(access, ERIN, NOW), ['oncall:payments/2'])
  assert.deepEqual(onCallOf(access, DAVE, NOW + HOUR), [])
})

test('whoever was on call when they decided counts after the shift, and no one else', () => {
  const access = givenAccess({ proofs: { onCall: new Map() } })
  const during: Decision = givenDecision(DAVE, { onCall: ['oncall:payments'] })

  assert.deepEqual(countedApprovals(access, asking('oncall:payments'), [during]), [DAVE])
  assert.deepEqual(countedApprovals(access, asking('oncall:payments/2'), [during]), [])
  const now = givenAccess({ proofs: { onCall: onCall() } })
  assert.deepEqual(countedApprovals(now, asking('oncall:payments'), [givenDecision(DAVE)]), [])
  const [slot] = standing(now, asking('oncall:payments'), []).slots
  assert.deepEqual(slot?.candidates, [DAVE])
})

test('a shift makes nobody count who came after the change was opened', () => {
  const access = givenAccess({ since: NOW, proofs: { onCall: onCall() } })
  const during = givenDecision(DAVE, { onCall: ['oncall:payments'] })

  assert.deepEqual(countedApprovals(access, asking('oncall:payments'), [during]), [])
})

test('an approval counts while the key that signed it is its person’s', () => {
  const question = asking('team:dba')
  const signed = givenDecision(BOB, { assurance: 'passkey', key: givenKey(BOB).id })
  const revoked = new Map([[givenKey(BOB).id, { ...givenKey(BOB), revoked: true }]])

  assert.deepEqual(countedApprovals(givenAccess(), question, [signed]), [BOB])
  assert.deepEqual(
    countedApprovals(givenAccess({ proofs: { keys: revoked } }), question, [signed]),
    [],
  )
  const stolen = { ...signed, key: givenKey(CAROL).id }
  assert.deepEqual(countedApprovals(givenAccess(), question, [stolen]), [])
})
