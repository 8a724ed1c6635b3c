import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PersonId } from '@holdpoint/core'
import { ALICE, BOB, CAROL } from '../../../core/test/given.ts'
import { databases } from '../../test/databases.ts'
import { givenRunning, type Running } from '../../test/given-gate.ts'
import { createLog } from '../io/log.ts'
import { addProfile } from '../store/texts.ts'
import { profileText } from '../views-names.ts'
import { type Schedule, startPolling } from './poll.ts'
import { UNREAD_MS_MAX } from './record.ts'
import type { Reading } from './source.ts'

let running: Running
before(async () => {
  const [embedded] = databases
  assert.ok(embedded !== undefined)
  running = await givenRunning(embedded)
  for (const [person, handle] of [
    [ALICE, 'alice'],
    [BOB, 'bob'],
    [CAROL, 'carol'],
  ] as const) {
    const text = profileText({ handle, name: handle, addresses: [] })
    await addProfile(running.database.kysely, { person, handle, text, salt: new Uint8Array(16) })
  }
})
after(async () => {
  await running.gate.close()
  await running.audit.close()
  await running.database.close()
})

/** A source that says what it is told, or throws. */
function schedule(name: string, tiers: readonly (readonly string[])[]) {
  const says = { reading: { tiers, endsAt: null, nextAt: null } as Reading | null }
  const people = { U1: 'alice', U2: 'bob', U3: 'carol', U9: 'nobody' }
  const source = {
    read: async () => {
      if (says.reading === null) throw new Error('unavailable')
      return says.reading
    },
  }
  return { says, schedule: { name, people, source } satisfies Schedule }
}

async function poll(schedule: Schedule): Promise<string> {
  const lines: string[] = []
  const log = createLog({
    level: 'warn',
    destination: { write: (line: string) => void lines.push(line) },
  })
  const { database, gate } = running
  const polling = startPolling([schedule], { database, gate, log })
  await polling.poll()
  await polling.close()
  return lines.join('')
}

async function tiersOf(name: string): Promise<readonly (readonly PersonId[])[]> {
  return (await running.gate.access()).onCall.get(name)?.tiers ?? []
}

async function entries(): Promise<number> {
  const rows = await running.database.kysely
    .selectFrom('entry')
    .select('seq')
    .where('type', '=', 'on_call_set')
    .execute()
  return rows.length
}

test('who is on call is recorded by the system once, and only mapped people are anybody', async () => {
  const { schedule: each } = schedule('first', [['U1', 'U8'], ['U9']])

  const said = await poll(each)
  const count = await entries()
  await poll(each)

  assert.deepEqual(await tiersOf('first'), [[ALICE], []])
  assert.equal(await entries(), count)
  assert.match(said, /"id":"U8"/)
  assert.match(said, /"id":"U9"/)
})

test('somebody else on call is an entry at once', async () => {
  const { schedule: each, says } = schedule('second', [['U1']])
  await poll(each)

  says.reading = { tiers: [['U2']], endsAt: null, nextAt: null }
  await poll(each)

  assert.deepEqual(await tiersOf('second'), [[BOB]])
})

test('a source that fails keeps who was on call for ten minutes, and then nobody is', async () => {
  const { schedule: each, says } = schedule('third', [['U3']])
  const { kysely } = running.database
  await poll(each)

  says.reading = null
  const said = await poll(each)
  assert.deepEqual(await tiersOf('third'), [[CAROL]])
  assert.match(said, /could not be read/)

  const row = await kysely.selectFrom('schedule').selectAll().where('name', '=', 'third').execute()
  const readAt = (row[0]?.read_at ?? 0) - UNREAD_MS_MAX
  await kysely
    .updateTable('schedule')
    .set({ read_at: readAt })
    .where('name', '=', 'third')
    .execute()
  await poll(each)
  assert.deepEqual(await tiersOf('third'), [])
})
