import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql } from 'kysely'
import {
  ALICE,
  BOB,
  ERIN,
  givenDigest,
  givenKeyId,
  givenTokenId,
  HOUR,
} from '../../../core/test/given.ts'
import { databases } from '../../test/databases.ts'
import {
  accepted,
  approveCommand,
  changeCommand,
  entryTypes,
  givenHeld,
  givenReleased,
  givenRunning,
  ORIGIN,
  type Place,
  person,
  type Running,
  startAt,
  startCommand,
} from '../../test/given-gate.ts'
import { randomKey } from '../io/random-ids.ts'
import { newSealedKey, openKey } from '../issuer/keys.ts'
import { addCeremony, rememberOnce } from '../store/ceremonies.ts'
import { addDeviceLogin } from '../store/device-logins.ts'
import { readHead } from '../store/entries.ts'
import { replaceFirstLink } from '../store/first-links.ts'
import { addInvite } from '../store/invites.ts'
import { addIssuerKey, issuerKeys } from '../store/issuer-keys.ts'
import { addSession } from '../store/sessions.ts'
import type { EntryTable } from '../store/tables.ts'
import { logIdentity } from './identity.ts'
import { macKeyFrom } from './mac.ts'
import { removeEntriesFrom } from './rebuild.ts'
import { type ExportedLog, recoverFromExport } from './recover.ts'
import { type RestartOptions, startNewLog } from './restart.ts'

async function exportOf(running: Running): Promise<ExportedLog> {
  const { size } = await readHead(running.database.kysely)
  const checkpoint = await running.audit.checkpointCovering(size - 1)
  const rows = await running.database.kysely
    .selectFrom('entry')
    .select('data')
    .orderBy('seq')
    .execute()
  return { entries: rows.map((row) => row.data), checkpoint }
}

/** The database as it was when it had this many entries, caches included. */
async function restore(running: Running, size: number): Promise<void> {
  const { kysely } = running.database
  await removeEntriesFrom(kysely, size)
  await sql`delete from change where opened_seq >= ${size}`.execute(kysely)
  await sql`delete from checkpoint where size > ${size}`.execute(kysely)
  await kysely.updateTable('head').set({ size, access_seq: -1 }).execute()
}

const optionsOf = (running: Running & { place: Place }): RestartOptions => ({
  database: running.database,
  keys: running.place.keys,
  guard: running.place.guard,
  keep: async () => {},
  mode: 'production',
  adminToken: {
    id: givenTokenId('second'),
    secretSha256: givenDigest('secret of second'),
    validForMs: 24 * HOUR,
  },
})

