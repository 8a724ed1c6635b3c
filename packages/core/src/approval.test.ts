import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  givenAccess,
  givenDecision,
  givenMembership,
  givenPerson,
  givenQuestion,
  givenRequirement,
  givenSlot,
  NOW,
} from '../test/given.ts'
import { countedApprovals, ineligibility, match, meets, standing } from './approval.ts'
import type { Slot } from './verdict.ts'

const asking = (...slots: readonly Slot[]) =>
  givenQuestion({ requirement: givenRequirement({ slots }) })

test('one eligible approval fills one slot', () => {
  const access = givenAccess()

  const found = standing(access, asking(givenSlot('team:platform')), [givenDecision(BOB)])

  assert.deepEqual(found, {
    satisfied: true,
    slots: [{ slot: givenSlot('team:platform'), filledBy: [BOB], candidates: [CAROL] }],
    missing: [],
  })
})

test('one person fills one slot only, however many would take them', () => {
  const question = asking(givenSlot('team:dba'), givenSlot('team:platform'))

  const found = standing(givenAccess(), question, [givenDecision(BOB)])

  assert.equal(found.satisfied, false)
  assert.deepEqual(found.missing, [givenSlot('team:platform')])
})

test('who was seated first moves over when only they can fill another slot', () => {
  // Bob comes first and takes platform; dba takes nobody but bob.
  const question = asking(givenSlot('team:platform'), givenSlot('team:dba'))

  const found = standing(givenAccess(), question, [givenDecision(BOB), givenDecision(CAROL)])

  assert.equal(found.satisfied, true)
  assert.deepEqual(
    found.slots.map((each) => each.filledBy),
    [[CAROL], [BOB]],
  )
})

test('a chain of people moves over to seat the last one', () => {
  const people = ['a', 'b', 'c', 'd'].map(givenPerson)
  const takes = ['ab', 'bc', 'cd', 'a']

  const seated = match(takes, people, (seat, person) => seat.includes(person.charAt(4)))

  assert.equal(new Set(seated).size, 4)
  assert.equal(seated[3], people[0])
})

test('people who fill one slot do not fill another that asks for others', () => {
  const teams = { platform: [CAROL, DAVE].map((each) => givenMembership(each)), dba: [] }
  const question = asking(givenSlot('team:platform'), givenSlot('team:dba'))

  const found = standing(givenAccess({ teams }), question, [
    givenDecision(CAROL),
    givenDecision(DAVE),
  ])

  assert.equal(found.satisfied, false)
  assert.deepEqual(found.missing, [givenSlot('team:dba')])
})

test('a slot that names neither team nor person is filled by nobody', () => {
  assert.equal(ineligibility(givenAccess(), asking(givenSlot('role:dba')), BOB), 'no_slot')
})

test('a slot that asks for two is filled by two people', () => {
  const question = asking(givenSlot('team:platform', 2))

  const one = standing(givenAccess(), question, [givenDecision(BOB)])
  const two = standing(givenAccess(), question, [givenDecision(BOB), givenDecision(CAROL)])

  assert.deepEqual(one.missing, [givenSlot('team:platform', 1)])
  assert.equal(one.satisfied, false)
  assert.equal(two.satisfied, true)
})

test('one person who decided twice counts once', () => {
  const question = asking(givenSlot('team:platform', 2))

  const found = standing(givenAccess(), question, [givenDecision(BOB), givenDecision(BOB)])

  assert.equal(found.satisfied, false)
})

test('an empty requirement satisfies nothing', () => {
  const found = standing(givenAccess(), asking(), [givenDecision(BOB)])

  assert.deepEqual(found, { satisfied: false, slots: [], missing: [] })
})

test('a slot that asks for nobody still asks for one person', () => {
  const found = standing(givenAccess(), asking(givenSlot('team:dba', 0)), [])

  assert.equal(found.satisfied, false)
  assert.deepEqual(found.missing, [givenSlot('team:dba', 1)])
})

test('a slot of a billion people is missing them, at no cost', () => {
  const found = standing(givenAccess(), asking(givenSlot('team:dba', 1e9)), [givenDecision(BOB)])

  assert.equal(found.satisfied, false)
  assert.deepEqual(found.missing, [givenSlot('team:dba', 1e9 - 1)])
})

