import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHANGE, givenView, MINUTE, NEWER, NOW } from '../../../test/fixtures/change-given.ts'
import { plainInk } from './render.ts'
import type { TimedManner } from './render-change.ts'
import { renderEnding } from './render-ending.ts'
import { clock } from './render-text.ts'
import type { Ending } from './runner/run-result.ts'

const manner: TimedManner = { ink: plainInk, columns: 80, full: false, now: NOW }

function last(ending: Ending, given: { logEntry?: number; compared?: readonly string[] } = {}) {
  const { logEntry = null, compared = [] } = given
  const startedAt = NOW - 3 * MINUTE - 12_000
  const ended = { ending, change: CHANGE, startedAt, logEntry, compared, goesOnWith: null }
  return renderEnding(ended, manner)
}

const outcome = {
  result: 'applied',
  exitCode: 0,
  appliedCount: 5,
  totalCount: 5,
  sourceChanged: false,
  lineage: 'abc',
} as const

test('what was applied is counted, timed, and found in the log', () => {
  const ending: Ending = { type: 'applied', outcome, recorded: true, stderr: '' }

  assert.deepEqual(last(ending, { logEntry: 48_230 }), [
    'Applied  5 of 5 in 3 min 12 s   log entry 48230',
  ])
})

test('a failed apply says how far it came, the tool’s code and where to look', () => {
  const failed = { ...outcome, result: 'failed', exitCode: 1, appliedCount: 2 } as const
  const ending: Ending = { type: 'failed', outcome: failed, recorded: true, stderr: '' }

  assert.deepEqual(last(ending), [
    'FAILED  while applying: 2 of 5 applied before the error. The state was saved.',
    '  The tool ended with exit code 1.   holdpoint show 8fq2kd',
  ])
})

test('an outcome that the server has not heard is unknown, even when the tool succeeded', () => {
  const [first = '', second] = last({ type: 'applied', outcome, recorded: false, stderr: '' })

  assert.match(first, /^OUTCOME UNKNOWN {2}the tool ended with 0, 5 of 5 applied/)
  assert.equal(second, '  Do not run it again before somebody has looked: holdpoint show 8fq2kd')
})

test('a denied change names the rule, the resource, and that nobody can approve it', () => {
  const findings = [
    {
      rule: 'ssh-from-anywhere',
      outcome: 'deny',
      message: 'Opens port 22 to 0.0.0.0/0',
      resources: ['aws_security_group.app'],
      error: null,
    },
  ] as const
  const view = givenView({ status: 'denied', findings })
  const evaluation = {
    verdict: 'deny',
    allowedBy: null,
    requirement: null,
    policyRevision: 1,
    evaluatedAt: NOW,
    scope: null,
  } as const

  assert.deepEqual(last({ type: 'closed', view: { ...view, evaluation } }), [
    'DENIED  ssh-from-anywhere  Opens port 22 to 0.0.0.0/0',
    '        aws_security_group.app',
    '  No one can approve this. Change the configuration, or the rule.',
  ])
})

test('a superseded change shows how the newer plan differs and where to watch it', () => {
  const view = givenView({ status: 'superseded', supersededBy: NEWER })
  const compared = ['+ now also deletes aws_db_subnet_group.reporting']

  assert.deepEqual(last({ type: 'closed', view }, { compared }), [
    'SUPERSEDED  by 9ptw3e',
    '  + now also deletes aws_db_subnet_group.reporting',
    '  Approvals do not carry over. Watch the new one: holdpoint show 9ptw3e',
  ])
})

test('a rejection names who and quotes why, with nothing that acts on a terminal', () => {
  const decisions = [
    {
      person: { kind: 'person', id: null, name: 'Jonas Weber' },
      decision: 'reject',
      assurance: 'development',
      at: NOW,
      reason: 'Take a snapshot first.\u001b[2J',
    },
  ] as const

  assert.deepEqual(last({ type: 'closed', view: givenView({ status: 'rejected', decisions }) }), [
    `REJECTED  by Jonas Weber ${clock(NOW, NOW)}`,
    '  "Take a snapshot first.\\u{001B}[2J"',
  ])
})

test('leaving it held says how to come back', () => {
  assert.deepEqual(last({ type: 'held' }), ['Still held. holdpoint show 8fq2kd'])
})

test('every other ending has a last line of its own', () => {
  const problem = {
    code: 'expired',
    title: 'Expired',
    detail: 'It is late.',
    remedy: 'Plan again.',
  }
  const closed = (status: Parameters<typeof givenView>[0] & object) =>
    last({ type: 'closed', view: givenView(status) })[0]

  assert.deepEqual(last({ type: 'refused', problem }), [
    'Expired',
    '  It is late.',
    '  Plan again.',
  ])
  assert.match(closed({ status: 'expired' }) ?? '', /^EXPIRED/)
  assert.match(closed({ status: 'withdrawn' }) ?? '', /^WITHDRAWN/)
  assert.match(closed({ status: 'outcome_unknown' }) ?? '', /^OUTCOME UNKNOWN/)
  assert.match(closed({ status: 'executing' }) ?? '', /^STARTED ELSEWHERE/)
  assert.match(
    last({ type: 'differs', differences: [], isOutdated: false })[0] ?? '',
    /^Not started/,
  )
  assert.match(last({ type: 'interrupted' })[0] ?? '', /^Interrupted/)
  assert.match(last({ type: 'go', until: NOW }).at(-1) ?? '', /^Go {2}until/)
})
