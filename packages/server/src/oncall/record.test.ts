import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OnCall, type PersonId, parsePersonId } from '@holdpoint/core'
import { HANDOVER_MS, lapsedEntry, onCallEntry, UNREAD_MS_MAX } from './record.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const person = (name: string): PersonId => {
  const id = parsePersonId(`per_${name.padEnd(16, '0')}`)
  assert.ok(id !== null)
  return id
}
const ADA = person('ada')
const BEA = person('bea')

const wants = (tiers: readonly (readonly PersonId[])[], endsAt: number | null = null) => ({
  wanted: { tiers, endsAt },
  now: NOW,
})
const known = (tiers: OnCall['tiers'], until: number): OnCall => ({ tiers, until })

test('somebody new on call is an entry at once, until the turn is handed over', () => {
  const event = { type: 'on_call_set', schedule: 'payments' } as const

  assert.deepEqual(onCallEntry('payments', undefined, wants([[ADA]])), {
    ...event,
    tiers: [[ADA]],
    until: NOW + 23 * HOUR,
  })
  assert.deepEqual(
    onCallEntry('payments', known([[ADA]], NOW + HOUR), wants([[BEA]], NOW + 2 * HOUR)),
    { ...event, tiers: [[BEA]], until: NOW + 2 * HOUR + HANDOVER_MS },
  )
  assert.deepEqual(onCallEntry('payments', known([[ADA]], NOW + HOUR), wants([[], [ADA]]))?.tiers, [
    [],
    [ADA],
  ])
})

test('an unchanged schedule is renewed twice a day and not more', () => {
  const again = (left: number, endsAt: number | null = null) =>
    onCallEntry('payments', known([[ADA]], NOW + left), wants([[ADA]], endsAt))

  assert.equal(again(23 * HOUR), null)
  assert.equal(again(11 * HOUR), null)
  assert.equal(again(11 * HOUR - 1)?.until, NOW + 23 * HOUR)
  assert.equal(again(HOUR + HANDOVER_MS, NOW + HOUR), null)
})

test('nobody on call is an entry only where somebody was', () => {
  assert.equal(onCallEntry('payments', undefined, wants([])), null)
  assert.equal(onCallEntry('payments', known([[ADA]], NOW), wants([[]])), null)
  assert.deepEqual(onCallEntry('payments', known([[ADA]], NOW + HOUR), wants([]))?.tiers, [])
})

test('who was on call until a moment ago is on call again by a new entry', () => {
  assert.deepEqual(onCallEntry('payments', known([[ADA]], NOW), wants([[ADA]]))?.tiers, [[ADA]])
})

test('a turn that the source says is over is not recorded', () => {
  const over = NOW - HANDOVER_MS

  assert.equal(onCallEntry('payments', undefined, wants([[ADA]], over)), null)
})

test('a schedule that could not be read for ten minutes has nobody', () => {
  const on = known([[ADA]], NOW + HOUR)
  const lapsed = (at: number | null, of: OnCall | undefined = on) =>
    lapsedEntry('payments', of, { at, now: NOW })

  assert.equal(lapsed(NOW - UNREAD_MS_MAX + 1), null)
  assert.deepEqual(lapsed(NOW - UNREAD_MS_MAX)?.tiers, [])
  assert.deepEqual(lapsed(null)?.tiers, [])
  assert.equal(lapsedEntry('payments', undefined, { at: null, now: NOW }), null)
})
