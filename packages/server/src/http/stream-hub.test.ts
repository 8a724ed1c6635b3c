import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { givenChangeId, givenWorkspaceId } from '../../../core/test/given.ts'
import { createStreamHub } from './stream.ts'

test('whoever listens with many streams is asked about once, and hears on each', async () => {
  let asked = 0
  const hub = createStreamHub(() => undefined)
  const sees = async (): Promise<boolean> => {
    asked += 1
    return true
  }
  const app = Fastify()
  app.get('/', (_request, reply) => {
    hub.attach(reply, { change: null, actorId: 'per_one', sees }, [])
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const streams = await Promise.all(Array.from({ length: 5 }, () => fetch(address)))
  const change = givenChangeId()

  await hub.publish({ change, workspace: givenWorkspaceId(), status: 'held', seq: 7 })
  hub.close()
  const heard = await Promise.all(streams.map((stream) => stream.text()))

  assert.equal(asked, 1)
  assert.deepEqual(
    heard.map((text) => text.includes('id: 7\n')),
    [true, true, true, true, true],
  )
  await app.close()
})
