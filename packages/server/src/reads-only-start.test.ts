/** A server whose database was tampered with while it was stopped: it starts, and says so. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { type Entry, entryBytes, leafHash } from '@holdpoint/core'
import { givenPerson } from '../../core/test/given.ts'
import { accept, addCast, adminSecretIn, startTestServer } from '../test/server-story.ts'
import { removeEntriesFrom } from './log/rebuild.ts'
import { openDatabase } from './store/db.ts'
import { readHead } from './store/entries.ts'
import type { Tx } from './store/tables.ts'

const folders: string[] = []
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

async function empty(tx: Tx): Promise<void> {
  await removeEntriesFrom(tx, 0)
  await tx.deleteFrom('change').execute()
  await tx.deleteFrom('checkpoint').execute()
  const head = { size: 0, last_at: 0, access_seq: -1, policy_revision: 0, policy_document: null }
  await tx.updateTable('head').set(head).execute()
}

async function forgeAccess(tx: Tx): Promise<void> {
  const { size: seq, lastAt: at } = await readHead(tx)
  const event = { type: 'member_added', team: 'platform', person: givenPerson('mallory') } as const
  const actor = { kind: 'system', id: null } as const
  const entry: Entry = { v: 1, seq, at, stream: 'access', actor, event }
  const data = entryBytes(entry, nodePrimitives)
  const leaf_hash = leafHash(nodePrimitives, data)
  const place = { seq, stream: entry.stream, type: event.type, at }
  await tx
    .insertInto('entry')
    .values({ ...place, data, leaf_hash, mac: new Uint8Array(32) })
    .execute()
  await tx
    .updateTable('head')
    .set({ size: seq + 1, access_seq: seq })
    .execute()
}

async function bendHead(tx: Tx): Promise<void> {
  await tx.updateTable('head').set({ access_seq: 1 }).execute()
}

/** A server with people, stopped, its database edited, and started again. */
async function startedAgain(tamper: (tx: Tx) => Promise<void>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdpoint-tampered-'))
  folders.push(dataDir)
  const first = await startTestServer({ dataDir })
  await addCast(first)
  await accept(first, { type: 'create_workspace', name: 'network' })
  await first.close()
  const secret = await adminSecretIn(dataDir)
  const database = await openDatabase({ dataDir, databaseUrl: null })
  const { size } = await readHead(database.kysely)
  await tamper(database.kysely)
  await database.close()
  const story = await startTestServer({ dataDir, adminSecret: secret })
  return { story, secret, size }
}

const CASES = [
  {
    name: 'an emptied database',
    tamper: empty,
    why: (size: number) => `entries 0 to ${size - 1} are lost: the database is empty`,
  },
  {
    name: 'a forged access entry',
    tamper: forgeAccess,
    why: (size: number) => `entry ${size} was not written by this gate: its MAC is wrong`,
  },
  {
    name: 'a head that was edited',
    tamper: bendHead,
    why: () => 'the head says another access or policy than the entries do',
  },
] as const

suite('a server starts in read-only over', () => {
  for (const { name, tamper, why } of CASES)
    test(name, async (t) => {
      const { story, secret, size } = await startedAgain(tamper)
      t.after(story.close)
      const detail = why(size)
      const expected = {
        code: 'reads_only',
        title: 'Holdpoint is in read-only',
        detail,
        remedy:
          'The operator has to run holdpoint recover. Nothing can be opened, decided or started.',
        refusal: { code: 'reads_only', why: detail },
      }

      const ready = await fetch(`${story.url}/readyz`)
      const people = await story.nobody.call('developmentPeople', {})
      const asked = await story.admin.call('access', {})
      const named = await story.as('mira').call('whoami', {})

      assert.equal(story.server.adminToken, null)
      assert.equal(await adminSecretIn(story.dataDir), secret)
      assert.deepEqual([ready.status, await ready.text()], [503, `reads only: ${detail}\n`])
      for (const answer of [people, asked, named])
        assert.deepEqual(answer, { ok: false, status: 503, problem: expected })
    })
})
