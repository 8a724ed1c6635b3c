import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChangeEvent } from './change.ts'
import { type PersonId, parsePersonId, parseWorkspaceId } from './ids.ts'
import { type ChangeFacts, noteRecorded } from './insight-facts.ts'
import { insightsOf, quantile, weekStart } from './insights.ts'
import type { ShownRows } from './passkey.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Monday 23 November 2026, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 10, 23)
const NOON = MONDAY + 12 * HOUR

const WORKSPACE = parseWorkspaceId('wsp_0000000000000001') as NonNullable<
  ReturnType<typeof parseWorkspaceId>
>
const person = (name: string) => parsePersonId(`per_${name.padEnd(16, '0')}`) as PersonId
const ADA = person('ada')
const JONAS = person('jonas')
const INES = person('ines')

type Step = readonly [at: number, event: { readonly type: string; readonly [key: string]: unknown }]

/** Facts after these events; what an event needs beyond what is counted is left out. */
function facts(...steps: readonly Step[]): ChangeFacts {
  let found: ChangeFacts | null = null
  for (const [at, event] of steps) found = noteRecorded(found, { event: event as ChangeEvent, at })
  assert.ok(found)
  return found
}

const opened: Step[1] = { type: 'change_opened', workspace: WORKSPACE }
const evaluated = (verdict: string, ...rules: string[]): Step[1] => ({
  type: 'evaluated',
  verdict,
  rules,
})
const approved = (who: PersonId, shown: ShownRows | null = null): Step[1] => ({
  type: 'approved',
  person: who,
  shown,
})
const rejected = (who: PersonId): Step[1] => ({ type: 'rejected', person: who, shown: null })
const released: Step[1] = { type: 'released', by: 'approvals' }

/** Held at `at`, approved by one person after so long, and released. */
const held = (
  at: number,
  tookMs: number,
  [who, rule]: readonly [PersonId, string] = [ADA, 'stateful'],
) =>
  facts(
    [at, opened],
    [at, evaluated('hold', rule)],
    [at + tookMs, approved(who)],
    [at + tookMs, released],
  )

const ask = {
  from: MONDAY,
  until: MONDAY + 7 * DAY,
  offsetMinutes: 0,
  teams: new Map<string, readonly PersonId[]>(),
  you: null,
}

