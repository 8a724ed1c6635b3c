import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  givenChangeId,
  givenGrantId,
  givenOutcome,
  givenReleasedChange,
  givenStarted,
  HOUR,
  NOW,
} from '../test/given.ts'
import { grantOf, isLive, RUNNER_ACTIONS, runnerStatement } from './grant.ts'

test('a change has a grant once it started, and until its end', () => {
  const executing = givenReleasedChange({ after: [givenStarted()] })
  const finished = givenReleasedChange({
    after: [givenStarted(), { type: 'execution_finished', ...givenOutcome() }],
  })

  assert.equal(grantOf(givenReleasedChange()), null)
  assert.deepEqual(grantOf(executing), {
    id: givenGrantId(),
    change: givenChangeId(),
    issuedAt: NOW,
    until: NOW + HOUR,
  })
  assert.equal(isLive(executing, NOW + HOUR - 1), true)
  assert.equal(isLive(executing, NOW + HOUR), false)
  assert.equal(isLive(finished, NOW), false)
  assert.equal(isLive(givenReleasedChange(), NOW), false)
})

test('a statement is one line of domain and the canonical request', () => {
  const body = { outcome: { result: 'applied', exitCode: 0 } }

  assert.equal(
    runnerStatement({ action: 'finish', change: givenChangeId(), body }),
    'holdpoint-runner-v1\n{"action":"finish","body":{"outcome":{"exitCode":0,' +
      '"result":"applied"}},"change":"chg_one0000000000000"}',
  )
})

test('a statement for one action, change or body is a statement for no other', () => {
  const statements = RUNNER_ACTIONS.flatMap((action) =>
    ['one', 'two'].flatMap((name) =>
      [null, {}, { beat: 1 }, { beat: 2 }, 'beat', ['beat']].map((body) =>
        runnerStatement({ action, change: givenChangeId(name), body }),
      ),
    ),
  )

  assert.equal(new Set(statements).size, statements.length)
})

test('the order of a body’s fields says nothing', () => {
  const statement = (body: { readonly [key: string]: number }) =>
    runnerStatement({ action: 'heartbeat', change: givenChangeId(), body })

  assert.equal(statement({ a: 1, b: 2 }), statement({ b: 2, a: 1 }))
})
