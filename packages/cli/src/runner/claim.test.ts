import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claim } from './claim.ts'
import { AWAY_MS_MAX } from './patience.ts'
import type { ServerCalls, StartBody } from './server-calls.ts'

const problemOf = (code: string) => ({ code, title: code, detail: 'why', remedy: 'what to do' })
const BODY = {} as StartBody

/** Answers in this order, and counts how often it was asked. */
function answering(...answers: readonly { readonly status: number; readonly code: string }[]) {
  const left = [...answers]
  let asked = 0
  const start: ServerCalls['start'] = async () => {
    asked += 1
    const { status, code } = left.shift() ?? { status: 500, code: 'asked too often' }
    return { ok: false, status, problem: problemOf(code) }
  }
  const view = () => Promise.reject(new Error('nobody looks at the change here'))
  return { calls: { start, view }, asked: () => asked }
}

for (const code of ['reads_only', 'clock_differs'])
  test(`a server that says ${code} is not asked again: it would say so for ever`, async () => {
    const { calls, asked } = answering({ status: 503, code })

    const claimed = await claim(calls, BODY, {
      signal: AbortSignal.timeout(10_000),
      awayMsMax: AWAY_MS_MAX,
    })

    assert.deepEqual(claimed, { type: 'refused', problem: problemOf(code) })
    assert.equal(asked(), 1)
  })

test('a server that did not answer well is asked again, and believed when it does', async () => {
  const { calls, asked } = answering(
    { status: 502, code: 'fault' },
    { status: 409, code: 'target_differs' },
  )

  const claimed = await claim(calls, BODY, {
    signal: AbortSignal.timeout(10_000),
    awayMsMax: AWAY_MS_MAX,
  })

  assert.deepEqual(claimed, { type: 'refused', problem: problemOf('target_differs') })
  assert.equal(asked(), 2)
})
