/**
 * The private copy of the plan file. Where the system can, it has no name at all: nothing is left
 * after kill -9, and no path can be exchanged. Elsewhere it lies 0400 in a 0700 folder until
 * closed. The tool gets this copy and no other.
 */
import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, parseDigest } from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import { hashHandle, makePrivateFolder, removeFolder } from '../io/files.ts'

export interface PlanFile {
  readonly handle: FileHandle
  /** What the tool is told: a path of its own descriptor 3, or the private path. */
  readonly path: string
  /** To hand to the tool as descriptor 3; `null` where the path is enough. */
  readonly descriptor: number | null
  /** SHA-256 of the bytes as they are now. */
  readonly digest: () => Promise<Digest>
  readonly close: () => Promise<void>
}

const PLAN_FILE_BYTES_MAX = 1024 * 1024 * 1024
const CHUNK_BYTES = 1 << 20
const hasDescriptorPaths = existsSync('/proc/self/fd')

/** An empty file for the tool to write its plan to. */
export async function newPlanFile(): Promise<PlanFile> {
  const folder = await makePrivateFolder()
  try {
    const path = join(folder, 'plan')
    const handle = await open(path, 'wx+', 0o600)
    if (!hasDescriptorPaths) return planFile(handle, { path, folder })
    await removeFolder(folder)
    return planFile(handle, null)
  } catch (cause) {
    await removeFolder(folder)
    throw cause
  }
}

/**
 * A copy of `from` that nothing else has a descriptor of, read-only. Programs that ran while
 * planning may still hold the file they wrote to.
 */
export async function sealCopy(from: FileHandle): Promise<PlanFile> {
  const copy = await newPlanFile()
  try {
    await copyBytes(from, copy.handle)
    await copy.handle.chmod(0o400)
    if (copy.descriptor === null) return copy
    const readOnly = await open(`/proc/self/fd/${copy.descriptor}`, 'r')
    await copy.close()
    return planFile(readOnly, null)
  } catch (cause) {
    await copy.close()
    throw cause
  }
}

async function copyBytes(from: FileHandle, to: FileHandle): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = 0; ; ) {
    const { bytesRead } = await from.read(chunk, 0, chunk.length, at)
    if (bytesRead === 0) return
    await to.write(chunk, 0, bytesRead, at)
    at += bytesRead
    if (at > PLAN_FILE_BYTES_MAX)
      throw new Fault('plan_unreadable', 'The plan file is larger than 1 GiB')
  }
}

/** The plan file of a pipeline, copied before anything is read from it. */
export async function copyPlanFile(path: string): Promise<PlanFile> {
  const from = await openPlan(path)
  try {
    return await sealCopy(from)
  } finally {
    await from.close()
  }
}

async function openPlan(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (cause) {
    throw new Fault('plan_unreadable', `The plan file ${path} could not be opened`, { cause })
  }
  throw new Fault('plan_unreadable', `${path} is not a file`)
}

interface Named {
  readonly path: string
  readonly folder: string
}

function planFile(handle: FileHandle, named: Named | null): PlanFile {
  return {
    handle,
    path: named === null ? '/proc/self/fd/3' : named.path,
    descriptor: named === null ? handle.fd : null,
    digest: async () => {
      const digest = parseDigest(await hashHandle(handle))
      if (digest === null) throw new Error('a SHA-256 in hex must have 64 digits')
      return digest
    },
    close: async () => {
      await handle.close()
      if (named !== null) await removeFolder(named.folder)
    },
  }
}
