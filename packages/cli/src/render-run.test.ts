import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CHANGE,
  givenPlan,
  givenResource,
  givenView,
  MINUTE,
  NOW,
} from '../../../test/fixtures/change-given.ts'
import { plainInk } from './render.ts'
import type { TimedManner } from './render-change.ts'
import { createRunRenderer } from './render-run.ts'
import { clock } from './render-text.ts'

const manner: TimedManner = { ink: plainInk, columns: 80, full: false, now: NOW }
const open = (progressColumns = 120) =>
  createRunRenderer({ workspace: 'payments/prod', door: 'apply', progressColumns })

const database = givenResource({
  address: 'aws_db_instance.reporting',
  type: 'aws_db_instance',
  action: 'delete',
  after: null,
})

test('a plan is counted, worst first, and then listed', () => {
  const plan = givenPlan([givenResource({ address: 'a.new' }), database])

  assert.deepEqual(open().show({ type: 'planned', plan }, manner).lines, [
    'Planned  payments/prod   1 delete  1 create',
    '- aws_db_instance.reporting  STORED DATA IS DELETED',
    '    the plan does not say whether a backup remains',
    '+ a.new',
  ])
})

test('a hold says why, who is needed and where, and then waits', () => {
  const shown = open().show({ type: 'moved', change: givenView() }, manner)

  assert.deepEqual(shown.lines, [
    'HELD  stateful-destroy  Destroys stored data',
    '      aws_db_instance.reporting',
    `      needs  one of team:dba   Jonas Weber ${clock(NOW - MINUTE, NOW)}`,
    '             one of team:platform   Ines Duarte (you)',
    `      https://holdpoint.acme.internal/changes/chg_8fq2kd0000000000    expires ${clock(NOW + 237 * MINUTE, NOW)}`,
  ])
  assert.equal(
    shown.progress,
    'Waiting  1 of 2 approvals; still needed: one of team:platform; opened 3 min ago; expires in 3 h 57 min',
  )
})

test('the hold is explained once; later only the waiting line moves', () => {
  const renderer = open()
  renderer.show({ type: 'moved', change: givenView({ slotsFilled: 0 }) }, manner)

  const shown = renderer.show({ type: 'moved', change: givenView() }, manner)

  assert.deepEqual(shown.lines, [])
  assert.match(shown.progress ?? '', /^Waiting {2}1 of 2 approvals/)
})

test('on a narrow terminal the waiting line keeps who is needed and when it ends', () => {
  const renderer = open(80)
  renderer.show({ type: 'moved', change: givenView() }, manner)

  const line = renderer.waiting(manner)

  assert.equal(line, 'Waiting  1 of 2 approvals; still needed: platform; expires in 3 h 57 min')
})

test('nobody is waited for once it is released', () => {
  const renderer = open()
  renderer.show({ type: 'moved', change: givenView() }, manner)
  const decisions = [
    {
      person: { kind: 'person', id: null, name: 'Ines Duarte' },
      decision: 'approve',
      assurance: 'development',
      at: NOW,
      reason: null,
    },
  ] as const

  const shown = renderer.show(
    { type: 'moved', change: givenView({ status: 'released', decisions }) },
    manner,
  )

  assert.deepEqual(shown.lines, [`Released  ${clock(NOW, NOW)} by Ines Duarte`])
  assert.equal(renderer.waiting(manner), null)
})

test('what a rule allowed names the rule and until when', () => {
  const view = givenView({ status: 'released', releasedUntil: NOW + 15 * MINUTE })
  const evaluation = {
    verdict: 'allow',
    allowedBy: 'additive-in-dev',
    requirement: null,
    policyRevision: 3,
    evaluatedAt: NOW,
    scope: null,
  } as const

  assert.deepEqual(open().show({ type: 'moved', change: { ...view, evaluation } }, manner).lines, [
    `Allowed  by additive-in-dev   good until ${clock(NOW + 15 * MINUTE, NOW)}`,
  ])
})

test('a difference names what differs, both digests, and the way on', () => {
  const renderer = open()
  renderer.show(
    { type: 'moved', change: givenView({ status: 'released', releasedUntil: NOW + 47 * MINUTE }) },
    manner,
  )
  const differences = [
    {
      part: 'source',
      name: 'scripts/migrate.sh',
      approved: `c41d0a77${'0'.repeat(56)}`,
      now: `90fe3b12${'0'.repeat(56)}`,
    },
  ]

  assert.deepEqual(renderer.show({ type: 'differs', differences }, manner).lines, [
    'REFUSED TO START  what would run is not what was approved',
    '  scripts/migrate.sh   approved c41d0a77  now 90fe3b12',
    '  Nothing was applied. The approvals stand: put it back and run',
    `  holdpoint apply again before ${clock(NOW + 47 * MINUTE, NOW)}, or plan anew.`,
  ])
})

test('applying counts resources as n of m', () => {
  const event = { type: 'progress', address: 'a.b', action: 'create', total: 5 } as const

  const going = open().show({ ...event, state: 'started', done: 1 }, manner)
  const ended = open().show({ ...event, state: 'done', done: 5 }, manner)

  assert.equal(going.progress, 'Applying  resource 2 of 5   create a.b')
  assert.equal(ended.progress, 'Applying  resource 5 of 5   create a.b')
})

test('the tool’s words are progress while it plans, and stay while it applies', () => {
  const renderer = open()
  const event = { type: 'tool_output', text: 'a: Refreshing\u001b[31m\n' } as const

  assert.equal(renderer.show(event, manner).progress, 'Planning  a: Refreshing\\u{001B}[31m')
  renderer.show({ type: 'started', grant: 'grn_0', until: NOW + MINUTE }, manner)
  assert.deepEqual(renderer.show(event, manner).notes, ['a: Refreshing\\u{001B}[31m'])
})

test('a tool’s error says where, and a long detail says how much is left out', () => {
  const detail = Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n')
  const problem = { severity: 'error', summary: 'Invalid', detail, address: 'a.b' } as const

  const { notes } = open().show({ type: 'tool_problem', problem }, manner)

  assert.equal(notes[0], 'Error  Invalid  (a.b)')
  assert.equal(notes.at(-1), '  and 8 more lines')
})

test('at the gate nothing is said to be applied here', () => {
  const renderer = createRunRenderer({ workspace: 'w', door: 'gate', progressColumns: 80 })

  const shown = renderer.show({ type: 'started', grant: 'grn_0', until: NOW }, manner)

  assert.deepEqual(shown.lines, [])
  assert.equal(renderer.startedAt(), NOW)
  assert.deepEqual(
    renderer.show({ type: 'opened', change: CHANGE, status: 'evaluating', again: false }, manner)
      .progress,
    'Reading the plan  8fq2kd',
  )
})