test('nobody in the requester set counts, in whatever slot', () => {
  const access = givenAccess({ teams: { platform: [givenMembership(ALICE)] } })
  const question = asking(givenSlot(['team:platform', `person:${ALICE}`]))

  assert.equal(ineligibility(access, question, ALICE), 'in_requester_set')
  assert.deepEqual(countedApprovals(access, question, [givenDecision(ALICE)]), [])
})

test('who is no longer active does not count', () => {
  const access = givenAccess({ inactive: [BOB] })

  assert.equal(ineligibility(access, givenQuestion(), BOB), 'not_active')
  assert.equal(ineligibility(access, givenQuestion(), givenPerson('stranger')), 'not_active')
  assert.deepEqual(countedApprovals(access, givenQuestion(), [givenDecision(BOB)]), [])
})

test('membership gained after the change was opened does not count for it', () => {
  const joined = (since: number) =>
    ineligibility(
      givenAccess({ teams: { platform: [givenMembership(BOB, since)] } }),
      givenQuestion(),
      BOB,
    )

  assert.equal(joined(NOW - 1), null)
  assert.equal(joined(NOW), 'joined_later')
  assert.equal(joined(NOW + 1), 'joined_later')
})

test('who was added after the change was opened does not fill a slot that names them', () => {
  const question = asking(givenSlot(`person:${BOB}`))
  const added = (since: number) => givenAccess({ since, teams: {} })

  assert.equal(ineligibility(added(NOW - 1), question, BOB), null)
  assert.equal(ineligibility(added(NOW), question, BOB), 'joined_later')
  assert.equal(ineligibility(added(NOW + 1), question, BOB), 'joined_later')
  assert.deepEqual(countedApprovals(added(NOW), question, [givenDecision(BOB)]), [])
})

test('who joined one team later counts by the other that they were in', () => {
  const access = givenAccess({
    teams: { sre: [givenMembership(DAVE, NOW + 1)], platform: [givenMembership(DAVE)] },
  })

  assert.equal(ineligibility(access, asking(givenSlot(['team:sre', 'team:platform'])), DAVE), null)
})

test('who is in no team that a slot names has no slot', () => {
  assert.equal(ineligibility(givenAccess(), givenQuestion(), DAVE), 'no_slot')
})

test('a slot can name a person, by whole id', () => {
  const question = asking(givenSlot(`person:${DAVE}`))

  assert.equal(ineligibility(givenAccess(), question, DAVE), null)
  assert.equal(ineligibility(givenAccess(), question, CAROL), 'no_slot')
})

test('a team named like a person is not that person', () => {
  const access = givenAccess({ teams: { [`person:${DAVE}`]: [givenMembership(CAROL)] } })

  assert.equal(ineligibility(access, asking(givenSlot(`person:${DAVE}`)), CAROL), 'no_slot')
})

test('a weaker sign-in than the requirement asks for does not count', () => {
  const question = givenQuestion({ requirement: givenRequirement({ assurance: 'passkey' }) })
  const by = (assurance: 'session' | 'passkey' | 'passkey+cli') =>
    countedApprovals(givenAccess(), question, [givenDecision(BOB, { assurance })])

  assert.deepEqual(by('session'), [])
  assert.deepEqual(by('passkey'), [BOB])
  assert.deepEqual(by('passkey+cli'), [BOB])
  assert.equal(meets('development', 'session'), false)
})

test('an approval of another fingerprint does not count', () => {
  const decision = givenDecision(BOB, { fingerprint: givenQuestion().fingerprint })
  const question = { ...givenQuestion(), fingerprint: givenDecision(BOB, {}).fingerprint }
  const other = { ...decision, fingerprint: 'f'.repeat(64) as typeof decision.fingerprint }

  assert.deepEqual(countedApprovals(givenAccess(), question, [decision]), [BOB])
  assert.deepEqual(countedApprovals(givenAccess(), question, [other]), [])
})

test('the newest decision of a person is the one that counts', () => {
  const approve = givenDecision(BOB)
  const reject = givenDecision(BOB, { decision: 'reject' })

  assert.deepEqual(countedApprovals(givenAccess(), givenQuestion(), [approve, reject]), [])
  assert.deepEqual(countedApprovals(givenAccess(), givenQuestion(), [reject, approve]), [BOB])
})

test('candidates are those who could still fill a slot', () => {
  const access = givenAccess({ inactive: [CAROL] })

  const found = standing(access, asking(givenSlot(['team:platform', 'team:sre'])), [])

  assert.deepEqual(found.slots[0]?.candidates, [BOB, DAVE])
})
