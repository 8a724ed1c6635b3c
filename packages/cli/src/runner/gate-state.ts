/**
 * What `gate` keeps between the steps of a pipeline, in a 0600 file per plan file: the key it
 * opened the change with, the key of its hidden values, and what was approved. Who has the file can
 * use the grant, so it lies in the user's own state folder and is removed when the outcome is told.
 */
import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ChangeId,
  type Digest,
  type Input,
  type InputManifest,
  parseChangeId,
  parseDigest,
  parseWorkspaceId,
  type SourceFile,
  type SourceManifest,
  type WorkspaceId,
} from '@holdpoint/core'
import type { Environment } from '../io/environment.ts'
import { Fault } from '../io/fault.ts'
import { readIfThere, removeFile, writePrivate } from '../io/files.ts'

export interface GateState {
  readonly v: 1
  readonly artifact: Digest
  /** Where the plan file lay, absolute: it is no source, whatever lies there afterwards. */
  readonly planPath: string
  readonly change: ChangeId
  readonly workspace: WorkspaceId
  /** Base64, 32 bytes each. */
  readonly keySeed: string
  readonly hidingKey: string
  readonly source: SourceManifest
  readonly inputs: InputManifest
  readonly total: number
  readonly started: boolean
}

const STATE_BYTES_MAX = 64 * 1024 * 1024

export function gateFolder(environment: Environment): string {
  const given = environment['HOLDPOINT_STATE_DIR'] ?? ''
  if (given !== '') return given
  const base = environment['XDG_STATE_HOME'] ?? ''
  const home = environment['HOME'] ?? '/'
  return join(base === '' ? join(home, '.local', 'state') : base, 'holdpoint')
}

export async function writeGateState(folder: string, state: GateState): Promise<void> {
  await writePrivate(pathOf(folder, state.artifact), JSON.stringify(state))
}

export async function readGateState(folder: string, artifact: Digest): Promise<GateState | null> {
  const bytes = await readIfThere(pathOf(folder, artifact), STATE_BYTES_MAX)
  return bytes === null ? null : parseState(bytes.toString('utf8'))
}

export async function removeGateState(folder: string, artifact: Digest): Promise<void> {
  await removeFile(pathOf(folder, artifact))
}

/** States of grants that were consumed and whose outcome was not told yet. */
export async function startedStates(folder: string): Promise<readonly GateState[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found: GateState[] = []
  for (const name of await readdir(folder)) {
    const artifact = parseDigest(/^gate-([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? '')
    const state = artifact === null ? null : await readGateState(folder, artifact)
    if (state?.started === true) found.push(state)
  }
  return found
}

/** One `gate` at a time per plan file, so that a grant found in use is known to be another's. */
export async function withGateLock<T>(
  folder: string,
  artifact: Digest,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `gate-${artifact}.lock`)
  await takeLock(path)
  try {
    return await work()
  } finally {
    await removeFile(path)
  }
}

async function takeLock(path: string): Promise<void> {
  for (const attempt of [1, 2]) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(String(process.pid))
      return await file.close()
    } catch (cause) {
      if (attempt === 2 || !(await isStale(path)))
        throw new Fault('file_unreadable', `Another holdpoint gate holds ${path}`, { cause })
      await removeFile(path)
    }
  }
}

async function isStale(path: string): Promise<boolean> {
  const bytes = await readIfThere(path, 64)
  const pid = Number(bytes?.toString('utf8') ?? '')
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (cause) {
    // Only a process that is gone: one of another user may not be signalled, and lives.
    return Reflect.get(Object(cause), 'code') === 'ESRCH'
  }
}

function pathOf(folder: string, artifact: Digest): string {
  return join(folder, `gate-${artifact}.json`)
}

function parseState(text: string): GateState {
  const document: unknown = JSON.parse(text)
  const artifact = parseDigest(textAt(document, 'artifact'))
  const change = parseChangeId(textAt(document, 'change'))
  const workspace = parseWorkspaceId(textAt(document, 'workspace'))
  if (artifact === null || change === null || workspace === null)
    throw new Fault('file_unreadable', 'A state file of holdpoint gate is damaged; remove it')
  return {
    v: 1,
    ...{ artifact, change, workspace },
    planPath: textAt(document, 'planPath'),
    keySeed: textAt(document, 'keySeed'),
    hidingKey: textAt(document, 'hidingKey'),
    source: { v: 1, files: listAt(at(document, 'source'), 'files').flatMap(sourceFile) },
    inputs: { v: 1, inputs: listAt(at(document, 'inputs'), 'inputs').flatMap(inputOf) },
    total: Number(at(document, 'total') ?? 0),
    started: at(document, 'started') === true,
  }
}

function sourceFile(entry: unknown): readonly SourceFile[] {
  const sha256 = parseDigest(textAt(entry, 'sha256'))
  if (sha256 === null) return []
  return [{ path: textAt(entry, 'path'), executable: at(entry, 'executable') === true, sha256 }]
}

function inputOf(entry: unknown): readonly Input[] {
  const kind = textAt(entry, 'kind') === 'variable' ? 'variable' : 'environment'
  return [{ kind, name: textAt(entry, 'name'), token: textAt(entry, 'token') }]
}

function at(document: unknown, key: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  return Object.hasOwn(document, key) ? Reflect.get(document, key) : undefined
}

function textAt(document: unknown, key: string): string {
  const value = at(document, key)
  return typeof value === 'string' ? value : ''
}

function listAt(document: unknown, key: string): readonly unknown[] {
  const value = at(document, key)
  return Array.isArray(value) ? value : []
}
