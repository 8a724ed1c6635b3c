/**
 * Keeps two processes out of one data folder: PGlite does not lock it, and two would destroy it.
 * A lock whose process is dead is taken over; one that lives is an error that names it.
 */
import { readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Fault } from '../io/fault.ts'
import { createPrivately, isCode, readIfThere } from '../io/files.ts'

export interface LockFile {
  release(): Promise<void>
}

/** Held by this process: its own pid in a file says nothing else. */
const held = new Set<string>()

export async function takeLock(path: string): Promise<LockFile> {
  if (held.has(path)) throw inUse(path, process.pid)
  held.add(path)
  try {
    if (!(await createPrivately(path, mine()))) await takeOver(path)
  } catch (error) {
    held.delete(path)
    throw error
  }
  return {
    release: async () => {
      held.delete(path)
      await rm(path, { force: true })
    },
  }
}

async function takeOver(path: string): Promise<void> {
  const found = await readIfThere(path)
  const text = found === null ? '' : Buffer.from(found).toString('utf8')
  const pid = Number(text.split(' ')[0])
  if (isAlive(pid, text)) throw inUse(path, pid)
  // Two may take over at once: the rename lets one of them see the other's fresh lock.
  const aside = `${path}.${process.pid}.stale`
  await rename(path, aside).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error
  })
  const moved = await readIfThere(aside)
  if (moved !== null && Buffer.from(moved).toString('utf8') !== text) {
    await createPrivately(path, moved)
    await rm(aside, { force: true })
    throw inUse(path, pid)
  }
  await rm(aside, { force: true })
  if (!(await createPrivately(path, mine()))) throw inUse(path, pid)
}

function mine(): string {
  return `${process.pid} ${startOf(process.pid)}`
}

/** A container restarts with the same small pids: the time of its start tells them apart. */
function isAlive(pid: number, text: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false
  }
  return text === `${pid} ${startOf(pid)}`
}

/** Start time of a process in clock ticks since boot; `unknown` where /proc does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

function inUse(path: string, pid: number): Fault {
  return new Fault(
    'folder_in_use',
    `another server (process ${pid}) holds the data folder by ${path}; ` +
      'stop it, or give this one a data folder of its own',
  )
}
