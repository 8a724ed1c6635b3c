/**
 * Brings the database to the newest form. A migration that has run anywhere is frozen: its
 * checksum is kept in the database, and one that was edited afterwards is refused, because two
 * installations with the same version would differ. New forms are new migrations.
 */
import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { Fault } from '../io/fault.ts'
import { start } from './migrations/0001-start.ts'
import { foundByRow } from './migrations/0002-found-by-row.ts'
import { people } from './migrations/0003-people.ts'
import { glass } from './migrations/0004-glass.ts'
import { schedules } from './migrations/0005-schedules.ts'
import { issuer } from './migrations/0007-issuer.ts'
import type { Tables, Tx } from './tables.ts'

export interface Migration {
  /** `0001-…`: order is by name. */
  readonly name: string
  readonly statements: readonly string[]
}

export const MIGRATIONS: readonly Migration[] = [
  start,
  foundByRow,
  people,
  glass,
  schedules,
  issuer,
]

/** Replicas that start together migrate one after the other. */
const LOCK = 7_402_101

export async function migrate(
  database: Kysely<Tables>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await database.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
    await sql`create table if not exists migration (
      name text primary key, checksum text not null, at timestamptz not null default now()
    )`.execute(tx)
    const { rows } = await sql<Applied>`select name, checksum from migration`.execute(tx)
    const applied = new Map(rows.map((row) => [row.name, row.checksum]))
    refuseNewer([...applied.keys()], migrations)
    for (const migration of migrations) await apply(tx, migration, applied.get(migration.name))
  })
}

interface Applied {
  readonly name: string
  readonly checksum: string
}

async function apply(tx: Tx, migration: Migration, applied: string | undefined): Promise<void> {
  const checksum = checksumOf(migration)
  if (applied === checksum) return
  if (applied !== undefined)
    throw new Fault(
      'migration_changed',
      `the database has another form of migration ${migration.name} than this version; ` +
        'install the version it was made by',
    )
  for (const statement of migration.statements) await sql.raw(statement).execute(tx)
  await sql`insert into migration (name, checksum) values (${migration.name}, ${checksum})`.execute(
    tx,
  )
}

function refuseNewer(applied: readonly string[], migrations: readonly Migration[]): void {
  const unknown = applied.find((name) => !migrations.some((each) => each.name === name))
  if (unknown !== undefined)
    throw new Fault(
      'migration_changed',
      `the database was migrated by a newer version (${unknown}); install that one`,
    )
}

export function checksumOf(migration: Migration): string {
  return createHash('sha256').update(JSON.stringify(migration.statements)).digest('hex')
}
