import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

test('a story that is ended early leaves no folder behind', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-test-'))
  const env = { ...process.env, TMPDIR: folder }
  const child = spawn(process.execPath, [main, 'demo', '--auto'], { env })
  const text = { out: '', err: '' }
  child.stderr.on('data', (chunk) => {
    text.err += String(chunk)
  })
  child.stdout.on('data', (chunk) => {
    const before = text.out
    text.out += String(chunk)
    // In the midst of the first scene: the stage is there, and somebody is at work on it.
    if (text.out.includes('mira $') && !before.includes('mira $')) child.kill('SIGINT')
  })

  const code = await new Promise((resolve) => child.on('close', resolve))

  assert.equal(code, 3, text.out + text.err)
  assert.match(text.err, /The story was ended early/)
  const left = readdirSync(folder).filter((name) => name.startsWith('holdpoint-demo-'))
  assert.deepEqual(left, [])
  rmSync(folder, { recursive: true })
})
