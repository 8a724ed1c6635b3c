import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/databases.ts'
import { createPrivately, makePrivateFolder, readIfThere, writeDurably } from './files.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

test('folders and files are private, whatever was there before', async () => {
  const folder = join(temporaryFolder(), 'a', 'b')
  mkdirSync(folder, { recursive: true, mode: 0o755 })

  await makePrivateFolder(folder)
  await writeDurably(join(folder, 'written'), 'one')
  await createPrivately(join(folder, 'created'), 'two')

  assert.equal(modeOf(folder), 0o700)
  assert.equal(modeOf(join(folder, 'written')), 0o600)
  assert.equal(modeOf(join(folder, 'created')), 0o600)
})

test('a file is replaced whole and leaves nothing beside it', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'guard')
  writeFileSync(path, 'old', { mode: 0o644 })

  await writeDurably(path, 'new')

  assert.equal(readFileSync(path, 'utf8'), 'new')
  assert.equal(modeOf(path), 0o600)
  assert.deepEqual(readdirSync(folder), ['guard'])
})

test('a write that fails leaves the old file and says what it was about', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'is-a-folder')
  mkdirSync(path)

  const writing = writeDurably(path, 'new')

  await assert.rejects(writing, { code: 'file_failed', message: `could not write ${path}` })
  assert.deepEqual(readdirSync(folder), ['is-a-folder'])
})

test('creating never touches what is there', async () => {
  const path = join(temporaryFolder(), 'key')

  const first = await createPrivately(path, 'mine')
  const second = await createPrivately(path, 'yours')

  assert.deepEqual([first, second], [true, false])
  assert.equal(readFileSync(path, 'utf8'), 'mine')
})

test('a missing file is null, an unreadable one a fault', async () => {
  const folder = temporaryFolder()

  assert.equal(await readIfThere(join(folder, 'missing')), null)
  await assert.rejects(readIfThere(folder), { code: 'file_failed' })
})
