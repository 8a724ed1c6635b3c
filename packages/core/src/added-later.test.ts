import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  givenChangeId,
  givenDecide,
  givenDigest,
  givenEvaluated,
  givenOpened,
  givenPerson,
  givenRequirement,
  givenSlot,
  SECOND,
} from '../test/given.ts'
import { ADMIN, asPerson, givenInstallation } from '../test/installation.ts'
import { lawOf, numbered } from '../test/log-story.ts'
import { SYSTEM } from './actor.ts'

const GUEST = givenPerson('guest')
const ID = givenChangeId()

/** A change that asks for one person by name, who is added before or after it is opened. */
function held(added: 'before' | 'after') {
  const house = givenInstallation()
  const add = () => {
    house.changeAccess(ADMIN, {
      type: 'person_added',
      person: GUEST,
      profile: givenDigest('guest'),
    })
    const role = { person: GUEST, role: 'approver', workspace: 'all' } as const
    house.changeAccess(ADMIN, { type: 'role_granted', ...role })
    house.now += SECOND
  }
  if (added === 'before') add()
  house.handle(asPerson(ALICE), ID, { type: 'open', opened: givenOpened() })
  house.now += SECOND
  const requirement = givenRequirement({ slots: [givenSlot(`person:${GUEST}`)] })
  const evaluated = givenEvaluated({ requirement, evaluatedAt: house.now })
  house.handle(SYSTEM, ID, { type: 'record_evaluation', evaluated })
  if (added === 'after') add()
  const approve = { type: 'approve', ...givenDecide(GUEST) } as const
  return { house, slots: requirement.slots, approve, by: asPerson(GUEST) }
}

test('who was added before a change fills the slot that names them', () => {
  const { house, approve, by } = held('before')

  assert.equal(house.handle(by, ID, approve).refusal, null)
  assert.equal(house.change(ID)?.status, 'released')
})

test('who is added while it is held does not, and no log says otherwise (I2)', () => {
  const { house, approve, by, slots } = held('after')
  const { type: _, ...decision } = approve

  const { refusal } = house.handle(by, ID, approve)
  const forged = {
    v: 1,
    seq: 0,
    at: house.now,
    stream: ID,
    actor: { kind: 'person', id: GUEST },
    event: { type: 'approved', ...decision, onCall: [] },
  } as const

  assert.deepEqual(refusal, { code: 'not_eligible', slots, because: 'joined_later' })
  assert.equal(lawOf(house.entries, []), null)
  assert.equal(lawOf(numbered([...house.entries, forged]), []), 'I2')
})
