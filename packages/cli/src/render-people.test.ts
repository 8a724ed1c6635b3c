import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EvidenceReport } from '@holdpoint/core'
import {
  givenPlan,
  givenResource,
  givenView,
  MINUTE,
  NEWER,
  NOW,
} from '../../../test/fixtures/change-given.ts'
import { plainInk } from './render.ts'
import { renderFault, renderReport } from './render-audit.ts'
import { renderChange } from './render-change.ts'
import { renderInbox } from './render-inbox.ts'
import { clock, duration, exactDuration, left } from './render-text.ts'

const manner = { ink: plainInk, columns: 80, full: false, now: NOW }

test('an inbox sorts by danger and then by the time that is left', () => {
  const soon = givenView({ headline: 'Creates 1 resource', summary: {}, dueAt: NOW + 5 * MINUTE })
  const worst = givenView({ id: NEWER })
  const inbox = { needsYou: [soon, worst], waitingForOthers: [], yours: [] }

  assert.deepEqual(renderInbox(inbox, manner), [
    'Needs you',
    '  - 9ptw3e  payments/prod  Deletes a database',
    '    held   1 of 2   by Mira Holt   3 h 57 min left',
    '  ~ 8fq2kd  payments/prod  Creates 1 resource',
    '    held   1 of 2   by Mira Holt   5 min left',
  ])
})

test('what reminded its reader stands out in the inbox, and the change says when', () => {
  const calm = givenView({ headline: 'Creates 1 resource', summary: {}, dueAt: NOW + 5 * MINUTE })
  const told = givenView({ id: NEWER, summary: {}, remindedAt: NOW - 2 * MINUTE })
  const inbox = { needsYou: [calm, told], waitingForOthers: [], yours: [] }

  const lines = renderInbox(inbox, manner)

  assert.match(lines[1] ?? '', /9ptw3e/)
  assert.equal(
    lines[2],
    `    held   1 of 2   reminded ${clock(NOW - 2 * MINUTE, NOW)}   by Mira Holt   3 h 57 min left`,
  )
  const [dba, platform] = givenView().slots
  assert.ok(dba !== undefined && platform !== undefined)
  const slots = [dba, { ...platform, slot: { ...platform.slot, remindSeconds: [60, 7200] } }]
  const { openedAt } = givenView()
  const shown = renderChange(
    { view: givenView({ slots }), plan: givenPlan([]), checked: true },
    manner,
  )
  assert.match(shown.join('\n'), new RegExp(`; reminded ${clock(openedAt + 60_000, NOW)}$`, 'm'))
})

test('an inbox without need says so, whatever else is in it', () => {
  const inbox = { needsYou: [], waitingForOthers: [givenView()], yours: [] }

  assert.equal(renderInbox(inbox, manner).at(-1), 'Nothing needs you')
  assert.deepEqual(renderInbox({ ...inbox, waitingForOthers: [] }, manner), ['Nothing needs you'])
})

const database = givenResource({
  address: 'aws_db_instance.reporting',
  type: 'aws_db_instance',
  action: 'delete',
  after: null,
})

test('a change says what it does before what its author says, and who moves next last', () => {
  const view = givenView({
    words: 'only a rename\u001b[2K',
    bindsTarget: true,
    sameStateAs: ['pay/prod', null],
  })

  const lines = renderChange({ view, plan: givenPlan([database]), checked: true }, manner)

  assert.deepEqual(lines, [
    'Deletes a database',
    '8fq2kd  payments/prod   by Mira Holt, on a self-reported runner   opened 3 min ago',
    '  their words: "only a rename\\u{001B}[2K"',
    '! payments/prod is bound to no place yet: its first release binds it to s3',
    '! its state is already that of pay/prod, one you may not see: is the name misspelt?',
    'Planned  payments/prod   1 delete',
    '- aws_db_instance.reporting  STORED DATA IS DELETED',
    '    the plan does not say whether a backup remains',
    'HELD  stateful-destroy  Destroys stored data',
    '      aws_db_instance.reporting',
    `      needs  one of team:dba   Jonas Weber ${clock(NOW - MINUTE, NOW)}`,
    '             one of team:platform   Ines Duarte (you)',
    'Fingerprint of what is shown here  0000 0000 … 0000 0000',
    'https://holdpoint.acme.internal/changes/chg_8fq2kd0000000000',
    'Held  1 of 2 approvals; still needed: platform; expires in 3 h 57 min',
  ])
})

