/** The database that the configuration names; its connection string is read here, at the last. */
import type { Config } from './config.ts'
import type { Logger } from './io/log.ts'
import { readSecret } from './read-secret.ts'
import { type Database, openDatabase } from './store/db.ts'

export async function openConfiguredDatabase(
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  logger?: Logger,
): Promise<Database> {
  const { dataDir } = config
  const databaseUrl =
    config.databaseUrl === null ? null : await readSecret(config.databaseUrl, 'databaseUrl')
  return await openDatabase({ dataDir, databaseUrl, ...(logger === undefined ? {} : { logger }) })
}
