import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConnectionId, parseWorkspaceId } from '@holdpoint/core'
import { Secret } from '../io/secret.ts'
import { askWriting, type ProofSources } from './prove.ts'

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

test('where nothing plans there is nothing to ask', async () => {
  assert.equal(await askWriting({ ...connection, plan: null }, sources), null)
})
