import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Effect } from '@holdpoint/core'
import { sql } from 'kysely'
import { givenChangeId } from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import { createLog } from './io/log.ts'
import { createMetrics } from './metrics.ts'
import type { Database } from './store/db.ts'
import { createWorker } from './worker.ts'

const evaluations = (count: number): readonly Effect[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'evaluate',
    change: givenChangeId(`n${index}x`),
  }))

async function givenWorker(database: Database) {
  const metrics = createMetrics({
    changesByStatus: async () => new Map(),
    logSize: async () => 0,
    readsOnly: () => false,
  })
  const worker = await createWorker({ database, log: createLog({ level: 'silent' }), metrics })
  const enqueue = async (effects: readonly Effect[]) =>
    await database.kysely.transaction().execute((tx) => worker.queue.enqueue(tx, effects))
  return { worker, enqueue }
}

/** Performs until so many were, and tells how many ran at the same moment at most. */
function counting(wanted: number) {
  let running = 0
  let most = 0
  let performed = 0
  let finish = (): void => undefined
  const all = new Promise<void>((resolve) => {
    finish = resolve
  })
  const perform = async (): Promise<void> => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    performed += 1
    if (performed === wanted) finish()
  }
  return { perform, all, most: () => most }
}

for (const kind of databases) {
  suite(`the queue over ${kind.name}`, { skip: kind.skip }, () => {
    test('one job asks for much, and little of it runs at once', async () => {
      const database = await (await kind.create()).open()
      const { worker, enqueue } = await givenWorker(database)
      await enqueue(evaluations(150))
      const { rows } = await sql`select 1 from queue.job where name = 'effects'`.execute(
        database.kysely,
      )
      const { perform, all, most } = counting(150)

      await worker.start(perform)
      await all
      await worker.close()

      assert.equal(rows.length, 3)
      assert.ok(most() > 1 && most() <= 16, `${most()} ran at once`)
    })

    test('a job that is none of ours fails alone', async () => {
      const database = await (await kind.create()).open()
      const { kysely } = database
      const { worker, enqueue } = await givenWorker(database)
      await enqueue(evaluations(1))
      await sql`insert into queue.job (name, data, retry_limit)
        select name, '{"type":"expire"}', 0 from queue.job where name = 'effects' limit 1`.execute(
        kysely,
      )
      const { perform, all } = counting(1)

      await worker.start(perform)
      await all
      await worker.close()

      const { rows } = await sql`select state::text as state from queue.job
        where name = 'effects' order by state`.execute(kysely)
      assert.deepEqual(rows, [{ state: 'completed' }, { state: 'failed' }])
    })
  })
}
