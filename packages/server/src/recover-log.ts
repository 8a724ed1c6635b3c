/**
 * `holdpoint recover`, while no server runs: the lost entries come back from an export that the
 * log's own key signed, or what is left goes on as a new log. It opens what a server opens and
 * nothing else, and says what it did; it must never decide by itself which of the two it is.
 */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { nodePrimitives, nodeVerifiers } from '@holdpoint/api/node'
import {
  type Bundle,
  digestText,
  type Entry,
  encodeBase64,
  hex,
  parseEntry,
  pendingEffects,
  readBundle,
  verifyBundle,
  type World,
} from '@holdpoint/core'
import { newTokenSecret } from './access-names.ts'
import type { Config } from './config.ts'
import { systemClock } from './io/clock.ts'
import { Fault } from './io/fault.ts'
import { createPrivately, writeDurably } from './io/files.ts'
import { createLog } from './io/log.ts'
import { fileGuard } from './log/guard.ts'
import { logIdentity } from './log/identity.ts'
import { loadKeys } from './log/keys.ts'
import { type Imported, recoverFromExport } from './log/recover.ts'
import {
  type Loss,
  type Restarted,
  type RestartOptions,
  startNewLog,
  surveyLoss,
} from './log/restart.ts'
import { newTokenId } from './new-ids.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'
import { bytesOf, type ImportedContent, importContent } from './recover-content.ts'
import { type Database, databaseNow } from './store/db.ts'
import type { EntryTable } from './store/tables.ts'
import { enqueueOnce } from './worker.ts'

const YEAR_MS = 365 * 24 * 60 * 60 * 1000
/** Where the rows that were taken out of the log are kept, `null` where there were none. */
interface KeptRows {
  readonly keptIn: string | null
  /** C2SP vkey of the log that goes on: what an auditor pins. */
  readonly verifierKey: string
}

export type { Loss } from './log/restart.ts'
export interface NewLog extends Restarted, KeptRows {}
export interface Recovered extends Imported, ImportedContent, KeptRows {}

/**
 * Entries up to the export's checkpoint, and what they point at. Faults: `recovery_failed`, with
 * nothing changed, for an export that does not verify or does not reach what the guard has seen.
 */
export async function importExport(config: Config, bytes: Uint8Array): Promise<Recovered> {
  const read = readBundle(bytes, nodePrimitives)
  if (!read.ok) throw new Fault('recovery_failed', read.problem)
  const { bundle } = read
  return await withLog(config, async ({ options, kept }) => {
    const { verifierKey } = logIdentity(bundle.origin, options.keys.log)
    const world = worldOf(bytes, verifierKey)
    const entries = bundle.entries.map(bytesOf)
    const imported = await recoverFromExport(options, { entries, checkpoint: bundle.checkpoint })
    const content = await bringContent(options.database, bundle)
    if (imported.from !== null) await enqueuePending(options.database, world)
    return { ...imported, ...content, keptIn: kept(), verifierKey }
  })
}

/** Everything about an export is checked before anything is written. */
function worldOf(bytes: Uint8Array, pinnedKey: string): World {
  const verified = verifyBundle(bytes, nodePrimitives, { ...nodeVerifiers, pinnedKey, pins: null })
  if (verified.ok) return verified.world
  const { what, problem } = verified.fault
  throw new Fault('recovery_failed', `this export does not verify: ${what}: ${problem}`)
}

async function bringContent(database: Database, bundle: Bundle): Promise<ImportedContent> {
  const entries = bundle.entries.map((each) => entryOf(bytesOf(each)))
  return await database.kysely
    .transaction()
    .execute(async (tx) => await importContent(tx, bundle, entries))
}

function entryOf(leaf: Uint8Array): Entry {
  const parsed = parseEntry(leaf, nodePrimitives)
  if (!parsed.ok) throw new Fault('recovery_failed', `an entry ${parsed.problem}`)
  return parsed.entry
}

/** The queue was lost with the entries: what they still call for is asked for again. */
async function enqueuePending(database: Database, world: World): Promise<void> {
  const now = await databaseNow(database.kysely)
  const effects = [...world.changes.values()].flatMap((change) => pendingEffects(change, now))
  await enqueueOnce({ database, log: createLog({ level: 'silent' }) }, effects)
}

/** What would be lost with a new log; changes nothing. */
export async function surveyLog(config: Config): Promise<Loss> {
  return await withLog(config, ({ options }) => surveyLoss(options))
}

/** Every token is void afterwards; the new admin token is in the data folder. */
export async function restartLog(config: Config): Promise<NewLog> {
  return await withLog(config, async ({ options, kept }) => {
    const secret = newTokenSecret()
    const secretSha256 = digestText(nodePrimitives, secret)
    const adminToken = { id: newTokenId(), secretSha256, validForMs: YEAR_MS }
    const path = join(config.dataDir, 'admin-token')
    // Beside the old one, which stays good when the restart fails; never power without a file.
    await writeDurably(`${path}.new`, `${secret}\n`)
    const restarted = await startNewLog({ ...options, mode: config.mode, adminToken })
    await rename(`${path}.new`, path)
    const { verifierKey } = logIdentity(restarted.origin, options.keys.log)
    return { ...restarted, keptIn: kept(), verifierKey }
  })
}

interface OpenLog {
  readonly options: Omit<RestartOptions, 'mode' | 'adminToken'>
  readonly kept: () => string | null
}

async function withLog<T>(config: Config, work: (open: OpenLog) => Promise<T>): Promise<T> {
  const keys = await loadKeys({ dataDir: config.dataDir, sources: config.keys })
  const database = await openConfiguredDatabase(config)
  let keptIn: string | null = null
  const keep = async (removed: readonly EntryTable[]): Promise<void> => {
    keptIn = await keepRows(config.dataDir, removed)
  }
  try {
    await requireAlone(database)
    const options = { database, keys, guard: fileGuard(config.guardFile), keep }
    return await work({ options, kept: () => keptIn })
  } finally {
    await database.close()
  }
}

/** The lock file says it of the embedded database; a replica elsewhere is seen by its connection. */
async function requireAlone(database: Database): Promise<void> {
  const count = await database.servers()
  if (count === 0) return
  throw new Fault('folder_in_use', `servers that use this database: ${count}; stop them first`)
}

/** In the transaction that takes them out, so that they are never in neither place. */
async function keepRows(dataDir: string, removed: readonly EntryTable[]): Promise<string> {
  const time = new Date(systemClock.now()).toISOString().replaceAll(':', '-')
  const path = join(dataDir, `recovered-${time}.json`)
  const entries = removed.map((row) => ({
    ...{ seq: row.seq, stream: row.stream, type: row.type, at: row.at },
    data: encodeBase64(row.data),
    leafHash: hex(row.leaf_hash),
    mac: hex(row.mac),
  }))
  const text = JSON.stringify({ v: 1, says: 'Rows that recovery took out of the log', entries })
  if (await createPrivately(path, `${text}\n`)) return path
  throw new Fault('file_failed', `${path} is there already`)
}
