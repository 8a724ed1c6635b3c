import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ALICE, BOB, givenWorkspaceId } from '../../../core/test/given.ts'
import { databases } from '../../test/databases.ts'
import { approveCommand, givenHeld, givenRunning, person, startAt } from '../../test/given-gate.ts'
import { readHead } from '../store/entries.ts'
import { storedEntry } from './stored-entry.ts'

for (const database of databases) {
  suite(`signing over ${database.name}`, { skip: database.skip }, () => {
    test('an entry that breaks a law is not signed, though the gate’s key wrote it', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const { size, lastAt } = await readHead(kysely)
      const event = { type: 'owners_set', workspace: givenWorkspaceId(), owners: [ALICE] } as const
      const actor = { kind: 'system', id: null } as const
      const entry = { v: 1, seq: size, at: lastAt, stream: 'access', actor, event } as const
      const written = storedEntry(entry, running.place.keys.mac)
      if (!written.ok) throw new Error(written.problem)
      await kysely.insertInto('entry').values(written.row).execute()
      await kysely
        .updateTable('head')
        .set({ size: size + 1, access_seq: size })
        .execute()

      await assert.rejects(running.audit.checkpointCovering(size), { code: 'reads_only' })

      assert.deepEqual(running.audit.watch.state(), {
        readsOnly: `entry ${size} breaks law L4: this owners set could not have been recorded`,
      })
    })

    test('a row of a change that was never opened is found at the start', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      await givenHeld(running)
      const row = await kysely.selectFrom('change').selectAll().executeTakeFirstOrThrow()
      const forged = { ...row, id: 'chg_forged0000000000' as typeof row.id }
      await kysely.insertInto('change').values(forged).execute()

      const again = await startAt(running.place)

      assert.deepEqual(again.audit.watch.state(), {
        readsOnly: 'there are rows of 2 changes, and entries of 1',
      })
    })

    test('one signature covers whoever asked for an earlier entry', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      await running.gate.handle(person(BOB), approveCommand(opened, BOB))
      const { size } = await readHead(running.database.kysely)

      const notes = await Promise.all(
        [size - 1, 0, size - 2].map((seq) => running.audit.checkpointCovering(seq)),
      )
      const later = await running.audit.checkpointCovering(3)

      assert.equal(notes[0], later)
      assert.equal(later.split('\n')[1], `${size}`)
      assert.equal(await running.place.guard.read(), later)
    })

    test('an entry that does not exist is not waited for', async () => {
      const running = await givenRunning(database)
      const { size } = await readHead(running.database.kysely)

      await assert.rejects(running.audit.checkpointCovering(size), {
        code: 'database_failed',
        message: `there is no entry ${size} to sign`,
      })
    })
  })
}
