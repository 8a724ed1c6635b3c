/** The database that the configuration names; its connection string is read here, at the last. */
import type { Config } from './config.ts'
import { Fault } from './io/fault.ts'
import { readIfThere } from './io/files.ts'
import type { Logger } from './io/log.ts'
import { Secret } from './io/secret.ts'
import { type Database, openDatabase } from './store/db.ts'

export async function openConfiguredDatabase(
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  logger?: Logger,
): Promise<Database> {
  const { dataDir } = config
  const databaseUrl = await secretOf(config.databaseUrl)
  return await openDatabase({ dataDir, databaseUrl, ...(logger === undefined ? {} : { logger }) })
}

async function secretOf(source: Config['databaseUrl']): Promise<Secret | null> {
  if (source === null) return null
  if (source.from === 'env') return source.secret
  const bytes = await readIfThere(source.path)
  if (bytes === null) throw new Fault('file_failed', `${source.path} of databaseUrl is not there`)
  return new Secret(Buffer.from(bytes).toString('utf8').trim())
}
