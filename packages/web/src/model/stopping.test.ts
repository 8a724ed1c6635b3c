import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange, NOW, WHEN } from '../../test/given.ts'
import { statusOf } from './status.ts'
import { becauseText, grantState, isLiveNow, isTypedStopAll, leftOf, stopDoes } from './stopping.ts'
import type { GrantView } from './wire.ts'

const MINUTE = 60_000
const JONAS = { kind: 'person', id: 'per_0000000000jonas0', name: 'Jonas Weber' } as const

function issued(more: Partial<GrantView['credentials'][number]> = {}) {
  return {
    connection: 'con_0000000000000001' as GrantView['credentials'][number]['connection'],
    kind: 'aws',
    account: '402177351180',
    purpose: 'apply',
    credential: 'c',
    at: NOW,
    until: NOW + 15 * MINUTE,
    count: 2,
    ...more,
  } as const
}

test('of a pipeline nobody promises that it is told to stop', () => {
  assert.match(stopDoes('apply'), /the tool is told to stop within one heartbeat/)
  assert.match(stopDoes('gate'), /nobody here can tell that to stop/)
})

test('what was handed out is honoured until its end, and then needs no cutting off', () => {
  const [live] = leftOf([issued()], WHEN)
  const [over] = leftOf([issued({ until: NOW })], WHEN)
  const [gone] = leftOf([issued({ kind: null, account: null, purpose: 'state' })], WHEN)

  assert.deepEqual(
    [live?.where, live?.honoured],
    ['AWS 402177351180', 'AWS honours it until 02:51'],
  )
  assert.match(live?.sooner ?? '', /active sessions/)
  assert.deepEqual([over?.honoured, over?.sooner], ['over since 02:36', null])
  assert.equal(gone?.where, 'A connection that is gone, to save the state')
})

test('a grant is live as the server said, and not past its time', () => {
  assert.equal(isLiveNow({ live: true, until: NOW + 1 }, NOW), true)
  assert.equal(isLiveNow({ live: true, until: NOW }, NOW), false)
  assert.equal(isLiveNow({ live: false, until: NOW + 1 }, NOW), false)
  const grant = { live: false, until: NOW, endedAt: NOW - MINUTE } as GrantView
  assert.equal(grantState(grant, WHEN), 'ended 02:35')
})

test('who stopped it and why is the line of the change, and a pipeline is not told', () => {
  const execution = {
    startedAt: NOW - MINUTE,
    until: NOW + MINUTE,
    verifiedBy: 'self_reported',
    revokedAt: NOW,
    revokedBy: JONAS,
    revokedBecause: 'A key leaked.',
    endedAt: null,
    credentials: [],
  } as const
  const given = (door: 'apply' | 'gate') =>
    statusOf(givenChange({ status: 'executing', door, execution }), WHEN)

  assert.equal(given('apply').title, 'Told to stop')
  assert.match(given('apply').line, /^Jonas Weber stopped it: “A key leaked.” Nothing is renewed/)
  assert.equal(given('gate').title, 'Applying')
  assert.match(given('gate').line, /is not told/)
  assert.equal(becauseText({ revokedBecause: 'a key leaked' }), ': “a key leaked”.')
})

test('everything stops only after the two words', () => {
  assert.deepEqual(['stop all', ' Stop All ', 'stop', ''].map(isTypedStopAll), [
    true,
    true,
    false,
    false,
  ])
})
