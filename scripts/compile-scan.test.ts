import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { SCAN_CODE_FILE, scanCodeText } from './compile-scan.ts'

test('the code that is committed is what its source compiles to', async () => {
  assert.equal(await scanCodeText(), await readFile(SCAN_CODE_FILE, 'utf8'))
})
