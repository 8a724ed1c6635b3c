/**
 * What the gate's appending is measured against: the same row into a table with nothing but a key,
 * each committed by itself, not prepared.
 */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { EntryTable } from '../src/store/tables.ts'

export interface BareInserts {
  readonly insert: (row: EntryTable) => Promise<void>
  readonly close: () => Promise<void>
}

interface BareTables {
  readonly bare: Omit<EntryTable, 'seq'>
}

export async function openBareInserts(url: string, connections: number): Promise<BareInserts> {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  await pool.query(
    `create table bare (seq bigint generated always as identity primary key, stream text not null,
      type text not null, at bigint not null, data bytea not null, leaf_hash bytea not null,
      mac bytea not null)`,
  )
  const kysely = new Kysely<BareTables>({ dialect: new PostgresDialect({ pool }) })
  return {
    insert: async ({ seq: _, ...values }) => {
      await kysely.insertInto('bare').values(values).execute()
    },
    close: async () => await kysely.destroy(),
  }
}
