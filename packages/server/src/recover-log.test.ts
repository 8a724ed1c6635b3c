import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../test/databases.ts'
import { findPostgres, startPostgres } from '../test/postgres.ts'
import { startTestServer } from '../test/server-story.ts'
import { parseConfig } from './config.ts'
import { surveyLog } from './recover-log.ts'

const found = findPostgres()
const skip = 'missing' in found ? found.missing : false
if (skip !== false && process.env['CI'] === 'true') throw new Error(skip)

test('nothing is recovered while a server uses the PostgreSQL, wherever it runs', {
  skip,
}, async (t) => {
  const postgres = await startPostgres('bin' in found ? found.bin : '')
  t.after(postgres.stop)
  await postgres.query('create database ours')
  const dataDir = temporaryFolder()
  const env = { OURS: postgres.urlOf('ours') }
  const flags = { 'database-url': 'env:OURS', 'data-dir': dataDir, mode: 'development' }
  const parsed = parseConfig({ flags, env, fileText: null })
  assert.ok(parsed.ok)

  const story = await startTestServer({ dataDir, env, flags: { 'database-url': 'env:OURS' } })
  const during = surveyLog(parsed.config)
  await assert.rejects(during, {
    code: 'folder_in_use',
    message: 'servers that use this database: 1; stop them first',
  })
  await story.close()

  const { kept, previous, tokens } = await surveyLog(parsed.config)
  assert.deepEqual([kept, tokens], [previous.size, 1])
})
