import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { newSigningKey, nodePrimitives } from '@holdpoint/api/node'
import { type Entry, entryBytes, leafHash, type Refusal } from '@holdpoint/core'
import { sql } from 'kysely'
import { ALICE, BOB, CAROL, givenTokenId, givenWorkspaceId } from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import {
  accepted,
  approveCommand,
  changeCommand,
  entryTypes,
  givenHeld,
  givenReleased,
  givenRunning,
  ORIGIN,
  person,
  type Running,
  startAt,
  startCommand,
} from '../test/given-gate.ts'
import { logIdentity } from './log/identity.ts'
import { openLog } from './log/open-log.ts'
import { storedEntry } from './log/stored-entry.ts'
import { readHead } from './store/entries.ts'

/** What whoever owns the database can write: an entry that fits, without the gate's key. */
async function forge(running: Running, about: Pick<Entry, 'stream' | 'actor' | 'event'>) {
  const { kysely } = running.database
  const { size, lastAt } = await readHead(kysely)
  const entry: Entry = { v: 1, seq: size, at: lastAt, ...about }
  const data = entryBytes(entry, nodePrimitives)
  await kysely
    .insertInto('entry')
    .values({
      seq: size,
      stream: entry.stream,
      type: entry.event.type,
      at: entry.at,
      data,
      leaf_hash: leafHash(nodePrimitives, data),
      mac: new Uint8Array(32),
    })
    .execute()
  await kysely
    .updateTable('head')
    .set({ size: size + 1 })
    .execute()
  return size
}

const readsOnly = (why: string): Refusal => ({ code: 'reads_only', why })

