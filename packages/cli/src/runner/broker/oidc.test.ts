import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseConnectionId } from '@holdpoint/core'
import { removeFolder, writePrivate } from '../../io/files.ts'
import type { BrokerPlace, Credential } from './kind.ts'
import { oidc } from './oidc.ts'
import { makeRunFolder } from './run-folder.ts'

const token = (text: string): Credential => ({ form: 'token', token: text, expiresAt: 0 })
const connection: BrokerPlace['connection'] = {
  ...{
    id: parseConnectionId('con_0000000000000000') ?? assert.fail(),
    kind: 'oidc',
    account: 'a',
    apply: 'b',
    plan: null,
  },
  ...{ audience: 'c', settings: { variable: 'SOME_TOKEN_FILE' } },
}

/** The first token comes at once, the next one when the test says so, and is written slowly. */
async function opened(slowMs = 0) {
  const folder = await makeRunFolder()
  const own = join(folder.path, 'apply')
  const asked = Promise.withResolvers<void>()
  const late = Promise.withResolvers<Credential>()
  const written: string[] = []
  const place: BrokerPlace = {
    ...{ connection, identity: 'b', url: '', bearer: '', bearerFile: '', asker: () => [] },
    write: async (name, text) => {
      written.push(text)
      if (text === 'late') await new Promise((resolve) => setTimeout(resolve, slowMs))
      await writePrivate(join(own, name), text)
      return join(own, name)
    },
    credential: async () => token('first'),
    renewed: async () => {
      asked.resolve()
      return await late.promise
    },
  }
  const kind = await oidc.open(place)
  const path = kind.env['SOME_TOKEN_FILE'] ?? ''
  return { kind, path, own, folder, written, asked: asked.promise, late }
}

test('a token that comes after the end is not written any more', async () => {
  const { kind, path, own, folder, written, asked, late } = await opened()
  assert.equal(readFileSync(path, 'utf8'), 'first')
  await asked

  await kind.close()
  await removeFolder(own)
  late.resolve(token('late'))
  await new Promise(setImmediate)

  assert.deepEqual(written, ['first', ''])
  assert.equal(existsSync(path), false)
  await folder.close()
})

test('the token is taken away with the grant', async () => {
  const { kind, path, folder, late } = await opened()

  await kind.endGrant()

  assert.equal(readFileSync(path, 'utf8'), '')
  late.resolve(token('late'))
  await kind.close()
  await folder.close()
})

test('a token that is being written at the end is taken away after that', async () => {
  const { kind, path, folder, written, asked, late } = await opened(50)
  await asked
  late.resolve(token('late'))
  while (!written.includes('late')) await new Promise(setImmediate)

  await kind.close()

  await new Promise((resolve) => setTimeout(resolve, 60))
  assert.equal(readFileSync(path, 'utf8'), '')
  await folder.close()
})
