import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  givenChange,
  givenContext,
  givenDigest,
  givenReleasedChange,
  MINUTE,
  NOW,
  RUNNER_KEY,
} from '../test/given.ts'
import type { Change } from './change.ts'
import type { RefusedStart } from './change-commands.ts'
import { decide } from './change-decide.ts'

const REFUSED: RefusedStart = {
  differences: [{ part: 'source', approved: givenDigest('source'), now: givenDigest('edited') }],
  names: givenDigest('main.tf'),
}

function refuse(
  change: Change,
  about: { readonly runnerKey?: string; readonly refused?: RefusedStart } = {},
  now = NOW + MINUTE,
) {
  const command = { runnerKey: RUNNER_KEY, refused: REFUSED, ...about }
  return decide(change, { type: 'refuse_start', ...command }, givenContext({ now }))
}

test('a runner that finds a difference itself has it recorded', () => {
  assert.deepEqual(refuse(givenReleasedChange()), {
    ok: true,
    events: [{ type: 'execution_refused', ...REFUSED }],
  })
})

test('what a runner refuses again within the minute is no further entry', () => {
  const change = givenReleasedChange({ after: [{ type: 'execution_refused', ...REFUSED }] })

  assert.deepEqual(refuse(change, {}, NOW + MINUTE - 1), { ok: true, events: [] })
  assert.equal(refuse(change).events.length, 1)
})

test('only a released change has a start to refuse', () => {
  assert.deepEqual(refuse(givenChange()), {
    ok: false,
    refusal: { code: 'wrong_state', status: 'held', command: 'refuse_start' },
    events: [],
  })
})

test('another runner refuses nothing', () => {
  assert.deepEqual(refuse(givenReleasedChange(), { runnerKey: 'another key' }), {
    ok: false,
    refusal: { code: 'other_runner' },
    events: [],
  })
})

test('a refused start says what differs', () => {
  const refused = { ...REFUSED, differences: [] }

  assert.deepEqual(refuse(givenReleasedChange(), { refused }), {
    ok: false,
    refusal: { code: 'invalid_input', problems: ['a refused start says what differs'] },
    events: [],
  })
})
