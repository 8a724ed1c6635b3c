import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Gatehouse } from '../test/gatehouse.ts'
import {
  ALICE,
  BOB,
  givenChangeId,
  givenDecide,
  givenEvaluated,
  givenOpened,
  givenStart,
  givenTarget,
  SECOND,
} from '../test/given.ts'
import { ADMIN, asPerson, FRESH, givenInstallation } from '../test/installation.ts'
import { lawOf, without } from '../test/log-story.ts'
import { SYSTEM } from './actor.ts'
import type { Opened } from './change.ts'
import { pinnedFrom, type Target } from './target.ts'

const NETWORK = givenTarget()
const ELSEWHERE = givenTarget({ principals: [{ provider: 'aws', account: '222222222222' }] })
const TARGETS = { one: NETWORK, two: ELSEWHERE } as const
type Name = keyof typeof TARGETS

const openedOf = (name: Name): Opened =>
  givenOpened({ changeId: givenChangeId(name), workspace: FRESH, target: TARGETS[name] })

/** Open and held in a workspace that is pinned nowhere yet. */
function open(house: Gatehouse, name: Name): void {
  const opened = openedOf(name)
  const evaluated = givenEvaluated({ evaluatedAt: house.now })
  house.handle(asPerson(ALICE), opened.changeId, { type: 'open', opened })
  house.handle(SYSTEM, opened.changeId, { type: 'record_evaluation', evaluated })
}

function approve(house: Gatehouse, name: Name): void {
  const { changeId, binding } = openedOf(name)
  const { fingerprint } = binding
  house.handle(asPerson(BOB), changeId, { type: 'approve', ...givenDecide(BOB, { fingerprint }) })
}

function start(house: Gatehouse, name: Name) {
  const { changeId, binding } = openedOf(name)
  const evaluated = givenEvaluated({ evaluatedAt: house.now })
  return house.handle(asPerson(ALICE), changeId, givenStart({ binding, evaluated }))
}

function givenTwoHeld(): Gatehouse {
  const house = givenInstallation()
  house.now += SECOND
  open(house, 'one')
  open(house, 'two')
  return house
}

const pinOf = (house: Gatehouse) => house.access.workspaces.get(FRESH)?.pin ?? null
const statusOf = (house: Gatehouse, name: Name) => house.change(givenChangeId(name))?.status

test('of two first changes to different places that are released at once only one starts', () => {
  for (const [first, second] of [
    ['one', 'two'],
    ['two', 'one'],
  ] as const) {
    const house = givenTwoHeld()
    approve(house, first)
    approve(house, second)
    assert.deepEqual([statusOf(house, first), statusOf(house, second)], ['released', 'released'])

    const refused = start(house, second)
    const started = start(house, first)

    assert.deepEqual(pinOf(house), pinnedFrom(TARGETS[first] satisfies Target))
    const approved = `aws:${TARGETS[first].principals[0]?.account}`
    const now = `aws:${TARGETS[second].principals[0]?.account}`
    const differences = [{ part: 'account', name: null, approved, now }]
    assert.deepEqual(refused.refusal, { code: 'target_differs', differences })
    assert.equal(started.refusal, null)
    assert.deepEqual([statusOf(house, first), statusOf(house, second)], ['executing', 'released'])
  }
})

test('the pin is an entry right after the release that binds', () => {
  const house = givenTwoHeld()

  approve(house, 'one')

  const types = house.entries.slice(-3).map((entry) => entry.event.type)
  assert.deepEqual(types, ['approved', 'released', 'target_pinned'])
  assert.deepEqual(house.entries.at(-1)?.actor, { kind: 'system', id: null })
})

test('what an admin pinned before the release stays', () => {
  const house = givenTwoHeld()
  const pin = pinnedFrom(ELSEWHERE)
  house.changeAccess(ADMIN, { type: 'target_pinned', workspace: FRESH, pin })

  approve(house, 'one')

  assert.deepEqual(pinOf(house), pin)
  assert.equal(start(house, 'one').refusal?.code, 'target_differs')
})

test('I1: a start in a workspace that is not pinned breaks the log', () => {
  const house = givenTwoHeld()
  approve(house, 'one')
  start(house, 'one')

  assert.equal(house.entries.at(-1)?.event.type, 'execution_started')
  assert.equal(lawOf(house.entries, []), null)
  assert.equal(lawOf(house.entries, [without('target_pinned')]), 'I1')
})
