import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange, JONAS, NOW, WHEN } from '../../test/given.ts'
import { historyDays, historyQueryOf, isNarrowed } from './history-view.ts'
import type { HistoryRow } from './wire.ts'

function row(edit: Partial<HistoryRow> = {}): HistoryRow {
  const { outcome, resolution, ...given } = givenChange()
  return { ...given, glass: null, decided: [], outcome, resolution, ...edit }
}
const decided = [{ person: JONAS, decision: 'approve', at: NOW - 60_000 }] as const

test('the address asks for what it says and for nothing else', () => {
  const query = new URLSearchParams(
    'q=%20ledger%20&status=refused&workspace=a/b&rule=dns&requester=mira&glass=owed&agent=1&tab=x',
  )

  assert.deepEqual(historyQueryOf(query), {
    status: 'denied,rejected',
    text: 'ledger',
    workspace: 'a/b',
    rule: 'dns',
    requester: 'mira',
    glass: 'owed',
    agent: '1',
  })
  assert.deepEqual(historyQueryOf(new URLSearchParams('status=odd&glass=odd&from=odd&q=')), {})
  assert.equal(isNarrowed(query), true)
  assert.equal(isNarrowed(new URLSearchParams('tab=x')), false)
})

test('days begin at midnight here, and the last one is included whole', () => {
  const query = historyQueryOf(new URLSearchParams('from=2026-11-24&to=2026-11-24'))

  assert.equal(query.from, new Date(2026, 10, 24).getTime())
  assert.equal(query.until, new Date(2026, 10, 25).getTime())
})

test('rows stand under the day they were opened on, in the order they came', () => {
  const DAY = 86_400_000
  const rows = [
    row({ openedAt: NOW }),
    row({ openedAt: NOW - DAY }),
    row({ openedAt: NOW - 9 * DAY }),
  ]

  assert.deepEqual(
    historyDays(rows, WHEN).map((day) => [day.title, day.rows.length]),
    [
      ['Today', 1],
      ['Yesterday', 1],
      ['Monday, 16 November', 1],
    ],
  )
})

test('a row says what became of it and who decided', () => {
  const who = (edit: Partial<HistoryRow>) => historyDays([row(edit)], WHEN)[0]?.rows[0]?.who
  const outcome = {
    result: 'applied',
    exitCode: 0,
    appliedCount: 5,
    totalCount: 5,
    sourceChanged: false,
    lineage: null,
  } as const

  assert.deepEqual(who({}), ['Held, 1 of 2', 'stateful-destroy'])
  assert.deepEqual(who({ status: 'applied', outcome, decided }), [
    'Applied, 5 of 5',
    'by Jonas Weber',
  ])
  assert.deepEqual(who({ status: 'failed', resolution: 'in_part' }), [
    'In part, an owner says',
    'stateful-destroy',
  ])
  assert.deepEqual(who({ status: 'applied', verdict: 'allow', rules: ['additive'] }), [
    'Applied',
    'allowed by additive',
  ])
})
