/**
 * Both databases for one suite: `for (const database of databases)`. Each is empty and migrated,
 * and after the file's tests no handle is left. A test makes one: the embedded database before it
 * is gone then. A missing PostgreSQL skips with its reason, and fails where CI=true.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { Secret } from '../src/io/secret.ts'
import { type Database, openDatabase, pgliteDatabase } from '../src/store/db.ts'
import { migrate } from '../src/store/migrate.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres.ts'

/** A database of its own: `open` gives as many handles to it as there could be replicas. */
export interface TestDatabase {
  readonly open: () => Promise<Database>
  /** Can two processes share it? */
  readonly replicas: boolean
}

export interface DatabaseKind {
  readonly name: 'pglite' | 'postgres'
  /** For `suite(..., { skip })`: false, or the reason. */
  readonly skip: string | false
  readonly create: () => Promise<TestDatabase>
}

const closing: (() => Promise<unknown>)[] = []
after(async () => {
  for (const close of closing.toReversed()) await close()
})

/** An embedded database takes 400 MB and a second to make: a file has one, emptied for each test. */
let embedded: PGlite | null = null

async function emptied(): Promise<PGlite> {
  if (embedded === null) {
    const made = await PGlite.create()
    closing.push(async () => await made.close())
    embedded = made
    return made
  }
  await embedded.exec('drop schema public cascade; drop schema if exists queue cascade')
  await embedded.exec('create schema public; unlisten *')
  return embedded
}

const pglite: DatabaseKind = {
  name: 'pglite',
  skip: false,
  create: async () => {
    const database = pgliteDatabase(await emptied())
    await migrate(database.kysely)
    // One process holds it: every handle is the same one, and only the end closes it.
    const shared: Database = { ...database, close: async () => {} }
    return { open: async () => shared, replicas: false }
  },
}

const found = findPostgres()
if ('missing' in found && process.env['CI'] === 'true') throw new Error(found.missing)

let server: Promise<PostgresServer> | null = null
let count = 0

async function postgresServer(): Promise<PostgresServer> {
  if ('missing' in found) throw new Error(found.missing)
  const started = await startPostgres(found.bin)
  closing.push(started.stop)
  await started.query('create database template_of_ours')
  const first = await openAt(started, 'template_of_ours')
  await first.close()
  return started
}

async function openAt(from: PostgresServer, name: string): Promise<Database> {
  const databaseUrl = new Secret(from.urlOf(name))
  return await openDatabase({ dataDir: '/nowhere', databaseUrl, connectionsMax: 4 })
}

const postgres: DatabaseKind = {
  name: 'postgres',
  skip: 'missing' in found ? found.missing : false,
  create: async () => {
    server ??= postgresServer()
    const running = await server
    count += 1
    const name = `test_${count}`
    await running.query(`create database ${name} template template_of_ours`)
    return {
      replicas: true,
      open: async () => {
        const database = await openAt(running, name)
        closing.push(database.close)
        return database
      },
    }
  },
}

export const databases: readonly DatabaseKind[] = [pglite, postgres]

/** A private folder that is gone after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-test-'))
  closing.push(async () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
