/**
 * Files of the runner: private folders, reading with a limit, hashing as a stream. What is private
 * is created for its owner alone and removed by who made it; nothing here follows a name twice.
 */
import { createHash, hash } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  statfs,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Fault } from './fault.ts'

const CHUNK_BYTES = 1 << 16

const MEMORY_FOLDER = '/dev/shm'
/** Containers have little of it; a plan that does not fit would fail. */
const MEMORY_BYTES_MIN = 64 * 1024 * 1024

/** A 0700 folder, in memory where the machine has such a file system with room in it. */
export async function makePrivateFolder(prefix = ''): Promise<string> {
  const parent = (await hasMemoryFolder()) ? MEMORY_FOLDER : tmpdir()
  return await mkdtemp(join(parent, `holdpoint-${prefix}`))
}

async function hasMemoryFolder(): Promise<boolean> {
  if (!canWrite(MEMORY_FOLDER)) return false
  const { bavail, bsize } = await statfs(MEMORY_FOLDER)
  return bavail * bsize >= MEMORY_BYTES_MIN
}

function canWrite(path: string): boolean {
  return isPermitted(path, constants.W_OK | constants.X_OK)
}

export function canRead(path: string): boolean {
  return isPermitted(path, constants.R_OK)
}

export function canExecute(path: string): boolean {
  return isPermitted(path, constants.X_OK)
}

function isPermitted(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}

/** The bytes of a file, `null` when there is none; a file over the limit is a fault. */
export async function readIfThere(path: string, bytesMax: number): Promise<Buffer | null> {
  const file = await openIfThere(path)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    if (size > bytesMax)
      throw new Fault('file_unreadable', `${path} is larger than ${bytesMax} bytes`)
    return await file.readFile()
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('file_unreadable', `${path} could not be read`, { cause })
  } finally {
    await file.close()
  }
}

/** Names in a folder, none when there is no such folder. */
export async function listIfThere(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path)
  } catch (cause) {
    if (isMissing(cause)) return []
    throw new Fault('file_unreadable', `${path} could not be listed`, { cause })
  }
}

/** The JSON in a file, `undefined` when there is none; what is not JSON is a fault. */
export async function readJsonIfThere(path: string, bytesMax: number): Promise<unknown> {
  const bytes = await readIfThere(path, bytesMax)
  if (bytes === null) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new Fault('file_unreadable', `${path} is not JSON`, { cause })
  }
}

/** Errors of the file system become faults that name the path; anything else passes. */
export function asFault(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof Fault) return cause
  const path: unknown = Reflect.get(cause, 'path')
  if (typeof Reflect.get(cause, 'code') !== 'string' || typeof path !== 'string') return cause
  return new Fault('file_unreadable', `${path} could not be read`, { cause })
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    if (isMissing(cause)) return null
    throw new Fault('file_unreadable', `${path} could not be opened`, { cause })
  }
}

export function isMissing(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false
  const code: unknown = Reflect.get(cause, 'code')
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Lower-case hex SHA-256 of a file, without holding a large one in memory. */
export async function hashFile(path: string, sizeBytes: number): Promise<string> {
  if (sizeBytes <= CHUNK_BYTES) return hash('sha256', await readFile(path), 'hex')
  const file = await open(path, 'r')
  try {
    return await hashHandle(file)
  } finally {
    await file.close()
  }
}

/** Hashes from the first byte, whatever was read before. */
export async function hashHandle(file: FileHandle): Promise<string> {
  const sum = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at)
    if (bytesRead === 0) return sum.digest('hex')
    sum.update(chunk.subarray(0, bytesRead))
    at += bytesRead
  }
}

/** Writes a 0600 file whole or not at all, in a folder of its owner alone. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.new`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true })
}
