import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { sql } from 'kysely'
import { fromKysely, PgBoss } from 'pg-boss'
import { databases, temporaryFolder } from '../../test/databases.ts'
import { Secret } from '../io/secret.ts'
import { databaseNow, openDatabase } from './db.ts'
import { readInteger } from './prepared-client.ts'

test('the embedded database keeps what was committed and is opened by one at a time', async () => {
  const dataDir = join(temporaryFolder(), 'data')
  const first = await openDatabase({ dataDir, databaseUrl: null })
  await first.kysely.updateTable('head').set({ size: 7 }).execute()

  await assert.rejects(openDatabase({ dataDir, databaseUrl: null }), { code: 'folder_in_use' })
  await first.close()
  const again = await openDatabase({ dataDir, databaseUrl: null })
  const head = await again.kysely.selectFrom('head').select('size').executeTakeFirst()
  await again.close()

  assert.deepEqual(head, { size: 7 })
  assert.equal(statSync(dataDir).mode & 0o777, 0o700)
  assert.equal(existsSync(join(dataDir, 'lock')), false)
})

test('a PostgreSQL that cannot be reached is a fault that does not quote the URL', async () => {
  const databaseUrl = new Secret('postgresql://me:canary@127.0.0.1:1/nothing')

  const opening = openDatabase({ dataDir: temporaryFolder(), databaseUrl })

  await assert.rejects(opening, {
    code: 'database_failed',
    message: 'could not reach the PostgreSQL of databaseUrl',
  })
})

test('a PostgreSQL keeps no plan that was made for tables as they were', async (t) => {
  const kind = databases.find((each) => each.name === 'postgres')
  if (kind === undefined || kind.skip !== false)
    return t.skip(kind === undefined ? '' : kind.skip || '')
  const database = await (await kind.create()).open()

  const { rows } = await sql`show plan_cache_mode`.execute(database.kysely)

  assert.deepEqual(rows, [{ plan_cache_mode: 'force_custom_plan' }])
})

test('a PostgreSQL that may take a commit back is refused', async (t) => {
  const kind = databases.find((each) => each.name === 'postgres')
  if (kind === undefined || kind.skip !== false) return t.skip(kind?.skip || 'no PostgreSQL')
  const { kysely } = await (await kind.create()).open()
  const { rows } = await sql<{ name: string; folder: string }>`
    select current_database() as name, current_setting('unix_socket_directories') as folder`.execute(
    kysely,
  )
  const [{ name, folder } = { name: '', folder: '' }] = rows
  await sql.raw(`alter database ${name} set synchronous_commit = off`).execute(kysely)
  const url = `postgresql:///${name}?host=${encodeURIComponent(folder)}&user=holdpoint`

  const opening = openDatabase({ dataDir: temporaryFolder(), databaseUrl: new Secret(url) })

  await assert.rejects(opening, {
    code: 'database_unsuitable',
    message: 'PostgreSQL has synchronous_commit = off; set it to on',
  })
})

test('an integer that a double cannot hold is an error, never a wrong number', () => {
  assert.equal(readInteger('9007199254740991'), 9007199254740991)
  assert.throws(() => readInteger('9007199254740993'), RangeError)
})

test('a failed block of the queue never meets a transaction of ours', async () => {
  const embedded = databases.find((each) => each.name === 'pglite')
  const opened = await (await embedded?.create())?.open()
  const queue = opened?.bossOptions.db
  if (opened === undefined || queue === undefined) throw new Error('PGlite hands its queue out')

  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0
        ? queue.executeSql('begin; select 1/0; commit')
        : opened.kysely.transaction().execute(async (tx) => await databaseNow(tx)),
    ),
  )

  const ours = settled.filter((_, index) => index % 2 === 1)
  assert.deepEqual([...new Set(ours.map((each) => each.status))], ['fulfilled'])
})

for (const database of databases) {
  suite(`the database ${database.name}`, { skip: database.skip }, () => {
    test('numbers, bytes and JSON come back as they are typed', async () => {
      const { kysely } = await (await database.create()).open()

      const { rows } = await sql<{ number: number; bytes: Uint8Array; json: unknown }>`
        select ${1_800_000_000_000}::bigint as number, ${Buffer.from([0, 255])}::bytea as bytes,
          ${'{"b":1,"a":[true]}'}::text::json as json`.execute(kysely)

      assert.equal(rows[0]?.number, 1_800_000_000_000)
      assert.deepEqual([...(rows[0]?.bytes ?? [])], [0, 255])
      assert.deepEqual(rows[0]?.json, { b: 1, a: [true] })
      assert.ok((await databaseNow(kysely)) > 1_700_000_000_000)
    })

    test('a notification is heard until hearing stops', async () => {
      const opened = await (await database.create()).open()
      const heard: string[] = []
      const { promise, resolve } = Promise.withResolvers<void>()
      const stop = await opened.listen('holdpoint', (payload) => {
        heard.push(payload)
        resolve()
      })

      await sql`select pg_notify('holdpoint', 'one')`.execute(opened.kysely)
      await promise
      await stop()
      await sql`select pg_notify('holdpoint', 'two')`.execute(opened.kysely)

      assert.deepEqual(heard, ['one'])
    })

    test('the queue enqueues inside our transaction, and a failure of its own hurts nobody', async () => {
      const opened = await (await database.create()).open()
      const boss = new PgBoss({ ...opened.bossOptions, supervise: false, schedule: false })
      await boss.start()
      await boss.createQueue('effects')
      const send = async (fail: boolean) =>
        await opened.kysely.transaction().execute(async (tx) => {
          await boss.send('effects', { fail }, { db: fromKysely(tx) })
          if (fail) throw new Error('on purpose')
        })

      await assert.rejects(send(true), /on purpose/)
      await send(false)
      const failing = boss.send('no-such-queue', {})
      const ours = opened.kysely.transaction().execute(async (tx) => await databaseNow(tx))
      const settled = await Promise.allSettled([failing, ours])
      const jobs = await boss.fetch('effects', { batchSize: 10 })
      await boss.stop({ graceful: false })

      assert.equal(settled[1]?.status, 'fulfilled')
      assert.deepEqual(
        jobs.map((job) => job.data),
        [{ fail: false }],
      )
    })
  })
}
