/**
 * Opens the one database: PostgreSQL where a URL is given, PGlite in the data folder otherwise.
 * Both speak one dialect; nothing else in the server may ask which one it is. A transaction is
 * passed on as `tx`: using the outer handle inside one hangs on PGlite.
 */
import type { Kysely } from 'kysely'
import type { ConstructorOptions } from 'pg-boss'
import type { Secret } from '../io/secret.ts'
import type { Tables } from './tables.ts'

export interface DatabaseOptions {
  /** Absolute. PGlite lives in `<dataDir>/db` under the lock file `<dataDir>/lock`. */
  readonly dataDir: string
  readonly databaseUrl: Secret | null
}

export interface Database {
  readonly kysely: Kysely<Tables>
  readonly kind: 'pglite' | 'postgres'
  /** Hears `pg_notify` on a channel; resolves to the function that stops hearing. A hint, never a fact. */
  listen(channel: string, hear: (payload: string) => void): Promise<() => Promise<void>>
  /** For `new PgBoss({ ...bossOptions, … })`. */
  readonly bossOptions: ConstructorOptions
  /** Closes every handle: the process can then exit. */
  close(): Promise<void>
}

/** Opened and migrated. Throws a Fault that says what to do. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  throw new Error(`not yet: ${options.dataDir}`)
}
