import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Digest } from '@holdpoint/core'
import {
  ALICE,
  BOB,
  givenChangeId,
  givenDigest,
  givenWorkspaceId,
  HOUR,
  NOW,
} from '../../../core/test/given.ts'
import { databases } from '../../test/databases.ts'
import {
  accepted,
  person as actor,
  givenRunning,
  openCommand,
  openedNow,
} from '../../test/given-gate.ts'
import { randomSalt } from '../io/random-ids.ts'
import { databaseNow } from './db.ts'
import { findEvidence, hasEvidence, putEvidence } from './evidence.ts'
import { isReserved, RESERVATION_MS, recordHeartbeat, reserveChange } from './runs.ts'
import { addSession, endSession, findSession } from './sessions.ts'
import { addProfile, addText, eraseProfile, eraseText, findTexts, saltedDigest } from './texts.ts'

const bytesOf = (text: string) => Buffer.from(text, 'utf8')

for (const database of databases) {
  const open = async () => (await (await database.create()).open()).kysely

  suite(`evidence in ${database.name}`, { skip: database.skip }, () => {
    const workspace = givenWorkspaceId()
    const elsewhere = givenWorkspaceId('other')

    test('what was put is found again, in its own workspace only', async () => {
      const tx = await open()

      const digest = await putEvidence(tx, { workspace, bytes: bytesOf('a plan') })

      assert.equal(digest, givenDigest('a plan'))
      assert.deepEqual(
        Buffer.from((await findEvidence(tx, { workspace, digest })) ?? []),
        bytesOf('a plan'),
      )
      assert.equal(await findEvidence(tx, { workspace: elsewhere, digest }), null)
      assert.equal(await hasEvidence(tx, { workspace: elsewhere, digest }), false)
    })

    test('evidence of many pieces comes back whole', async () => {
      const tx = await open()
      const bytes = Buffer.alloc(9 * 1024 * 1024 + 3, 'abcdefg')

      const digest = await putEvidence(tx, { workspace, bytes })
      const found = await findEvidence(tx, { workspace, digest })

      assert.ok(bytes.equals(found ?? new Uint8Array(0)))
    })

    test('the same again changes nothing, nothing at all is evidence too', async () => {
      const tx = await open()

      const first = await putEvidence(tx, { workspace, bytes: bytesOf('twice') })
      const again = await putEvidence(tx, { workspace, bytes: bytesOf('twice') })
      const empty = await putEvidence(tx, { workspace, bytes: bytesOf('') })

      assert.equal(first, again)
      assert.deepEqual(await findEvidence(tx, { workspace, digest: empty }), new Uint8Array(0))
    })

    test('bytes that do not hash to what was said are not kept', async () => {
      const tx = await open()
      const digest = givenDigest('something else')

      const putting = putEvidence(tx, { workspace, bytes: bytesOf('this'), digest })

      await assert.rejects(putting, {
        code: 'wrong_digest',
        message: `what was sent does not hash to ${digest}`,
      })
      assert.equal(await hasEvidence(tx, { workspace, digest: givenDigest('this') }), false)
    })

    test('a workspace that is full takes no more, and another one does', async () => {
      const tx = await open()
      const put = async (where: typeof workspace, text: string) =>
        await putEvidence(tx, { workspace: where, bytes: bytesOf(text), workspaceBytesMax: 10 })
      await put(workspace, '12345678')

      await assert.rejects(put(workspace, 'abc'), {
        code: 'quota_exceeded',
        message: 'the workspace holds 8 of 10 bytes of evidence; there is no room for more',
      })
      await put(workspace, 'ab')
      await put(elsewhere, 'abc')
    })

    test('more than the limit is refused before it is read', async () => {
      const tx = await open()
      const bytes = Object.defineProperty(new Uint8Array(1), 'length', { value: 2 ** 29 + 1 })

      await assert.rejects(putEvidence(tx, { workspace, bytes }), {
        code: 'too_large',
        message: 'evidence is at most 536870912 bytes, this is 536870913',
      })
    })

    test('evidence that was put inside a transaction goes with it', async () => {
      const tx = await open()

      const rolledBack = tx.transaction().execute(async (inner) => {
        await putEvidence(inner, { workspace, bytes: bytesOf('gone') })
        throw new Error('on purpose')
      })

      await assert.rejects(rolledBack, /on purpose/)
      assert.equal(await hasEvidence(tx, { workspace, digest: givenDigest('gone') }), false)
    })
  })

  suite(`typed texts in ${database.name}`, { skip: database.skip }, () => {
    test('an erased text leaves its row and a digest that says nothing', async () => {
      const tx = await open()
      const salt = randomSalt()
      const digest = await addText(tx, { text: 'too wide a rule', salt })
      const kept = await addText(tx, { text: 'too wide a rule', salt: randomSalt() })

      const erased = await eraseText(tx, digest)
      const again = await eraseText(tx, digest)

      assert.notEqual(digest, kept)
      assert.deepEqual([erased, again], [true, false])
      assert.deepEqual(await findTexts(tx, [digest, kept]), new Map([[kept, 'too wide a rule']]))
      const row = await tx.selectFrom('text').selectAll().where('digest', '=', digest).execute()
      assert.deepEqual(row, [{ digest, salt: null, text: null }])
    })

    test('text with a NUL and beyond ASCII comes back as it was typed', async () => {
      const tx = await open()
      const text = 'süß \u0000 \u{1f512}'

      const digest = await addText(tx, { text, salt: randomSalt() })

      assert.deepEqual(await findTexts(tx, [digest]), new Map([[digest, text]]))
    })

    test('a handle is taken once, and free again after its person was erased', async () => {
      const tx = await open()
      const profile = (person: typeof ALICE) => ({
        person,
        handle: 'alice',
        text: '{"name":"Alice"}',
        salt: randomSalt(),
      })

      const first = await addProfile(tx, profile(ALICE))
      const taken = await addProfile(tx, profile(BOB))
      await eraseProfile(tx, ALICE)
      const free = await addProfile(tx, profile(BOB))

      assert.match(first ?? '', /^[0-9a-f]{64}$/)
      assert.equal(taken, null)
      assert.notEqual(free, null)
    })

    test('erasing a text leaves every proof of the log valid', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const salt = randomSalt()
      const words: Digest = await addText(kysely, { text: 'why', salt })
      const opened = await openedNow(running, { words })
      const { seqs } = await accepted(running.gate.handle(actor(ALICE), openCommand(opened)))
      const before = await running.audit.checkpointCovering(seqs[0] ?? -1)

      await eraseText(kysely, words)

      assert.equal(words, saltedDigest({ text: 'why', salt }))
      assert.equal(await running.audit.checkpointCovering(seqs[0] ?? -1), before)
      assert.equal(running.audit.watch.state(), 'ok')
    })
  })

  suite(`runs and sessions in ${database.name}`, { skip: database.skip }, () => {
    const workspace = givenWorkspaceId()
    const change = givenChangeId()
    const reservation = { change, workspace, actor: `person ${ALICE}` }

    test('a reservation stands for who made it, where they made it, for a day', async () => {
      const tx = await open()
      await reserveChange(tx, reservation, NOW)

      const answers = await Promise.all([
        isReserved(tx, reservation, NOW),
        isReserved(tx, { ...reservation, actor: `person ${BOB}` }, NOW),
        isReserved(tx, { ...reservation, workspace: givenWorkspaceId('other') }, NOW),
        isReserved(tx, reservation, NOW + RESERVATION_MS),
      ])

      assert.deepEqual(answers, [true, false, false, false])
    })

    test('a reservation is spent once its change was opened', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const now = await databaseNow(kysely)
      await reserveChange(kysely, reservation, now)
      const before = await isReserved(kysely, reservation, now)

      const opened = await openedNow(running, { changeId: change })
      await accepted(running.gate.handle(actor(ALICE), openCommand(opened)))

      assert.equal(before, true)
      assert.equal(await isReserved(kysely, reservation, now), false)
    })

    test('an old heartbeat that is sent again counts for nothing', async () => {
      const tx = await open()
      const beat = async (count: number) =>
        await recordHeartbeat(tx, { change, beat: count, at: NOW + count })

      const answers = [await beat(1), await beat(3), await beat(3), await beat(2), await beat(4)]

      assert.deepEqual(answers, [true, true, false, false, true])
      assert.deepEqual(await tx.selectFrom('heartbeat').selectAll().execute(), [
        { change, beat: 4, at: NOW + 4 },
      ])
    })

    test('a session ends by itself, idle and by signing out', async () => {
      const tx = await open()
      const session = {
        digest: givenDigest('cookie'),
        person: ALICE,
        method: 'passkey',
        startedAt: NOW,
        expiresAt: NOW + 20 * HOUR,
        agent: 'a browser',
      } as const
      await addSession(tx, session)

      const signedIn = await findSession(tx, session.digest, NOW)
      const idle = await findSession(tx, session.digest, NOW + 8 * HOUR)
      await tx
        .updateTable('session')
        .set({ seen_at: NOW + 19 * HOUR })
        .execute()
      const later = await findSession(tx, session.digest, NOW + 20 * HOUR)
      await endSession(tx, session.digest)

      assert.deepEqual(signedIn, { ...session, seenAt: NOW })
      assert.equal(idle, null)
      assert.equal(later, null)
      assert.equal(await findSession(tx, session.digest, NOW), null)
    })
  })
}
