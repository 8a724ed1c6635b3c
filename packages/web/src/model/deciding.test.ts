import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digest, entry, givenChange, ids, JONAS, NOW, WHEN } from '../../test/given.ts'
import { controlsOf, type Page, whyNotApprove, whyNotReject } from './deciding.ts'
import { inboxGroups } from './inbox-view.ts'
import { AT_REST, pressKey } from './keys.ts'
import { newsOf } from './news.ts'
import { slotLines } from './slots.ts'
import { clock } from './time.ts'
import { timelineOf } from './timeline.ts'

const SHOWN = { needed: ['a'], shown: 1, next: null } as const
const GOOD: Page = {
  offline: false,
  fingerprint: { state: 'same', digest: digest('a') },
  shown: SHOWN,
}

test('everything in order, one can approve and reject', () => {
  assert.equal(whyNotApprove(givenChange(), GOOD), null)
  assert.equal(whyNotReject(givenChange(), GOOD), null)
})

test('the server’s reason comes first and is given whole', () => {
  const approve = { title: 'You cannot approve this one', detail: 'You asked.', remedy: 'Ask Ada.' }
  const change = givenChange({ you: { ...givenChange().you, approve } })
  assert.deepEqual(whyNotApprove(change, { ...GOOD, offline: true }), {
    title: 'You cannot approve this one',
    detail: 'You asked. Ask Ada.',
  })
})

test('nothing is decided without a connection', () => {
  const page = { ...GOOD, offline: true }
  assert.equal(whyNotApprove(givenChange(), page)?.title, 'No connection')
  assert.equal(whyNotReject(givenChange(), page)?.title, 'No connection')
})

test('nothing is approved before the page has the same fingerprint', () => {
  const states = [
    { state: 'computing' },
    { state: 'differs', digest: 'x' },
    { state: 'unavailable', why: 'not found' },
  ] as const
  for (const fingerprint of states)
    assert.notEqual(whyNotApprove(givenChange(), { ...GOOD, fingerprint }), null)
})

test('nothing is approved before what is destroyed was shown', () => {
  const shown = { needed: ['a', 'b', 'c'], shown: 2, next: 'c' }
  assert.deepEqual(whyNotApprove(givenChange(), { ...GOOD, shown }), {
    title: 'Not all shown yet',
    detail:
      '2 of 3 were on your screen. Look at the one left: what is destroyed has to be seen before.',
  })
  assert.equal(whyNotReject(givenChange(), { ...GOOD, shown }), null)
})

test('the state of a change decides which controls there are', () => {
  const mine = [
    { person: JONAS, decision: 'approve', assurance: 'development', at: NOW, reason: null },
  ] as const
  const none = {
    approve: false,
    reject: false,
    takeBack: false,
    withdraw: false,
    resolve: false,
    stop: false,
  }
  assert.deepEqual(controlsOf(givenChange(), ids.ines), { ...none, approve: true, reject: true })
  assert.deepEqual(controlsOf(givenChange({ decisions: mine }), ids.jonas), {
    ...none,
    reject: true,
    takeBack: true,
  })
  assert.deepEqual(controlsOf(givenChange({ status: 'executing' }), ids.ines), none)
  const stopper = { ...givenChange().you, revoke: null }
  const running = givenChange({ status: 'executing', you: stopper })
  assert.deepEqual(controlsOf(running, ids.ines), { ...none, stop: true })
  const owner = { ...givenChange().you, resolve: null }
  const unknown = givenChange({ status: 'outcome_unknown', you: owner })
  assert.deepEqual(controlsOf(unknown, ids.ines), {
    ...none,
    resolve: true,
  })
  assert.deepEqual(controlsOf(givenChange({ yours: true }), null), {
    ...none,
    approve: true,
    reject: true,
    withdraw: true,
  })
})

test('no key approves: A only opens the sheet', () => {
  const press = (key: string) => pressKey(AT_REST, { key, modifier: false, typing: false }).command
  assert.equal(press('a'), 'approve_sheet')
  assert.equal(press('J'), 'next')
  assert.equal(press('x'), null)
  assert.equal(press('constructor'), null)
})

