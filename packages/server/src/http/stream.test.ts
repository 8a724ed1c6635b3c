import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Client } from '@holdpoint/api/client'
import type { ChangeId } from '@holdpoint/core'
import { findPostgres, type PostgresServer, startPostgres } from '../../test/postgres.ts'
import {
  accept,
  addCast,
  adminSecretIn,
  openRun,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

/** What a stream said so far, and a wait for more. */
interface Heard {
  readonly text: () => string
  readonly until: (pattern: RegExp) => Promise<string>
  readonly ended: Promise<void>
  readonly stop: () => void
}

async function listen(
  client: Client,
  change: ChangeId | null,
  headers: { readonly [name: string]: string } = {},
): Promise<Heard> {
  const abort = new AbortController()
  const { signal } = abort
  const response =
    change === null
      ? await client.raw('events', { signal, headers })
      : await client.raw('changeEvents', { params: { change }, signal, headers })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  let text = ''
  let wake = (): void => {}
  const read = async (): Promise<void> => {
    for await (const part of response.body ?? []) {
      text += new TextDecoder().decode(part)
      wake()
    }
  }
  const ended = read().catch(() => {})
  const until = async (pattern: RegExp): Promise<string> => {
    const timer = AbortSignal.timeout(8_000)
    while (!pattern.test(text)) {
      if (timer.aborted) throw new Error(`the stream said only ${JSON.stringify(text)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
        timer.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    return text
  }
  return { text: () => text, until, ended, stop: () => abort.abort() }
}

describe('events of changes', () => {
  let story: TestServer
  before(async () => {
    story = await startTestServer()
    await addCast(story)
  })
  after(() => story.close())

  it('say again what is held when it escalates and reminds, and the inbox says whom', async () => {
    const asks = `{ approvals: [{ from: [team:platform] }], remind: 2s,
      escalate: { after: 3s, to: [team:leads] } }`
    const text = `version: 1\ndefault: { hold: ${asks} }\n`
    await accept(story, { type: 'add_member', team: 'leads', person: 'theo' })
    assert.ok((await story.admin.call('pushPolicy', { body: { text, basedOn: 0 } })).ok)
    const { change } = await openRun(story.as('mira'), { workspace: 'stream/reminded' })
    const { openedAt } = await untilStatus(story.as('mira'), change, 'held')
    const heard = await listen(story.as('mira'), change)

    const said = await heard.until(/(?:"status":"held"[\s\S]*){3}/)
    heard.stop()

    assert.equal(new Set(said.match(/^id: \d+$/gm)).size, 1, 'nothing was recorded')
    const rowOf = async (handle: string) => {
      const inbox = await story.as(handle).call('inbox', {})
      assert.ok(inbox.ok)
      const { needsYou, waitingForOthers, yours } = inbox.value
      return [...needsYou, ...waitingForOthers, ...yours].find(({ id }) => id === change)
    }
    assert.equal((await rowOf('jonas'))?.remindedAt, openedAt + 2_000)
    assert.equal((await rowOf('mira'))?.remindedAt, null)
    const view = await story.as('jonas').call('change', { params: { change } })
    const candidates = view.ok ? view.value.slots[0]?.candidates.map(({ name }) => name) : []
    assert.deepEqual(candidates, ['jonas Doe', 'ada Doe', 'theo Doe'])
  })

  it('begin with what is, and say what moves', async () => {
    const mira = story.as('mira')
    const { change } = await openRun(mira, { workspace: 'stream/one' })
    const { fingerprint } = (await untilStatus(mira, change, 'held')).binding
    const heard = await listen(mira, change)
    const first = await heard.until(/"status":"held"/)
    assert.match(first, /^retry: 2000\n\nid: \d+\nevent: change\ndata: \{"id":"chg_/)

    const waiting = await story.as('jonas').call('change', { params: { change } })
    assert.equal(waiting.ok && waiting.value.runner.waiting, true)
    const body = { fingerprint, reason: null }
    await story.as('jonas').call('approve', { params: { change }, body })

    await heard.until(/"status":"released"/)
    const last = /id: (\d+)\nevent: change\ndata: [^\n]*released/.exec(heard.text())?.[1] ?? ''
    heard.stop()
    const resumed = await listen(mira, change, { 'last-event-id': last })
    await mira.call('withdraw', { params: { change }, body: {} })
    assert.doesNotMatch(await resumed.until(/withdrawn/), /released/)
    resumed.stop()
  })

  it('are only of changes that one may see', async () => {
    await accept(story, { type: 'create_workspace', name: 'stream/seen' })
    const issued = await accept(story, {
      type: 'issue_token',
      name: 'watcher',
      verbs: ['read'],
      workspaces: ['stream/seen'],
      expiresInDays: 1,
    })
    const watcher = story.withToken(issued.secret ?? '')
    const heard = await listen(watcher, null)
    await heard.until(/retry/)
    const mira = story.as('mira')

    const hidden = await openRun(mira, { workspace: 'stream/hidden' })
    const seen = await openRun(mira, { workspace: 'stream/seen' })

    await heard.until(new RegExp(`${seen.change}.*held`))
    assert.ok(!heard.text().includes(hidden.change))
    heard.stop()
    const params = { change: hidden.change }
    assert.equal((await watcher.raw('changeEvents', { params })).status, 404)
  })

  it('end when the server does', async () => {
    const other = await startTestServer()
    await addCast(other)
    const heard = await listen(other.as('mira'), null)
    await heard.until(/retry/)

    await other.close()

    await heard.ended
  })
})

const found = findPostgres()
const skip = 'missing' in found ? found.missing : false

describe('two replicas on one PostgreSQL', { skip }, () => {
  let postgres: PostgresServer
  let one: TestServer
  let two: TestServer
  before(async () => {
    if ('missing' in found) return
    postgres = await startPostgres(found.bin)
    await postgres.query('create database replicas')
    const shared = {
      env: { HOLDPOINT_DATABASE_URL: 'env:THE_URL', THE_URL: postgres.urlOf('replicas') },
    }
    one = await startTestServer(shared)
    const adminSecret = await adminSecretIn(one.dataDir)
    two = await startTestServer({ ...shared, dataDir: one.dataDir, adminSecret })
    await addCast(one)
  })
  after(async () => {
    await two?.close()
    await one?.close()
    await postgres?.stop()
  })

  it('a client of one hears of what was committed through the other', async () => {
    const mira = one.as('mira')
    const { change } = await openRun(mira, { workspace: 'replicas/one' })
    const { fingerprint } = (await untilStatus(two.as('mira'), change, 'held')).binding
    const heard = await listen(one.as('mira'), change)
    await heard.until(/held/)

    const body = { fingerprint, reason: null }
    const answer = await two.as('jonas').call('approve', { params: { change }, body })

    assert.ok(answer.ok, JSON.stringify(answer))
    await heard.until(/released/)
    heard.stop()
  })
})
