/**
 * Opens the one database: PostgreSQL where a URL is given, PGlite in the data folder otherwise.
 * Both speak one dialect; nothing else in the server may ask which one it is. A transaction is
 * passed on as `tx`: using the outer handle inside one hangs on PGlite.
 */
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PGliteDialect,
  PostgresDialect,
  sql,
} from 'kysely'
import pg from 'pg'
import { type ConstructorOptions, fromPglite } from 'pg-boss'
import { Fault } from '../io/fault.ts'
import { makePrivateFolder } from '../io/files.ts'
import type { Logger } from '../io/log.ts'
import type { Secret } from '../io/secret.ts'
import { createListener, SERVER_NAME } from './listener.ts'
import { takeLock } from './lock-file.ts'
import { migrate } from './migrate.ts'
import { PreparedClient, readInteger } from './prepared-client.ts'
import type { Tables, Tx } from './tables.ts'

export interface DatabaseOptions {
  /** Absolute. PGlite lives in `<dataDir>/db` under the lock file `<dataDir>/lock`. */
  readonly dataDir: string
  readonly databaseUrl: Secret | null
  /** Connections of the pool; 10 unless given. PGlite has one. */
  readonly connectionsMax?: number
  readonly logger?: Logger
}

export interface Database {
  readonly kysely: Kysely<Tables>
  readonly kind: 'pglite' | 'postgres'
  /**
   * Hears `pg_notify` on a channel (lower-case letters) until the returned function is called. An
   * empty payload means that some may have been missed. A hint, never a fact.
   */
  listen(channel: string, hear: (payload: string) => void): Promise<() => Promise<void>>
  /** Running servers that the database knows of; the embedded one belongs to whoever opened it. */
  readonly servers: () => Promise<number>
  /** For `new PgBoss({ ...bossOptions, … })`. */
  readonly bossOptions: ConstructorOptions
  /** Closes every handle: the process can then exit. Stop pg-boss before. */
  close(): Promise<void>
}

/** Schema of pg-boss's own tables. */
const QUEUE_SCHEMA = 'queue'
const INT8 = 20

/** Opened and migrated. Throws a Fault that says what to do. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl === null
    ? await openPglite(options)
    : await openPostgres(options.databaseUrl, options)
}

async function openPglite(options: DatabaseOptions): Promise<Database> {
  await makePrivateFolder(options.dataDir)
  const lock = await takeLock(join(options.dataDir, 'lock'))
  try {
    const pglite = await PGlite.create({ dataDir: join(options.dataDir, 'db') })
    const database = pgliteDatabase(pglite)
    await migrateOrClose(database)
    return {
      ...database,
      close: async () => {
        await database.close()
        await lock.release()
      },
    }
  } catch (cause) {
    await lock.release()
    if (cause instanceof Fault) throw cause
    throw new Fault('database_failed', `could not open the database in ${options.dataDir}`, {
      cause,
    })
  }
}

/** A database over a PGlite instance, not migrated; closing it closes the instance. */
export function pgliteDatabase(pglite: PGlite): Database {
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
  const inner = fromPglite(pglite)
  return {
    kysely,
    kind: 'pglite',
    listen: async (channel, hear) => await pglite.listen(channel, hear),
    servers: async () => 0,
    bossOptions: {
      backend: 'pglite',
      schema: QUEUE_SCHEMA,
      useListenNotify: true,
      db: {
        ...inner,
        // Under Kysely's mutex: a failed block of pg-boss must not meet a transaction of ours.
        executeSql: async (text, values) =>
          await kysely.connection().execute(async () => await inner.executeSql(text, values)),
      },
    },
    close: async () => {
      await kysely.destroy()
      if (!pglite.closed) await pglite.close()
    },
  }
}

async function openPostgres(databaseUrl: Secret, options: DatabaseOptions): Promise<Database> {
  const database = postgresDatabase(databaseUrl, options)
  try {
    await requireDurable(database.kysely)
  } catch (cause) {
    await database.close()
    if (cause instanceof Fault) throw cause
    throw new Fault('database_failed', 'could not reach the PostgreSQL of databaseUrl', { cause })
  }
  await migrateOrClose(database)
  return database
}

function postgresDatabase(databaseUrl: Secret, options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl.reveal(),
    max: options.connectionsMax ?? 10,
    Client: PreparedClient,
    types: {
      getTypeParser: (type: number, format?: 'text' | 'binary') =>
        type === INT8 ? readInteger : pg.types.getTypeParser(type, format),
    },
  })
  const logger = options.logger ?? null
  // Without a hearer the loss of an idle connection would end the process.
  pool.on('error', (error) => logger?.warn({ err: error }, 'a database connection was lost'))
  const listener = createListener(databaseUrl, logger)
  const dialect = new PostgresDialect({ pool, onCreateConnection: planEachTime })
  const kysely = new Kysely<Tables>({ dialect })
  return {
    kysely,
    kind: 'postgres',
    listen: async (channel, hear) => await listener.listen(channel, hear),
    servers: async () => await countServers(kysely),
    bossOptions: {
      connectionString: databaseUrl.reveal(),
      schema: QUEUE_SCHEMA,
      useListenNotify: true,
      max: 3,
    },
    close: async () => {
      await listener.close()
      await kysely.destroy()
    },
  }
}

async function countServers(kysely: Tx): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and application_name = ${SERVER_NAME}`.execute(kysely)
  return rows[0]?.count ?? 0
}

/**
 * A plan that is kept was made for tables as they were: one made for an empty log reads all of it
 * for every command, until the database happens to analyze it.
 */
async function planEachTime(connection: DatabaseConnection): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw('set plan_cache_mode = force_custom_plan'))
}

async function migrateOrClose(database: Database): Promise<void> {
  try {
    await migrate(database.kysely)
  } catch (cause) {
    await database.close()
    if (cause instanceof Fault) throw cause
    throw new Fault('database_failed', 'could not bring the database to this version', { cause })
  }
}

/** An answer is given after the commit: a commit that a crash can take back makes it untrue. */
async function requireDurable(kysely: Tx): Promise<void> {
  const { rows } = await sql<{ readonly commit: string; readonly isolation: string }>`
    select current_setting('synchronous_commit') as commit,
      current_setting('default_transaction_isolation') as isolation`.execute(kysely)
  const [found] = rows
  if (found === undefined || !['on', 'remote_apply'].includes(found.commit))
    throw new Fault(
      'database_unsuitable',
      `PostgreSQL has synchronous_commit = ${found?.commit ?? 'unknown'}; set it to on`,
    )
  if (found.isolation !== 'read committed')
    throw new Fault(
      'database_unsuitable',
      `PostgreSQL has default_transaction_isolation = ${found.isolation}; set it to read committed`,
    )
}

/** The database's clock in milliseconds: what entries are dated by. Use it for every `now`. */
export async function databaseNow(tx: Tx): Promise<number> {
  const { rows } = await sql<{ readonly now: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Fault('database_failed', 'the database did not tell the time')
  return row.now
}
