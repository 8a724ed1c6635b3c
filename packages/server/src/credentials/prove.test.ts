import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { parseConnectionId, parseWorkspaceId } from '@holdpoint/core'
import { Secret } from '../io/secret.ts'
import { askWriting, isProven, type ProofSources, proveConnection } from './prove.ts'

const connection = {
  id: parseConnectionId('con_0000000000000000') ?? assert.fail('no id'),
  workspace: parseWorkspaceId('wsp_0000000000000000') ?? assert.fail('no id'),
  kind: 'kubernetes',
  // Nothing listens there.
  account: 'https://127.0.0.1:1',
  apply: 'apply',
  plan: 'plan',
  audience: 'cluster',
  settings: {},
  since: 0,
} as const

const sources: ProofSources = {
  issuer: {
    url: () => 'https://holdpoint.example.com',
    sign: async () => new Secret('token'),
    discovery: () => ({}),
    jwks: async () => ({ keys: [] }),
    rotate: async () => ({ key: '', dropped: [] }),
  },
  clock: { now: () => 0 },
  providers: { stsEndpoint: null, iamEndpoint: null },
}

test('a cloud that cannot be asked what an identity may is no fault of its trust', async () => {
  assert.deepEqual(await askWriting(connection, sources), {
    found: 'not_known',
    says: 'Not known: it could not be asked.',
  })
})

test('of a cloud that does not answer is said that it did not, once, and nothing is proven', async (context) => {
  let asked = 0
  const silent = createServer((socket) => {
    asked += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  context.after(() => silent.close())
  await once(silent, 'listening')
  const address = silent.address()
  assert.ok(typeof address === 'object' && address !== null)
  const host = `127.0.0.1:${address.port}`
  const settings = { tenant: 'tenant', authority: `http://${host}` }

  const proofs = await proveConnection({ ...connection, kind: 'azure', settings }, sources)

  assert.deepEqual(proofs[0], {
    phase: 'plan',
    tried: 'the right token',
    expected: 'accepted',
    found: 'not_tried',
    says: `${host} could not be asked: can this server reach it?`,
  })
  assert.equal(proofs.length, 10)
  assert.ok(proofs.every(({ found }) => found === 'not_tried'))
  assert.equal(isProven(proofs), false)
  assert.equal(asked, 1)
})

test('where nothing plans there is nothing to ask', async () => {
  assert.equal(await askWriting({ ...connection, plan: null }, sources), null)
})
