import assert from 'node:assert/strict'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { givenChangeId, givenWorkspaceId } from '../../../core/test/given.ts'
import { temporaryFolder } from '../../test/databases.ts'
import { Secret } from '../io/secret.ts'
import { logIdentity, originOf } from './identity.ts'
import { type KeyOptions, loadKeys } from './keys.ts'

const DEFAULTS = { log: null, mac: null, secrets: null, issuer: null } as const

test('keys are made once, privately, and are the same at the next start', async () => {
  const dataDir = temporaryFolder()
  const hash = new Uint8Array(32)

  const first = await loadKeys({ dataDir, sources: DEFAULTS })
  const second = await loadKeys({ dataDir, sources: DEFAULTS })

  assert.deepEqual(first.log.publicKey, second.log.publicKey)
  assert.deepEqual(first.mac.mac(7, hash), second.mac.mac(7, hash))
  assert.notDeepEqual(first.mac.mac(7, hash), first.mac.mac(8, hash))
  for (const name of ['log', 'mac', 'secrets'])
    assert.equal(statSync(join(dataDir, 'keys', `${name}.key`)).mode & 0o777, 0o600)
  assert.equal(statSync(join(dataDir, 'keys')).mode & 0o777, 0o700)
})

test('a hiding key differs by workspace, by change and by installation', async () => {
  const one = await loadKeys({ dataDir: temporaryFolder(), sources: DEFAULTS })
  const other = await loadKeys({ dataDir: temporaryFolder(), sources: DEFAULTS })
  const [workspace, change] = [givenWorkspaceId(), givenChangeId()]

  const keys = [
    one.hidingKey(workspace, change),
    one.hidingKey(givenWorkspaceId('other'), change),
    one.hidingKey(workspace, givenChangeId('other')),
    other.hidingKey(workspace, change),
  ].map((key) => Buffer.from(key).toString('hex'))

  assert.equal(new Set(keys).size, 4)
  assert.deepEqual(one.hidingKey(workspace, change), one.hidingKey(workspace, change))
})

test('a key that is named and missing, or no key at all, is said and never made up', async () => {
  const dataDir = temporaryFolder()
  const path = join(dataDir, 'mine')
  const withMac = (mac: KeyOptions['sources']['mac']) =>
    loadKeys({ dataDir, sources: { ...DEFAULTS, mac } })

  await assert.rejects(withMac({ from: 'file', path }), {
    code: 'key_unusable',
    message: `the key file ${path} is not there; put it back`,
  })
  writeFileSync(path, 'canary, not a key')
  await assert.rejects(withMac({ from: 'file', path }), {
    code: 'key_unusable',
    message: `the key file ${path} does not hold 32 bytes as hex or base64`,
  })
  const secret = new Secret('canary')
  await assert.rejects(withMac({ from: 'env', name: 'MAC_KEY', secret }), {
    code: 'key_unusable',
    message: 'the variable MAC_KEY does not hold 32 bytes as hex or base64',
  })
})

test('one key for two purposes is refused', async () => {
  const secret = new Secret('ab'.repeat(32))
  const source = { from: 'env', name: 'KEY', secret } as const

  const loading = loadKeys({
    dataDir: temporaryFolder(),
    sources: { ...DEFAULTS, log: source, mac: source },
  })

  await assert.rejects(loading, {
    code: 'key_unusable',
    message: 'two keys are the same; each must be random bytes of its own',
  })
})

test('a head counts for its own origin and key only', async () => {
  const { log } = await loadKeys({ dataDir: temporaryFolder(), sources: DEFAULTS })
  const other = await loadKeys({ dataDir: temporaryFolder(), sources: DEFAULTS })
  const development = logIdentity(originOf('localhost', 'development'), log)
  const production = logIdentity(originOf('localhost', 'production'), log)

  const note = development.sign({ size: 3, root: new Uint8Array(32) })

  assert.equal(development.origin, 'localhost/holdpoint/development')
  assert.equal(development.open(note).ok, true)
  assert.equal(production.open(note).ok, false)
  assert.equal(logIdentity(development.origin, other.log).open(note).ok, false)
})
