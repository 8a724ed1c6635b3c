import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { digestText } from '@holdpoint/core'
import { withGateLock } from './gate-state.ts'

const artifact = digestText(nodePrimitives, 'plan file')

/** A state folder in which a process with this id holds the lock. */
async function givenLock(
  pid: number,
): Promise<{ folder: string; [Symbol.asyncDispose]: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-gate-'))
  await chmod(folder, 0o777)
  await writeFile(join(folder, `gate-${artifact}.lock`), String(pid), { mode: 0o666 })
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

const works = (folder: string) => withGateLock(folder, artifact, async () => 'worked')

test('the lock of a process that lives keeps others out', async () => {
  await using lock = await givenLock(process.ppid)

  await assert.rejects(works(lock.folder), /Another holdpoint gate holds/)
})

test('the lock of a process that is gone is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '0'])
  await using lock = await givenLock(pid)

  assert.equal(await works(lock.folder), 'worked')
})

test('a process of another user lives, though it may not be signalled', async () => {
  await using lock = await givenLock(1)
  const module = JSON.stringify(import.meta.resolve('./gate-state.ts'))
  // Process 1 is root's; as root we first become nobody, in a process of its own.
  const script = `import { withGateLock } from ${module}
    if (process.getuid() === 0) process.setuid(65534)
    await withGateLock(${JSON.stringify(lock.folder)}, '${artifact}', async () => {})`

  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })

  assert.match(ended.stderr, /Another holdpoint gate holds/)
})
