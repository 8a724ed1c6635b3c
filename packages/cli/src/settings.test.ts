import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type Environment, readSettings } from './settings.ts'

const TOKEN = `hpt_${'a'.repeat(43)}`

function settings(given: { readonly [flag: string]: string }, environment: Environment = {}) {
  const list = (name: string) => (given[name] === undefined ? [] : [given[name]])
  const flags = {
    has: (name: string) => given[name] !== undefined,
    find: (name: string) => given[name] ?? null,
    list,
  }
  return readSettings(flags, environment)
}

test('flags come before the environment, and that before the default', () => {
  const environment = { HOLDPOINT_SERVER: 'https://env.example/', HOLDPOINT_WORKSPACE: 'a/b' }

  assert.equal(settings({}).server, 'http://127.0.0.1:7480')
  assert.equal(settings({}, environment).server, 'https://env.example')
  assert.equal(
    settings({ server: 'https://f.example/x/' }, environment).server,
    'https://f.example/x',
  )
  assert.equal(settings({ workspace: 'c/d' }, environment).workspace, 'c/d')
})

test('a workspace from the environment does not narrow what silence means everywhere', () => {
  const environment = { HOLDPOINT_WORKSPACE: 'a/b' }

  assert.equal(settings({}, environment).workspaceNamed, null)
  assert.equal(settings({ workspace: 'c/d' }, environment).workspaceNamed, 'c/d')
})

test('an address that is none, or carries a secret, is refused', () => {
  for (const server of [
    'holdpoint',
    'ftp://a.example',
    'https://me:pw@a.example',
    'https://a/?t=1',
  ]) {
    assert.throws(() => settings({ server }), { name: 'Ended', exitCode: 2 }, server)
  }
})

test('a token is sent as a header and becomes no other text', () => {
  const read = settings({}, { HOLDPOINT_TOKEN: TOKEN })

  assert.deepEqual(read.identify(), { authorization: `Bearer ${TOKEN}` })
  assert.doesNotMatch(inspect(read, { depth: 9, showHidden: true }), /hpt_/)
  assert.doesNotMatch(JSON.stringify(read), /hpt_/)
})

test('a token comes from a file, with the line break an editor leaves', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'hp-')), 'token')
  writeFileSync(file, `${TOKEN}\n`)

  assert.deepEqual(settings({ 'token-file': file }).identify(), {
    authorization: `Bearer ${TOKEN}`,
  })
})

test('what is not a token is refused without being quoted', () => {
  const read = settings({}, { HOLDPOINT_TOKEN: 'AKIA-not-ours' })

  assert.throws(
    () => read.identify(),
    (error: unknown) => {
      assert.doesNotMatch(inspect(error), /AKIA/)
      return error instanceof Error && error.message.includes('HOLDPOINT_TOKEN')
    },
  )
})

test('a token file that cannot be read is named with the reason', () => {
  assert.throws(() => settings({ 'token-file': '/nowhere/token' }).identify(), {
    message: 'The token file "/nowhere/token" cannot be read (ENOENT)',
  })
})

test('--as names the person and no token goes along', () => {
  const read = settings({ as: 'ines' }, { HOLDPOINT_TOKEN: TOKEN })

  assert.deepEqual(read.identify(), { 'holdpoint-as': 'ines' })
  assert.throws(() => settings({ as: 'a\r\nb: c' }).identify(), { exitCode: 2 })
  assert.throws(() => settings({ as: 'ines', 'token-file': 'x' }).identify(), { exitCode: 2 })
})
