import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { Fault } from './io/fault.ts'
import { listenOn } from './listen.ts'

const sentence = async (listen: { readonly host: string; readonly port: number }) => {
  const app = Fastify()
  try {
    await listenOn(app, listen)
    return 'it listens'
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'address_unusable')
    return error.message
  } finally {
    await app.close()
  }
}

test('a port that is in use says so and what to do', async () => {
  const first = Fastify()
  const port = await listenOn(first, { host: '127.0.0.1', port: 0 })

  assert.equal(
    await sentence({ host: '127.0.0.1', port }),
    `could not listen on 127.0.0.1:${port}: another program, perhaps another holdpoint server, ` +
      'listens there; end it, or choose another port with --listen <host>:<port>',
  )
  await first.close()
})

test('an address of another machine says that this one has it not', async () => {
  assert.match(await sentence({ host: '192.0.2.1', port: 0 }), /this machine has no such address/)
})
