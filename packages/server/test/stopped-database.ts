/** The embedded database of a stopped server, as whoever owns the files sees and edits it. */
import { sql } from 'kysely'
import { openDatabase } from '../src/store/db.ts'
import { readHead } from '../src/store/entries.ts'
import type { Tx } from '../src/store/tables.ts'

async function within<T>(dataDir: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const database = await openDatabase({ dataDir, databaseUrl: null })
  try {
    return await work(database.kysely)
  } finally {
    await database.close()
  }
}

interface Job {
  readonly data: { readonly effects: readonly { readonly type: string; readonly change: string }[] }
}

/** How many entries there are, and what the queue still has to do: `<effect> <change>`. */
export async function rowsOf(dataDir: string) {
  return await within(dataDir, async (tx) => {
    const entries = await tx.selectFrom('entry').select('seq').execute()
    const jobs = await sql<Job>`select data from queue.job where state = 'created'`.execute(tx)
    const waiting = jobs.rows.flatMap(({ data }) =>
      data.effects.map(({ type, change }) => `${type} ${change}`),
    )
    return { entries: entries.length, waiting }
  })
}

/** A copy of an old entry behind the last one, without the gate's key; gives its sequence. */
export async function forgeEntry(dataDir: string): Promise<number> {
  return await within(dataDir, async (tx) => {
    const { size } = await readHead(tx)
    await sql`insert into entry select ${size}, stream, type, at, data, leaf_hash, mac
      from entry where seq = 1`.execute(tx)
    await tx
      .updateTable('head')
      .set({ size: size + 1 })
      .execute()
    return size
  })
}