describe('figures of rules and teams', () => {
  it('count the first verdict of each change in the week it was opened in', () => {
    const all = [
      facts([NOON, opened], [NOON, evaluated('allow')]),
      facts([NOON, opened], [NOON, evaluated('deny', 'ssh')]),
      // Held first; that a later revision would allow it does not change what its requester met.
      facts([NOON, opened], [NOON, evaluated('hold', 'dns')], [NOON + HOUR, evaluated('allow')]),
      held(NOON - 7 * DAY, MINUTE),
    ]

    const { weeks, total } = insightsOf(all, { ...ask, from: MONDAY - 7 * DAY })

    assert.deepEqual(
      weeks.map(({ start, allow, hold, deny }) => [start, allow, hold, deny]),
      [
        [MONDAY - 7 * DAY, 0, 1, 0],
        [MONDAY, 1, 1, 1],
      ],
    )
    assert.deepEqual([total.allow, total.hold, total.deny, total.decided], [1, 2, 1, 1])
  })

  it('measure from held to decided, by people and not by a later allow', () => {
    const times = [1, 2, 3, 4, 5, 6, 7, 8, 9, 60].map((minutes) => held(NOON, minutes * MINUTE))
    const open = facts([NOON, opened], [NOON, evaluated('hold', 'dns')])

    const { total } = insightsOf([...times, open], ask)

    assert.deepEqual(
      [total.hold, total.decided, total.medianMs, total.p90Ms],
      [11, 10, 5 * MINUTE, 9 * MINUTE],
    )
  })

  it('count holds and rejections by each rule that held', () => {
    const no = facts(
      [NOON, opened],
      [NOON, evaluated('hold', 'dns', 'iam')],
      [NOON + MINUTE, rejected(JONAS)],
    )
    const denied = facts([NOON, opened], [NOON, evaluated('deny', 'dns')])

    const { rules } = insightsOf([no, held(NOON, HOUR, [ADA, 'iam']), denied], ask)

    assert.deepEqual(rules, [
      { rule: 'iam', holds: 2, decided: 2, rejected: 1 },
      { rule: 'dns', holds: 1, decided: 1, rejected: 1 },
    ])
  })

  it('take a decision for fast since it was asked for, since the one before, or since it was shown', () => {
    const asked = held(NOON, 4_000)
    const slow = held(NOON, 10 * MINUTE, [JONAS, 'stateful'])
    const after = held(NOON, 10 * MINUTE + 4_000, [JONAS, 'dns'])
    const shown = facts(
      [NOON, opened],
      [NOON, evaluated('hold', 'dns')],
      [NOON + HOUR, approved(INES, { count: 0, of: 0, opened: false, seconds: 3 })],
    )

    const { reading } = insightsOf([asked, slow, after, shown], ask)

    assert.deepEqual([reading.decisions, reading.fast], [4, 3])
    assert.deepEqual(reading.fastRule, { rule: 'dns', fast: 2 })
    assert.deepEqual([reading.stated, reading.unopened], [1, 1])
  })

  it('ask again after a new evaluation, so that only what came after it is fast', () => {
    const again = facts(
      [NOON, opened],
      [NOON, evaluated('hold', 'dns')],
      [NOON + HOUR, evaluated('hold', 'dns')],
      [NOON + HOUR + 2_000, approved(ADA)],
    )

    assert.equal(insightsOf([again], ask).reading.fast, 1)
  })

  it('know night and week by the clock of the one who asks', () => {
    const late = held(MONDAY + 21 * HOUR, MINUTE)
    const night = (offsetMinutes: number) =>
      insightsOf([late], { ...ask, offsetMinutes }).reading.night

    assert.deepEqual([night(0), night(120), night(-300)], [0, 1, 0])
    assert.equal(weekStart(MONDAY, 0), MONDAY)
    assert.equal(weekStart(MONDAY - 1, 0), MONDAY - 7 * DAY)
    assert.equal(weekStart(MONDAY - 1, 120), MONDAY - 2 * HOUR)
  })

  it('give a team’s share without a name, and none of a team so small that it names somebody', () => {
    const decisions = [...Array(4)].map((_, at) => held(NOON + at * HOUR, HOUR, [ADA, 'stateful']))
    const other = held(NOON, HOUR, [JONAS, 'stateful'])
    const teams = new Map([
      ['platform', [ADA, JONAS, INES]],
      ['dba', [ADA, JONAS]],
      ['sre', [INES, JONAS, person('lars')]],
    ])

    const { reading } = insightsOf([...decisions, other], { ...ask, teams })

    assert.deepEqual(reading.busiest, [{ team: 'platform', decisions: 5, most: 4, others: 1 }])
  })

  it('tell a person their own figures, and say nothing of anybody else by id', () => {
    const all = [
      held(NOON, MINUTE, [ADA, 'stateful']),
      held(NOON, HOUR, [JONAS, 'stateful']),
      held(NOON, 3_000, [JONAS, 'stateful']),
    ]
    const teams = new Map([['platform', [ADA, JONAS, INES]]])

    const mine = insightsOf(all, { ...ask, teams, you: JONAS })
    const nobody = insightsOf(all, { ...ask, teams })

    assert.deepEqual(mine.you, {
      decisions: 2,
      fast: 1,
      stated: 0,
      unopened: 0,
      night: 0,
      medianMs: 3_000,
    })
    assert.equal(nobody.you, null)
    assert.ok(!JSON.stringify([mine, nobody]).includes('per_'))
  })

  it('are zeros and nothing where nothing happened', () => {
    const { weeks, total, rules, reading } = insightsOf([], ask)

    assert.equal(weeks.length, 1)
    assert.deepEqual(total, { allow: 0, hold: 0, deny: 0, decided: 0, medianMs: null, p90Ms: null })
    assert.deepEqual([rules, reading.decisions, reading.busiest], [[], 0, []])
  })
})

it('a quantile is a value that was there', () => {
  assert.equal(quantile([], 0.5), null)
  assert.equal(quantile([7], 0.9), 7)
  assert.equal(quantile([3, 1, 2], 0.5), 2)
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2)
})