for (const database of databases) {
  suite(`tampering with ${database.name}`, { skip: database.skip }, () => {
    test('entries cannot be changed, deleted or truncated', async () => {
      const { database: db } = await givenRunning(database)

      for (const statement of [
        sql`update entry set at = 0`,
        sql`delete from entry where seq = 1`,
        sql`truncate entry`,
      ])
        await assert.rejects(statement.execute(db.kysely), /entries are append-only/)
    })

    test('a row edited to released starts nothing, and stops everything', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const { kysely } = running.database
      await sql`update change set status = 'released'`.execute(kysely)

      const started = await running.gate.handle(person(ALICE), await startCommand(running, opened))
      const approved = await running.gate.handle(person(BOB), approveCommand(opened, BOB))

      const why = `the row of ${opened.changeId} says something else than its entries`
      assert.deepEqual(started, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
      assert.deepEqual(approved, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
      assert.deepEqual(running.audit.watch.state(), { readsOnly: why })
      assert.deepEqual(await entryTypes(running, opened.changeId), ['change_opened', 'evaluated'])
      await assert.rejects(running.audit.checkpointCovering(0), { code: 'reads_only' })
    })

    test('an inserted approval without the MAC releases nothing', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const { fingerprint } = opened.binding
      const seq = await forge(running, {
        stream: opened.changeId,
        actor: { kind: 'person', id: CAROL },
        event: {
          type: 'approved',
          person: CAROL,
          fingerprint,
          assurance: 'session',
          reason: null,
          signed: null,
          shown: null,
          onCall: [],
        },
      })

      const started = await running.gate.handle(person(ALICE), await startCommand(running, opened))

      const why = `entry ${seq} was not written by this gate: its MAC is wrong`
      assert.deepEqual(started, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })

    test('the signer never signs a forged entry', async () => {
      const running = await givenRunning(database)
      const seq = await forge(running, {
        stream: 'access',
        actor: { kind: 'system', id: null },
        event: { type: 'member_added', team: 'platform', person: ALICE },
      })

      await assert.rejects(running.audit.checkpointCovering(seq), { code: 'reads_only' })

      assert.deepEqual(running.audit.watch.state(), {
        readsOnly: `entry ${seq} was not written by this gate: its MAC is wrong`,
      })
    })

    test('a forged row of access is not believed by a gate that starts', async () => {
      const running = await givenRunning(database)
      const seq = await forge(running, {
        stream: 'access',
        actor: { kind: 'system', id: null },
        event: { type: 'member_added', team: 'platform', person: ALICE },
      })
      await running.database.kysely.updateTable('head').set({ access_seq: seq }).execute()

      await assert.rejects(running.gate.access(), { code: 'reads_only' })

      assert.notEqual(running.audit.watch.state(), 'ok')
    })

    test('an entry whose MAC was copied from another place is not believed', async () => {
      const running = await givenRunning(database)
      const opened = await givenReleased(running)
      const { kysely } = running.database
      const head = await readHead(kysely)
      await sql`insert into entry select ${head.size}, stream, type, at, data, leaf_hash, mac
        from entry where stream = ${opened.changeId} order by seq desc limit 1`.execute(kysely)
      await kysely
        .updateTable('head')
        .set({ size: head.size + 1 })
        .execute()

      const answer = await running.gate.handle(
        person(ALICE),
        changeCommand(opened.changeId, { type: 'withdraw' }),
      )

      const why = `entry ${head.size} was not written by this gate: its MAC is wrong`
      assert.deepEqual(answer, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })

    test('a row that hides its entry, or hashes to something else, is found', async () => {
      for (const [column, edit, sentence] of [
        ['stream', `'log'`, 'the row of entry SEQ says something else than the entry'],
        ['type', `'released'`, 'the row of entry SEQ says something else than the entry'],
        ['leaf_hash', `'\\x00'`, 'entry SEQ does not hash to what is stored beside it'],
      ] as const) {
        const running = await givenRunning(database)
        const { kysely } = running.database
        const seq = (await readHead(kysely)).size - 1
        await sql`alter table entry disable trigger user`.execute(kysely)
        const set = `update entry set ${column} = ${edit} where seq = ${seq}`
        await sql.raw(set).execute(kysely)

        const again = await startAt(running.place)

        assert.deepEqual(again.audit.watch.state(), {
          readsOnly: sentence.replace('SEQ', `${seq}`),
        })
      }
    })

    test('a head that says another policy than the entries do is not believed', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      await running.database.kysely
        .updateTable('head')
        .set({ policy_revision: 1, policy_document: opened.binding.plan })
        .execute()

      const answer = await running.gate.handle(person(BOB), approveCommand(opened, BOB))

      const why = 'the head says another access or policy than the entries do'
      assert.deepEqual(answer, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })

    test('after an alarm nothing is written, whatever raised it', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const { size } = await readHead(running.database.kysely)

      running.audit.watch.alarm('the guard is on fire')
      const answer = await running.gate.handle(person(BOB), approveCommand(opened, BOB))

      const refusal = readsOnly('the guard is on fire')
      assert.deepEqual(answer, { ok: false, refusal, seqs: [], change: null })
      assert.equal((await readHead(running.database.kysely)).size, size)
    })

    test('a log that became shorter under the gate is noticed before the next command', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const { kysely } = running.database
      const { size } = await readHead(kysely)
      await kysely
        .updateTable('head')
        .set({ size: size - 1 })
        .execute()

      const answer = await running.gate.handle(person(BOB), approveCommand(opened, BOB))

      const why = `the log has lost entries ${size - 1} to ${size - 1}`
      assert.deepEqual(answer, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })

    test('what was tampered with is found at the next start, before any command', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      await sql`update change set due_at = due_at + 1`.execute(running.database.kysely)

      const again = await startAt(running.place)
      const found = again.audit.watch.state()
      const answer = await again.gate.handle(person(BOB), approveCommand(opened, BOB))

      const why = `the row of ${opened.changeId} says something else than its entries`
      assert.deepEqual(found, { readsOnly: why })
      assert.deepEqual(answer, { ok: false, refusal: readsOnly(why), seqs: [], change: null })
    })
  })

  suite(`restoring ${database.name}`, { skip: database.skip }, () => {
    /** Puts the database back to when it had this many entries, as a restore would. */
    async function restore(running: Running, size: number): Promise<void> {
      const { kysely } = running.database
      await sql`alter table entry disable trigger user`.execute(kysely)
      await sql`delete from entry where seq >= ${size}`.execute(kysely)
      await sql`alter table entry enable trigger user`.execute(kysely)
      await sql`delete from change where opened_seq >= ${size}`.execute(kysely)
      await sql`delete from checkpoint where size > ${size}`.execute(kysely)
      await kysely.updateTable('head').set({ size }).execute()
    }

    test('yesterday’s database makes reads only, and names what was lost', async () => {
      const running = await givenRunning(database)
      await running.audit.checkpointCovering(0)
      const yesterday = (await readHead(running.database.kysely)).size
      await givenReleased(running)
      const { size } = await readHead(running.database.kysely)
      await running.audit.checkpointCovering(size - 1)
      await restore(running, yesterday)

      const again = await startAt(running.place)

      const why =
        `entries ${yesterday} to ${size - 1} are lost: the log was signed up to entry ` +
        `${size - 1} and the database ends before entry ${yesterday}`
      assert.deepEqual(again.audit.watch.state(), { readsOnly: why })
      await assert.rejects(again.audit.checkpointCovering(0), { code: 'reads_only' })
    })

    test('an emptied database does not start another log', async () => {
      const running = await givenRunning(database)
      const { size } = await readHead(running.database.kysely)
      await running.audit.checkpointCovering(size - 1)
      await restore(running, 0)

      const again = await startAt(running.place)

      const why = `entries 0 to ${size - 1} are lost: the database is empty`
      assert.deepEqual(again.audit.watch.state(), { readsOnly: why })
      assert.equal((await readHead(again.database.kysely)).size, 0)
    })

    test('a guard that is gone, or was signed by another key, is not passed over', async () => {
      const running = await givenRunning(database)
      await running.audit.checkpointCovering(0)
      const { guard } = running.place
      const noGuard = { ...guard, read: async () => null }
      const stranger = logIdentity(ORIGIN, newSigningKey())
      const note = stranger.sign({ size: 1, root: new Uint8Array(32) })
      const foreign = { ...guard, read: async () => note }

      const gone = await startAt({ ...running.place, guard: noGuard })
      const forged = await startAt({ ...running.place, guard: foreign })

      assert.deepEqual(gone.audit.watch.state(), {
        readsOnly:
          `the guard ${guard.place} is gone; copy it from another replica, ` +
          'or run holdpoint recover',
      })
      assert.match(JSON.stringify(forged.audit.watch.state()), /cannot be believed/)
    })

    test('a database whose signed beginning was rewritten by a key holder is found', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const { size, lastAt } = await readHead(kysely)
      await running.audit.checkpointCovering(size - 1)
      const entry = { v: 1, seq: size - 1, at: lastAt, stream: 'access' } as const
      const rewritten = storedEntry(
        {
          ...entry,
          actor: { kind: 'admin_token', id: givenTokenId('admin') },
          event: { type: 'owners_set', workspace: givenWorkspaceId(), owners: [BOB] },
        },
        running.place.keys.mac,
      )
      if (!rewritten.ok) throw new Error(rewritten.problem)
      await restore(running, size - 1)
      await kysely.insertInto('entry').values(rewritten.row).execute()
      await kysely.updateTable('head').set({ size }).execute()

      const again = await startAt(running.place)

      assert.deepEqual(again.audit.watch.state(), {
        readsOnly: `the first ${size} entries are not those that were signed`,
      })
    })

    test('a stored checkpoint over other entries is found', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const { size } = await readHead(kysely)
      await running.audit.checkpointCovering(size - 1)
      const identity = logIdentity(ORIGIN, running.place.keys.log)
      const note = identity.sign({ size, root: new Uint8Array(32) })
      await kysely.updateTable('checkpoint').set({ note }).where('size', '=', size).execute()

      const again = await startAt(running.place)

      assert.deepEqual(again.audit.watch.state(), {
        readsOnly: 'a stored checkpoint has another root than the entries',
      })
    })

    test('a log goes on in the mode it was started in, and in no other', async () => {
      const running = await givenRunning(database)
      const { keys, guard } = running.place

      const opening = openLog({
        database: running.database,
        keys,
        guard,
        mode: 'development',
        origin: ORIGIN,
        log: null,
      })

      await assert.rejects(opening, {
        code: 'wrong_mode',
        message:
          'this log was started in production mode and cannot continue in development mode; ' +
          'use another data folder or database',
      })
    })

    test('an intact log starts again where it was, and goes on', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)

      const again = await startAt(running.place)
      const answer = await accepted(again.gate.handle(person(BOB), approveCommand(opened, BOB)))
      const note = await again.audit.checkpointCovering(answer.seqs.at(-1) ?? -1)

      assert.equal(answer.change?.status, 'released')
      assert.equal(note.split('\n')[1], `${(await readHead(again.database.kysely)).size}`)
    })
  })
}
