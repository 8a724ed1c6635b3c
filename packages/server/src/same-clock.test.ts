import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { databases } from '../test/databases.ts'
import {
  addCast,
  openRun,
  startBody,
  startTestServer,
  type TestServer,
} from '../test/server-story.ts'
import { agreedNow } from './same-clock.ts'

const SECOND_MS = 1_000
const shifted = (ms: number) => ({ now: () => Date.now() + ms })

for (const kind of databases) {
  suite(`the clock beside that of ${kind.name}`, { skip: kind.skip }, () => {
    test('may be a few seconds away, on either side', async () => {
      const database = await (await kind.create()).open()

      for (const ms of [0, 4 * SECOND_MS, -4 * SECOND_MS]) {
        const now = await agreedNow(database.kysely, shifted(ms))
        assert.ok(Math.abs(now - Date.now()) < 2 * SECOND_MS)
      }
    })

    test('is named with side and distance when it is further away', async () => {
      const database = await (await kind.create()).open()
      const problem = (said: string) => ({
        code: 'clock_differs',
        message:
          `this server's clock is ${said} the database's, and 5 are the most; ` +
          'synchronise both machines and start it again',
      })

      const ahead = agreedNow(database.kysely, shifted(60 * SECOND_MS + 950))
      await assert.rejects(ahead, problem('61 seconds ahead of'))
      const behind = agreedNow(database.kysely, shifted(-60 * SECOND_MS - 950))
      await assert.rejects(behind, problem('61 seconds behind'))
    })

    test('does not count the time that asking took', async () => {
      const database = await (await kind.create()).open()
      const times = [Date.now() - 30 * SECOND_MS, Date.now() + 30 * SECOND_MS]

      await agreedNow(database.kysely, { now: () => times.shift() ?? 0 })
      assert.deepEqual(times, [])
    })
  })
}

suite('a server in another time', () => {
  let story: TestServer
  let aheadMs = 0
  before(async () => {
    story = await startTestServer({ server: { clock: { now: () => Date.now() + aheadMs } } })
    await addCast(story)
  })
  after(async () => await story.close())

  test('does not start', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'holdpoint-clock-'))
    const server = { clock: shifted(-10 * SECOND_MS) }
    try {
      await assert.rejects(startTestServer({ dataDir, server }), { code: 'clock_differs' })
    } finally {
      await rm(dataDir, { recursive: true })
    }
  })

  test('starts no change, says why, and leaves its approval', async () => {
    const run = await openRun(story.as('mira'), { workspace: 'clocks/one' })
    aheadMs = 8 * SECOND_MS

    const body = run.signed('start', startBody(run))
    const claim = await story.as('mira').call('start', { params: { change: run.change }, body })
    aheadMs = 0

    assert.equal(claim.ok, false)
    if (claim.ok) return
    const { code, title, remedy } = claim.problem
    assert.deepEqual(
      { status: claim.status, code, title, remedy },
      {
        status: 503,
        code: 'clock_differs',
        title: 'The clocks of server and database differ',
        remedy: 'Tell the operator. Nothing was started, and the approval still stands.',
      },
    )
    assert.match(claim.problem.detail, /^this server's clock is [78] seconds ahead of /)
    const again = await story.as('mira').call('start', {
      params: { change: run.change },
      body: run.signed('start', startBody(run)),
    })
    assert.equal(again.ok ? null : again.problem.code === 'clock_differs', false)
  })
})
