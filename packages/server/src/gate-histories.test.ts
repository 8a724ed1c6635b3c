import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Refusal } from '@holdpoint/core'
import { sql } from 'kysely'
import { BOB } from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import { approveCommand, givenHeld, givenRunning, person } from '../test/given-gate.ts'
import { readHead } from './store/entries.ts'

const readsOnly = (why: string): Refusal => ({ code: 'reads_only', why })

for (const database of databases) {
  suite(`what a gate remembers over ${database.name}`, { skip: database.skip }, () => {
    test('an entry edited under a gate that knows it frees nothing, and stops everything', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const { kysely } = running.database
      const seq = (await readHead(kysely)).size - 1
      await sql`alter table entry disable trigger user`.execute(kysely)
      await sql`update entry set data = data || '\x20'::bytea where seq = ${seq}`.execute(kysely)

      const answer = await running.gate.handle(person(BOB), approveCommand(opened, BOB))

      const why = `entry ${seq} does not hash to what is stored beside it`
      assert.deepEqual(answer, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })

    test('an entry taken out under a gate that knows it frees nothing, and stops everything', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const { kysely } = running.database
      const seq = (await readHead(kysely)).size - 1
      await sql`alter table entry disable trigger user`.execute(kysely)
      await sql`delete from entry where seq = ${seq}`.execute(kysely)

      const answer = await running.gate.handle(person(BOB), approveCommand(opened, BOB))

      const why = `the row of ${opened.changeId} says something else than its entries`
      assert.deepEqual(answer, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })
  })
}
