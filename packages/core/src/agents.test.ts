/** A change that an agent opened: nobody who stands behind it counts, and no agent ever decides. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  givenChangeId,
  givenDecide,
  givenDecided,
  givenDigest,
  givenEvaluated,
  givenOpened,
  givenRequirement,
  givenSlot,
  SECOND,
} from '../test/given.ts'
import { ADMIN, asPerson, asToken, givenInstallation, PIPELINE } from '../test/installation.ts'
import { lawOf, lawWith, numbered, story } from '../test/log-story.ts'
import { SYSTEM } from './actor.ts'
import type { Requester } from './change.ts'
import { eventShape } from './event-shape.ts'

const ID = givenChangeId()
const FOR_ALICE: Requester = { kind: 'agent', id: ALICE, humanVerified: true, excluded: [ALICE] }
const BY_TOKEN: Requester = { kind: 'agent', id: PIPELINE, humanVerified: false, excluded: [] }

/** Alice is asked by name, and may approve. */
function held(requester: Requester) {
  const house = givenInstallation()
  const grant = { person: ALICE, role: 'approver', workspace: 'all' } as const
  house.changeAccess(ADMIN, { type: 'role_granted', ...grant })
  house.now += SECOND
  const opener = requester.id === ALICE ? asPerson(ALICE) : asToken(PIPELINE)
  const opened = house.handle(opener, ID, { type: 'open', opened: givenOpened({ requester }) })
  assert.equal(opened.refusal, null)
  house.now += SECOND
  const slots = [givenSlot(`person:${ALICE}`, 1), givenSlot('team:dba')]
  const evaluated = givenEvaluated({
    requirement: givenRequirement({ slots }),
    evaluatedAt: house.now,
  })
  house.handle(SYSTEM, ID, { type: 'record_evaluation', evaluated })
  return { house }
}

test('who an agent works for does not approve what it opened (I2)', () => {
  const { house } = held(FOR_ALICE)

  const { refusal } = house.handle(asPerson(ALICE), ID, { type: 'approve', ...givenDecide(ALICE) })

  assert.deepEqual(refusal, { code: 'in_requester_set', why: 'you requested it' })
})

test('and no log says that they did (I2)', () => {
  const { house } = held(FOR_ALICE)
  const event = { ...givenDecided(ALICE), type: 'approved' } as const
  const actor = { kind: 'person', id: ALICE } as const
  const forged = { v: 1, seq: 0, at: house.now, stream: ID, actor, event } as const

  assert.equal(lawOf(house.entries, []), null)
  assert.equal(lawOf(numbered([...house.entries, forged]), []), 'I2')
})

test('a token decides nothing, also of what no person stands behind (I2)', () => {
  const { house } = held(BY_TOKEN)
  const event = { ...givenDecided(BOB), type: 'approved' } as const
  const actor = { kind: 'token', id: PIPELINE } as const
  const forged = { v: 1, seq: 0, at: house.now, stream: ID, actor, event } as const

  assert.equal(lawOf(numbered([...house.entries, forged]), []), 'I2')
})

test('an agent that leaves its person out of the requester set opens nothing (I2)', () => {
  const house = givenInstallation()
  const requester = { ...FOR_ALICE, excluded: [BOB] }

  const { refusal } = house.handle(asPerson(ALICE), ID, {
    type: 'open',
    opened: givenOpened({ requester }),
  })

  assert.deepEqual(refusal, {
    code: 'invalid_input',
    problems: ['its requester is not in the requester set'],
  })
  assert.equal(lawWith('applied', 'change_opened', { requester }), 'I2')
})

test('an entry with the name of an agent is read, and so is one from before there were any', () => {
  const opened = { type: 'change_opened', ...givenOpened() }
  const named = { ...opened, agentName: givenDigest('deploy-bot') }

  assert.equal(eventShape.is(opened), true)
  assert.equal(eventShape.is(named), true)
  assert.equal(eventShape.is({ ...opened, agentName: null }), false)
  assert.equal(eventShape.is({ ...opened, agentName: 'deploy-bot' }), false)
  assert.equal(lawOf(story(), []), null)
  assert.equal(lawWith('applied', 'change_opened', { agentName: named.agentName }), null)
})