test('keys are off while typing and with a modifier', () => {
  const presses = [
    { key: 'r', modifier: true, typing: false },
    { key: 'r', modifier: false, typing: true },
    { key: 'g', modifier: false, typing: true },
  ]
  for (const press of presses)
    assert.deepEqual(pressKey(AT_REST, press), { state: AT_REST, command: null })
})

test('G waits for where to go, once', () => {
  const first = pressKey(AT_REST, { key: 'g', modifier: false, typing: false })
  assert.equal(first.command, null)
  const second = pressKey(first.state, { key: 'l', modifier: false, typing: false })
  assert.deepEqual(second, { state: AT_REST, command: 'go_log' })
})

test('slots name who filled them and who can', () => {
  assert.deepEqual(
    slotLines(givenChange(), WHEN).map((line) => [line.name, line.needsYou, line.detail]),
    [
      ['dba', false, 'Jonas Weber approved at 02:29, unsigned'],
      ['platform', true, 'Or Tomás Silva'],
    ],
  )
})

test('an open slot says when it reminded, or will', () => {
  const [filled, open] = givenChange().slots
  assert.ok(filled !== undefined && open !== undefined)
  const detail = (remindSeconds: readonly number[]) => {
    const slots = [{ ...filled, slot: { ...filled.slot, remindSeconds } }]
    const asked = [...slots, { ...open, slot: { ...open.slot, remindSeconds } }]
    return slotLines(givenChange({ slots: asked }), WHEN).map((line) => line.detail)
  }
  const { openedAt } = givenChange()

  assert.deepEqual(detail([600, 3600]), [
    'Jonas Weber approved at 02:29, unsigned',
    `Or Tomás Silva; reminded ${clock(openedAt + 600_000, WHEN)}`,
  ])
  assert.match(detail([3600])[1] ?? '', /; a reminder at \d\d:\d\d$/)
})

test('the inbox shows whom it reminded, before what has less time left', () => {
  const calm = givenChange({ headline: 'Calm', summary: {}, dueAt: NOW + 60_000 })
  const told = givenChange({ headline: 'Told', summary: {}, remindedAt: NOW - 60_000 })
  const [group] = inboxGroups({ needsYou: [calm, told], waitingForOthers: [], yours: [] }, WHEN)

  assert.deepEqual(
    group?.rows.map(({ headline, reminded }) => [headline, reminded]),
    [
      ['Told', `reminded ${clock(NOW - 60_000, WHEN)}`],
      ['Calm', undefined],
    ],
  )
})

test('news are what others did since the page was read', () => {
  const approved = entry({ seq: 12, type: 'approved', actor: JONAS })
  const timeline = [entry({ seq: 10 }), approved]
  assert.equal(newsOf(timeline, { after: 10, me: ids.ines }), 'Jonas Weber approved.')
  assert.equal(newsOf(timeline, { after: 12, me: ids.ines }), null)
  assert.equal(newsOf(timeline, { after: 10, me: ids.jonas }), null)
})

test('the timeline draws long waiting as waiting', () => {
  const change = givenChange({
    timeline: [
      entry({ seq: 10, at: NOW - 72 * 60_000 }),
      entry({ seq: 11, at: NOW, type: 'approved', actor: JONAS, event: { assurance: 'passkey' } }),
    ],
  })
  const lines = timelineOf(change, WHEN)
  assert.deepEqual(
    lines.map((line) => (line.kind === 'gap' ? line.text : `${line.who} ${line.what}`)),
    ['Mira Kovač opened it', 'waited 1 h 12 min for Jonas Weber', 'Jonas Weber approved, passkey'],
  )
})

test('an event of a later version is named and not hidden', () => {
  const change = givenChange({ timeline: [entry({ type: 'invented_later', event: null })] })
  const [line] = timelineOf(change, WHEN)
  assert.equal(line?.kind === 'entry' ? line.what : null, 'invented later')
})
