import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/databases.ts'
import { takeLock } from './lock-file.ts'

const givenPath = () => join(temporaryFolder(), 'lock')

/** A process that lives until it is told, and a pid that is dead afterwards. */
async function livingProcess() {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await once(child, 'spawn')
  return {
    pid: child.pid ?? 0,
    end: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

test('a lock is held once and can be taken again after its release', async () => {
  const path = givenPath()
  const lock = await takeLock(path)

  await assert.rejects(takeLock(path), { code: 'folder_in_use' })
  await lock.release()
  const again = await takeLock(path)

  await again.release()
  assert.equal(existsSync(path), false)
})

test('a lock of a living process is an error that names it', async (t) => {
  if (process.platform !== 'linux') return t.skip('start times are read from /proc')
  const path = givenPath()
  const other = await livingProcess()
  writeFileSync(path, `${other.pid} ${startOf(other.pid)}`)

  const taking = takeLock(path)

  await assert.rejects(taking, {
    code: 'folder_in_use',
    message:
      `another server (process ${other.pid}) holds the data folder by ${path}; ` +
      'stop it, or give this one a data folder of its own',
  })
  await other.end()
})

test('the lock of a dead process is taken over', async () => {
  const path = givenPath()
  const other = await livingProcess()
  writeFileSync(path, `${other.pid} 1`)
  await other.end()

  const lock = await takeLock(path)

  await lock.release()
})

test('a pid that belongs to somebody else by now does not keep the folder locked', async () => {
  const path = givenPath()
  const other = await livingProcess()
  writeFileSync(path, `${other.pid} 1`)

  const lock = await takeLock(path)

  await lock.release()
  await other.end()
})
