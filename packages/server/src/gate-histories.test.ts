import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Refusal } from '@holdpoint/core'
import { sql } from 'kysely'
import { ALICE, BOB, givenChangeId } from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import {
  accepted,
  approveCommand,
  BUILT_IN,
  changeCommand,
  entryTypes,
  givenHeld,
  givenRunning,
  openCommand,
  openedNow,
  person,
} from '../test/given-gate.ts'
import { createGate } from './gate.ts'
import type { Gate } from './ports.ts'
import { readHead } from './store/entries.ts'
import type { Tx } from './store/tables.ts'

const readsOnly = (why: string): Refusal => ({ code: 'reads_only', why })

/** Each transaction commits; the connection then breaks before that is heard, when told so. */
function gateLosingAnswers(
  running: Awaited<ReturnType<typeof givenRunning>>,
  answers: { readonly isLost: boolean },
): Gate {
  const { database, audit, place } = running
  const { kysely } = database
  const transaction = () => ({
    execute: async (work: (tx: Tx) => Promise<unknown>) => {
      const result = await kysely.transaction().execute(work)
      if (answers.isLost) throw new Error('the connection was terminated')
      return result
    },
  })
  const losing = new Proxy(kysely, {
    get: (of, key) => {
      const found: unknown = key === 'transaction' ? transaction : Reflect.get(of, key)
      return typeof found === 'function' ? found.bind(of) : found
    },
  })
  return createGate({
    database: { ...database, kysely: losing },
    watch: audit.watch,
    macKey: place.keys.mac,
    builtInPolicy: BUILT_IN,
    queue: { enqueue: async () => undefined },
  })
}

for (const database of databases) {
  suite(`a commit whose answer was lost, over ${database.name}`, { skip: database.skip }, () => {
    test('is not forgotten by a gate that then wrote something else', async () => {
      const running = await givenRunning(database)
      const answers = { isLost: false }
      const gate = gateLosingAnswers(running, answers)
      const opened = await givenHeld({ ...running, gate })
      const withdraw = changeCommand(opened.changeId, { type: 'withdraw' })
      answers.isLost = true
      await assert.rejects(gate.handle(person(ALICE), withdraw), { code: 'commit_unknown' })
      answers.isLost = false
      const other = await openedNow(running, { changeId: givenChangeId('other') })
      await accepted(gate.handle(person(ALICE), openCommand(other)))

      const again = await gate.handle(person(ALICE), withdraw)

      assert.equal(again.ok ? null : again.refusal.code, 'wrong_state')
      const types = await entryTypes(running, opened.changeId)
      assert.deepEqual(types, ['change_opened', 'evaluated', 'withdrawn'])
    })
  })

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

      const why = `the entries of ${opened.changeId} are not those that were there before`
      assert.deepEqual(answer, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })
  })
}