for (const database of databases) {
  suite(`recovering ${database.name}`, { skip: database.skip }, () => {
    test('lost entries come back from an export, and everything goes on', async () => {
      const running = await givenRunning(database)
      const before = (await readHead(running.database.kysely)).size
      const opened = await givenReleased(running)
      const exported = await exportOf(running)
      await restore(running, before)

      const imported = await recoverFromExport(optionsOf(running), exported)
      const again = await startAt(running.place)
      const started = await accepted(
        again.gate.handle(person(ALICE), await startCommand(again, opened)),
      )

      assert.deepEqual(imported, { size: exported.entries.length, from: before, removed: 0 })
      assert.equal(started.change?.status, 'executing')
    })

    test('an export that ends before the guard brings nothing back', async () => {
      const running = await givenRunning(database)
      const early = await exportOf(running)
      await givenHeld(running)
      const { entries } = await exportOf(running)
      await restore(running, early.entries.length)

      const recovering = recoverFromExport(optionsOf(running), early)

      await assert.rejects(recovering, {
        code: 'recovery_failed',
        message:
          `this export cannot bring the log back: it ends before entry ${early.entries.length}, ` +
          `and the guard has seen ${entries.length}`,
      })
      assert.equal((await readHead(running.database.kysely)).size, early.entries.length)
    })

    test('an export with a changed entry brings nothing back', async () => {
      const running = await givenRunning(database)
      const exported = await exportOf(running)
      const entries = exported.entries.map((data, index) => {
        const text = Buffer.from(data).toString('utf8')
        return index === 2 ? Buffer.from(text.replace(ALICE, BOB)) : data
      })

      const recovering = recoverFromExport(optionsOf(running), { ...exported, entries })

      await assert.rejects(recovering, { code: 'recovery_failed' })
    })

    test('forged entries and rows go when the true ones come back', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const exported = await exportOf(running)
      const { kysely } = running.database
      const size = exported.entries.length
      await removeEntriesFrom(kysely, size - 1)
      await sql`insert into entry select ${size - 1}, stream, type, at, data, leaf_hash, mac
        from entry where seq = 1`.execute(kysely)
      await sql`update change set status = 'released'`.execute(kysely)

      const kept: EntryTable[] = []
      const keep = async (rows: readonly EntryTable[]) => void kept.push(...rows)
      const imported = await recoverFromExport({ ...optionsOf(running), keep }, exported)
      const again = await startAt(running.place)

      assert.deepEqual(imported, { size, from: size - 1, removed: 1 })
      assert.deepEqual(
        kept.map((row) => row.seq),
        [size - 1],
      )
      assert.equal(again.audit.watch.state(), 'ok')
      assert.deepEqual(await entryTypes(again, opened.changeId), ['change_opened', 'evaluated'])
    })

    test('without an export a new log names the old head and ends all that was open', async () => {
      const running = await givenRunning(database)
      const held = await givenHeld(running, 'held')
      const started = await givenReleased(running, 'started')
      await accepted(running.gate.handle(person(ALICE), await startCommand(running, started)))
      const session = {
        digest: givenDigest('cookie'),
        person: BOB,
        method: 'passkey',
        startedAt: 0,
        expiresAt: 9e15,
        agent: '',
      } as const
      await addSession(running.database.kysely, session)
      const kept = (await readHead(running.database.kysely)).size
      await givenHeld(running, 'lost')
      const { entries } = await exportOf(running)
      await restore(running, kept)

      const restarted = await startNewLog(optionsOf(running))
      const again = await startAt(running.place)

      assert.equal(again.audit.watch.state(), 'ok')
      assert.equal(again.audit.origin, `${ORIGIN}/2`)
      assert.equal(restarted.previous.size, entries.length)
      assert.equal(restarted.kept, kept)
      assert.deepEqual(restarted.expired, [held.changeId])
      assert.deepEqual(restarted.outcomeUnknown, [started.changeId])
      assert.deepEqual(restarted.revokedTokens, [givenTokenId('admin')])
      const sessions = await again.database.kysely.selectFrom('session').selectAll().execute()
      assert.deepEqual(sessions, [])
      const approved = await again.gate.handle(person(BOB), approveCommand(held, BOB))
      assert.deepEqual(approved.ok ? null : approved.refusal, {
        code: 'wrong_state',
        status: 'expired',
        command: 'approve',
      })
      const resolve = {
        type: 'resolve_outcome',
        person: ERIN,
        resolution: 'applied',
        reason: givenDigest('looked'),
      } as const
      await accepted(again.gate.handle(person(ERIN), changeCommand(started.changeId, resolve)))
    })

    test('nobody comes in on a new log by what the old one had begun', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const expiresAt = 9e15
      const signed = { inviteKey: 'key', person: BOB, signed: '{}', key: givenKeyId() }
      await addInvite(kysely, { ...signed, expiresAt })
      await replaceFirstLink(kysely, { digest: givenDigest('link'), expiresAt })
      const device = { device: givenDigest('device'), userCode: 'BCDFGHJKLM', name: 'desk' }
      await addDeviceLogin(kysely, { ...device, expiresAt }, 0)
      const begun = { person: BOB, statement: '{}', expiresAt }
      await addCeremony(kysely, { ...begun, nonce: givenDigest('n'), purpose: 'sign-in' }, 0)
      await rememberOnce(kysely, { digest: givenDigest('job'), until: expiresAt }, 0)
      await givenHeld(running, 'lost')
      await restore(running, 3)

      await startNewLog(optionsOf(running))

      const { kysely: left } = (await startAt(running.place)).database
      for (const table of ['invite', 'first_link', 'device_login'] as const)
        assert.deepEqual(await left.selectFrom(table).selectAll().execute(), [], table)
      const purposes = await left.selectFrom('ceremony').select('purpose').execute()
      assert.deepEqual(purposes, [{ purpose: 'workload-used' }])
    })

    test('nothing that a key of the old log’s issuer signs counts on a new log', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const old = await newSealedKey(running.place.keys.issuerSeal)
      await addIssuerKey(kysely, { ...old, activeAt: 0, retiresAt: null })
      await restore(running, 3)

      const { droppedKeys } = await startNewLog(optionsOf(running))

      const again = await startAt(running.place)
      const [key, ...others] = await issuerKeys(again.database.kysely)
      assert.deepEqual(droppedKeys, [old.id])
      assert.deepEqual(others, [])
      assert.notEqual(key?.id, old.id)
      await openKey(key ?? assert.fail('no key'), running.place.keys.issuerSeal)
      const { entries } = await exportOf(again)
      const told = entries.map((leaf) => Buffer.from(leaf).toString('utf8'))
      assert.ok(told.some((each) => each.includes('"issuer_rotated"') && each.includes(old.id)))
    })

    test('an emptied database goes on as a new log too, and a second loss as a third', async () => {
      const running = await givenRunning(database)
      await exportOf(running)
      await restore(running, 0)
      await startNewLog(optionsOf(running))

      const third = await startNewLog({
        ...optionsOf(running),
        adminToken: {
          ...optionsOf(running).adminToken,
          id: givenTokenId('third'),
          secretSha256: givenDigest('secret of third'),
        },
      })

      assert.equal(third.origin, `${ORIGIN}/3`)
      assert.equal(third.previous.origin, `${ORIGIN}/2`)
      assert.equal((await startAt(running.place)).audit.watch.state(), 'ok')
    })

    test('an export of another history is refused, though this key signed it', async () => {
      const running = await givenRunning(database)
      const exported = await exportOf(running)
      const { size } = await readHead(running.database.kysely)
      const identity = logIdentity(ORIGIN, running.place.keys.log)
      const other = identity.sign({ size, root: new Uint8Array(32) })
      const options = optionsOf(running)
      const otherGuard = { ...options.guard, read: async () => other }

      const underOther = () => recoverFromExport(options, { ...exported, checkpoint: other })
      const guarded = () => recoverFromExport({ ...options, guard: otherGuard }, exported)

      await assert.rejects(underOther, {
        message:
          `this export cannot bring the log back: its first ${size} entries are not those of ` +
          'its checkpoint',
      })
      await assert.rejects(guarded, {
        message:
          `this export cannot bring the log back: its first ${size} entries are not those of ` +
          'the guard',
      })
    })

    test('an older export takes nothing away that came after it', async () => {
      const running = await givenRunning(database)
      const exported = await exportOf(running)
      const opened = await givenHeld(running)
      const size = exported.entries.length + 2

      const imported = await recoverFromExport(optionsOf(running), exported)
      const again = await startAt(running.place)

      assert.deepEqual(imported, { size, from: null, removed: 0 })
      await accepted(again.gate.handle(person(BOB), approveCommand(opened, BOB)))
    })

    test('a wrong MAC key is named, and takes no entry away', async () => {
      const running = await givenRunning(database)
      const before = (await readHead(running.database.kysely)).size
      const keys = { ...running.place.keys, mac: macKeyFrom(randomKey()) }

      const restarting = startNewLog({ ...optionsOf(running), keys })

      await assert.rejects(restarting, {
        code: 'recovery_failed',
        message: 'not even the first entry was written with this MAC key; put the right key back',
      })
      assert.equal((await readHead(running.database.kysely)).size, before)
    })
  })
}
