import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { routes } from '@holdpoint/api'
import { type Digest, parseDigest } from '@holdpoint/core'
import {
  accept,
  addCast,
  OUTCOME,
  openRun,
  startBody,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

let story: TestServer

before(async () => {
  story = await startTestServer()
  await addCast(story)
})
after(() => story.close())

const ask = async (artifact: Digest, who = 'jonas') =>
  await story.as(who).call('executionOf', { params: { artifact } })

test('an artifact counts as started while its one execution goes on, and only then', async () => {
  const mira = story.as('mira')
  const run = await openRun(mira, { workspace: 'executions/one' })
  const { change } = run
  const held = await untilStatus(mira, change, 'held')
  const { artifact, fingerprint } = held.binding
  const seen: boolean[] = []
  const look = async () => {
    const answer = await ask(artifact)
    assert.ok(answer.ok, JSON.stringify(answer))
    routes.executionOf.reply.parse(answer.value)
    assert.equal(answer.value.url.endsWith(`/c/${change}`), true)
    seen.push(answer.value.started)
  }

  await look()
  await story.as('jonas').call('approve', {
    params: { change },
    body: { fingerprint, reason: null },
  })
  await look()
  await mira.call('start', { params: { change }, body: run.signed('start', startBody(run)) })
  await look()
  const body = run.signed('finish', { outcome: OUTCOME })
  await mira.call('finish', { params: { change }, body })
  await look()

  assert.deepEqual(seen, [false, false, true, false])
})

test('an artifact that nobody brought is not found', async () => {
  const nobody = parseDigest('0'.repeat(64))
  assert.ok(nobody !== null)

  const answer = await ask(nobody)

  assert.deepEqual([answer.ok, answer.status], [false, 404])
})

test('of a workspace that one may not see nothing is told', async () => {
  const mira = story.as('mira')
  const run = await openRun(mira, { workspace: 'executions/unseen' })
  const held = await untilStatus(mira, run.change, 'held')
  const token = {
    type: 'issue_token',
    name: 'elsewhere',
    verbs: ['read'],
    expiresInDays: 1,
  } as const
  await openRun(mira, { workspace: 'executions/seen' })
  const issued = await accept(story, { ...token, workspaces: ['executions/seen'] })

  const answer = await story.withToken(issued.secret ?? '').call('executionOf', {
    params: { artifact: held.binding.artifact },
  })

  assert.deepEqual([answer.ok, answer.status], [false, 404])
})