test('a fingerprint that does not fit is no fingerprint of what is shown', () => {
  const lines = renderChange({ view: givenView(), plan: givenPlan([]), checked: false }, manner)

  assert.ok(
    lines.includes('This does not give the fingerprint 0000 0000 … 0000 0000: do not approve it'),
  )
})

test('a slot that nobody can fill now says so', () => {
  const slot = { from: ['team:dba'], count: 2 }
  const view = givenView({ slots: [{ slot, filledBy: [], candidates: [], nextTurnAt: null }] })

  const lines = renderChange({ view, plan: givenPlan([]), checked: true }, manner)

  assert.ok(lines.includes('      needs  2 of team:dba   nobody can fill it now'))
})

const REPORT: EvidenceReport = {
  origin: 'holdpoint.acme.internal/log',
  entries: 51,
  changes: 6,
  keyPinned: true,
  development: false,
  decisionsByPasskey: 0,
  decisionsByServersWord: 6,
  peoplePinned: false,
  decisionsByTrustedKey: 0,
  keysOnServersWord: [],
  glassBroken: 0,
  glassReviewed: 0,
  glassOverdue: 0,
  executionsManaged: 0,
  executionsAttested: 0,
  executionsSelfReported: 2,
  executionsByPipeline: 1,
  executionsReleasedByRule: 0,
  checkpointsWitnessed: 0,
  checkpointsNotWitnessed: 1,
  evidenceChecked: 23,
  evidenceNamed: 24,
  textsNamed: 6,
  textsChecked: 5,
}

test('a good bundle says in numbers what is proven and what is somebody’s word', () => {
  const lines = renderReport(REPORT, plainInk)

  assert.ok(lines.includes('      51  entries in this order, none missing before the checkpoint'))
  assert.ok(lines.includes('!      6  decisions, on the server’s word'))
  assert.ok(lines.includes('!      2  executions, on the word of a self-reported runner'))
  assert.ok(
    lines.includes('!      1  pieces of evidence that entries name and this bundle does not hold'),
  )
  assert.equal(lines.at(-1), 'Verified  51 entries, nothing removed or rewritten')
})

test('without a key of one’s own, and for development, the report claims less', () => {
  const lines = renderReport({ ...REPORT, keyPinned: false, development: true }, plainInk)

  assert.match(lines.at(-1) ?? '', /if the key in the bundle is the log’s own$/)
  assert.ok(lines.includes('! Development: anyone could be anyone. Not evidence.'))
})

test('a bad bundle names the first bad thing first', () => {
  const [first] = renderFault({ what: 'entry 17', problem: 'its leaf hash is another' }, plainInk)

  assert.equal(first, 'NOT VERIFIED  entry 17: its leaf hash is another')
})

test('what is left is rounded up to the minute, and counted in seconds at the end', () => {
  const day = 24 * 60 * MINUTE

  assert.deepEqual([day - 2_000, 90_000, 59_000, -5].map(left), ['24 h', '2 min', '59 s', '0 s'])
})

test('durations have two units at most, and never run backwards', () => {
  const hour = 60 * MINUTE

  assert.deepEqual([-5, 41_000, 3 * MINUTE, 237 * MINUTE, 2 * hour, 50 * hour].map(duration), [
    '0 s',
    '41 s',
    '3 min',
    '3 h 57 min',
    '2 h',
    '2 days',
  ])
  assert.equal(exactDuration(192_000), '3 min 12 s')
})

test('a clock time has its date where it could mean another day', () => {
  assert.match(clock(NOW, NOW), /^\d\d:\d\d$/)
  assert.match(clock(NOW + 24 * 60 * MINUTE, NOW), /^\d{4}-\d\d-\d\d \d\d:\d\d$/)
})
