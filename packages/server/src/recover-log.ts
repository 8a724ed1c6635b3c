/**
 * `holdpoint recover`, while no server runs: the lost entries come back from an export that the
 * log's own key signed, or what is left goes on as a new log. It opens what a server opens and
 * nothing else, and says what it did; it must never decide by itself which of the two it is.
 */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { nodePrimitives } from '@holdpoint/api/node'
import { type Bundle, decodeBase64, digestText, readBundle } from '@holdpoint/core'
import { newTokenSecret } from './access-names.ts'
import type { Config } from './config.ts'
import { Fault } from './io/fault.ts'
import { writeDurably } from './io/files.ts'
import { fileGuard } from './log/guard.ts'
import { loadKeys } from './log/keys.ts'
import { type Imported, type RecoverOptions, recoverFromExport } from './log/recover.ts'
import { type Restarted, startNewLog } from './log/restart.ts'
import { newTokenId } from './new-ids.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'
import { putEvidence } from './store/evidence.ts'

const YEAR_MS = 365 * 24 * 60 * 60 * 1000

/** Entries up to the export's checkpoint, and the evidence it brings along. */
export async function importExport(config: Config, bytes: Uint8Array): Promise<Imported> {
  const read = readBundle(bytes, nodePrimitives)
  if (!read.ok) throw new Fault('recovery_failed', read.problem)
  const { bundle } = read
  return await withLog(config, async (options) => {
    const exported = { entries: bundle.entries.map(bytesOf), checkpoint: bundle.checkpoint }
    const imported = await recoverFromExport(options, exported)
    await importEvidence(bundle, options)
    return imported
  })
}

/** Its content is its address, so nothing can be put in the place of something else. */
async function importEvidence(bundle: Bundle, { database }: RecoverOptions): Promise<void> {
  for (const { workspace, digest, data } of bundle.evidence)
    await putEvidence(database.kysely, { workspace, digest, bytes: bytesOf(data) })
}

function bytesOf(base64: string): Uint8Array {
  const bytes = decodeBase64(base64)
  if (bytes === null) throw new Fault('recovery_failed', 'the export holds damaged base64')
  return bytes
}

/** Every token is void afterwards; the new admin token is in the data folder. */
export async function restartLog(config: Config): Promise<Restarted> {
  return await withLog(config, async (options) => {
    const secret = newTokenSecret()
    const secretSha256 = digestText(nodePrimitives, secret)
    const adminToken = { id: newTokenId(), secretSha256, validForMs: YEAR_MS }
    const path = join(config.dataDir, 'admin-token')
    // Beside the old one, which stays good when the restart fails; never power without a file.
    await writeDurably(`${path}.new`, `${secret}\n`)
    const restarted = await startNewLog({ ...options, mode: config.mode, adminToken })
    await rename(`${path}.new`, path)
    return restarted
  })
}

async function withLog<T>(
  config: Config,
  work: (options: RecoverOptions) => Promise<T>,
): Promise<T> {
  const keys = await loadKeys({ dataDir: config.dataDir, sources: config.keys })
  const database = await openConfiguredDatabase(config)
  try {
    return await work({ database, keys, guard: fileGuard(config.guardFile) })
  } finally {
    await database.close()
  }
}
