import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { newPlanFile, sealCopy } from './plan-file.ts'

test('who still holds the file that planning wrote cannot change the kept copy', async () => {
  const written = await newPlanFile()
  await written.handle.write('approved')
  const kept = await sealCopy(written.handle)

  await written.handle.write('EXCHANGED', 0)
  const digest = await kept.digest()
  const refused = await kept.handle.write('x', 0).catch((cause: unknown) => cause)
  await written.close()
  await kept.close()

  assert.equal(digest, createHash('sha256').update('approved').digest('hex'))
  assert.ok(refused instanceof Error)
})
