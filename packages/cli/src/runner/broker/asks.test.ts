import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConnectionId } from '@holdpoint/core'
import type { ServerCalls } from '../server-calls.ts'
import { countingAsks } from './asks.ts'

type Answer = Awaited<ReturnType<ServerCalls['credentials']>>

const ID = parseConnectionId(`con_${'a'.repeat(16)}`) ?? assert.fail('no id')
const TOKEN = { form: 'token', token: 'secret', expiresAt: 1 } as const
const given: Answer = { ok: true, status: 200, value: TOKEN }
const refused = (status: number, code: string, about: object = {}): Answer => {
  const problem = { code, title: code, detail: code, remedy: code, ...about }
  return { ok: false, status, problem }
}

/** Answers in order, each when it is told to. */
function serverThat(answers: readonly Answer[]) {
  const asked: number[] = []
  let underWay = 0
  let most = 0
  const credentials: ServerCalls['credentials'] = async ({ ask }) => {
    asked.push(ask)
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setTimeout(resolve, 5))
    underWay -= 1
    return answers[asked.length - 1] ?? given
  }
  return { ask: countingAsks({ credentials }), asked, most: () => most }
}

test('two that are asked for at once are asked for one after the other, counting up', async () => {
  const { ask, asked, most } = serverThat([])

  await Promise.all([ask({ id: ID }, 'apply'), ask({ id: ID }, 'apply'), ask({ id: ID }, 'state')])

  assert.deepEqual(asked, [1, 2, 3])
  assert.equal(most(), 1)
})

test('a lost answer is asked for again, once', async () => {
  const lost = refused(409, 'asked_before')
  const { ask, asked } = serverThat([lost, given, lost, lost])

  assert.equal(await ask({ id: ID }, 'apply'), TOKEN)
  assert.equal(await ask({ id: ID }, 'apply'), null)
  assert.deepEqual(asked, [1, 2, 3, 4])
})

test('a server or a cloud that cannot answer now has not said no, and the next may ask', async () => {
  const { ask } = serverThat([refused(503, 'source_failed'), refused(429, 'too_many'), given])

  await assert.rejects(ask({ id: ID }, 'apply'), { code: 'server_unreachable' })
  await assert.rejects(ask({ id: ID }, 'apply'), { code: 'server_unreachable' })
  assert.equal(await ask({ id: ID }, 'apply'), TOKEN)
})

test('a refusal is no, and too little time is told apart', async () => {
  const cloud = refused(502, 'cloud_refused', { refusal: { code: 'cloud_refused' } })
  const { ask } = serverThat([
    refused(409, 'grant_not_live'),
    cloud,
    refused(409, 'grant_too_short'),
  ])

  assert.equal(await ask({ id: ID }, 'apply'), null)
  assert.equal(await ask({ id: ID }, 'apply'), null)
  assert.equal(await ask({ id: ID }, 'apply'), 'too_short')
})
