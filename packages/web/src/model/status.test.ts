import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entry, givenChange, JONAS, NOW, WHEN } from '../../test/given.ts'
import { causesText } from './causes.ts'
import { differences, statusOf } from './status.ts'

const line = (change: ReturnType<typeof givenChange>) => statusOf(change, WHEN).line

test('a held change says until when, and that you fill the last slot', () => {
  assert.deepEqual(statusOf(givenChange(), WHEN), {
    tone: 'held',
    title: 'Held',
    beside: 'since 02:14, expires in 3 h 38 min',
    line: 'You fill the last slot.',
  })
})

test('a held change that waits for others names them', () => {
  const change = givenChange({ needsYou: false, slots: givenChange().slots.map(withoutYou) })
  assert.equal(
    line(change),
    'Waiting for platform: Ines Duarte or Tomás Silva. Nobody else can release it.',
  )
})

function withoutYou(view: ReturnType<typeof givenChange>['slots'][number]) {
  return { ...view, candidates: view.candidates.map((each) => ({ ...each, you: false })) }
}

test('a hold that nobody can fill says so', () => {
  const slots = givenChange().slots.map((view) => ({ ...view, candidates: [] }))
  assert.match(line(givenChange({ needsYou: false, slots })), /^Nobody in platform can decide/)
})

test('an allowed change names its rule and how long it is good', () => {
  const { evaluation } = givenChange()
  const change = givenChange({
    status: 'released',
    releasedUntil: NOW + 15 * 60_000,
    evaluation: evaluation && { ...evaluation, verdict: 'allow', allowedBy: 'additive-in-dev' },
  })
  const status = statusOf(change, WHEN)
  assert.equal(status.title, 'Allowed')
  assert.equal(status.line, 'By additive-in-dev. Good until 02:51.')
})

test('a released change says whose turn it is', () => {
  const change = givenChange({ status: 'released', releasedUntil: NOW + 3_600_000 })
  assert.equal(
    line(change),
    'Mira’s pipeline may now apply exactly this. Approvals can be taken back until it starts.',
  )
})

const REFUSED = entry({
  seq: 12,
  type: 'execution_refused',
  event: { type: 'execution_refused', differences: [{ part: 'source', approved: 'a', now: 'b' }] },
})

test('a refused start names what differs and keeps the approvals', () => {
  const change = givenChange({
    status: 'released',
    releasedUntil: NOW + 3_600_000,
    timeline: [entry({ type: 'released', seq: 11 }), REFUSED],
  })
  const status = statusOf(change, WHEN)
  assert.equal(status.title, 'Refused to start')
  assert.match(status.line, /source differs\. The approvals stand\./)
})

test('a malformed difference is left out and never invented', () => {
  const event = { differences: [{ part: 'source' }, null, 'x', 7] }
  assert.deepEqual(differences(entry({ event })), [])
  assert.deepEqual(differences(entry({ event: null })), [])
})

test('an applied change tells how much and how long', () => {
  const change = givenChange({
    status: 'applied',
    execution: {
      startedAt: NOW - 200_000,
      until: NOW,
      verifiedBy: 'self_reported',
      revokedAt: null,
      revokedBy: null,
      revokedBecause: null,
      endedAt: null,
      credentials: [],
    },
    outcome: {
      result: 'applied',
      exitCode: 0,
      appliedCount: 5,
      totalCount: 5,
      sourceChanged: false,
      lineage: null,
    },
    timeline: [entry({ at: NOW - 8_000, type: 'execution_finished' })],
  })
  assert.equal(line(change), '5 of 5 changes in 3 min 12 s.')
})

test('a rejection is quoted with its name', () => {
  const change = givenChange({
    status: 'rejected',
    decisions: [
      {
        person: JONAS,
        decision: 'reject',
        assurance: 'development',
        at: NOW,
        reason: 'Take a snapshot first.',
      },
    ],
  })
  const status = statusOf(change, WHEN)
  assert.equal(status.title, 'Rejected by Jonas Weber')
  assert.equal(status.line, '“Take a snapshot first.”')
})

test('a denied change quotes the rule as it is written', () => {
  const findings = [
    {
      rule: 'ssh-from-anywhere',
      outcome: 'deny',
      message: 'Opens SSH to the internet',
      resources: ['aws_security_group.app'],
      error: null,
    },
  ] as const
  assert.equal(
    line(givenChange({ status: 'denied', findings })),
    'ssh-from-anywhere: Opens SSH to the internet on aws_security_group.app. Nobody can approve this.',
  )
})

test('an expired change says within what time nobody decided', () => {
  assert.equal(
    line(givenChange({ status: 'expired' })),
    'Not decided within 4 h. Plan again to ask again.',
  )
})

test('every status has a title and a second line', () => {
  const all = ['evaluating', 'executing', 'failed', 'outcome_unknown', 'superseded', 'withdrawn']
  for (const status of all) {
    const view = statusOf(givenChange({ status: status as 'failed' }), WHEN)
    assert.notEqual(view.title, '')
    assert.match(view.line, /\.$/)
  }
})

test('the last approval says that it is released and who applies it', () => {
  assert.equal(
    causesText(givenChange()),
    'Yours is the last approval. It is released, and Mira’s pipeline applies it at once.',
  )
})

test('an approval that is not the last says what is still needed', () => {
  const change = givenChange({
    lastForRelease: false,
    missing: [
      { from: ['team:platform'], count: 1 },
      { from: ['team:sre'], count: 1 },
    ],
  })
  assert.equal(causesText(change), 'It counts; one more from sre is needed after it.')
})

test('whoever may not approve is not told what their approval would cause', () => {
  const refused = { title: 'No', detail: 'x', remedy: 'y' }
  const change = givenChange({ you: { ...givenChange().you, approve: refused } })
  assert.equal(causesText(change), '')
})
