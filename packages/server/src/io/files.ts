/**
 * The door to files. Folders it makes are private (0700), files it writes too (0600), and a file is
 * replaced whole or not at all: after `writeDurably` returns, a power cut cannot take it back.
 */
import { constants } from 'node:fs'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from './fault.ts'
import { randomIdText } from './random-ids.ts'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/** Makes the folder and its parents; an existing one is made private too. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER })
    await chmod(path, PRIVATE_FOLDER)
  } catch (cause) {
    throw new Fault('file_failed', `could not make the private folder ${path}`, { cause })
  }
}

/** The bytes, or `null` where there is no such file. Anything else that fails is a Fault. */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null
    throw new Fault('file_failed', `could not read ${path}`, { cause })
  }
}

/** Writes beside the place, fsyncs, renames over it and fsyncs the folder. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(path)
  const beside = join(folder, `.${randomIdText()}.new`)
  try {
    await writeNew(beside, bytes)
    await rename(beside, path)
    await syncFolder(folder)
  } catch (cause) {
    await rm(beside, { force: true })
    throw new Fault('file_failed', `could not write ${path}`, { cause })
  }
}

/** Creates a private file; `false`, and nothing is touched, where one exists already. */
export async function createPrivately(path: string, bytes: Uint8Array | string): Promise<boolean> {
  try {
    await writeNew(path, bytes)
    await syncFolder(dirname(path))
    return true
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false
    throw new Fault('file_failed', `could not create ${path}`, { cause })
  }
}

async function writeNew(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', PRIVATE_FILE)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its rename is as durable as it gets.
  if (process.platform === 'win32') return
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
