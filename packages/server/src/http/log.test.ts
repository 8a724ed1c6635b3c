import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { routes } from '@holdpoint/api'
import { nodePrimitives, nodeVerifiers } from '@holdpoint/api/node'
import {
  type ChangeId,
  decodeBase64,
  leafHash,
  parseDigest,
  parseEntryBundle,
  parseTile,
  parseVkey,
  verifyBundle,
  verifyTlogProof,
} from '@holdpoint/core'
import {
  addCast,
  openRun,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

let story: TestServer
let change: ChangeId
before(async () => {
  story = await startTestServer()
  await addCast(story)
  const run = await openRun(story.as('mira'), { workspace: 'log/one', words: 'canary words' })
  change = run.change
  await untilStatus(story.as('mira'), change, 'held')
})
after(() => story.close())

/** The signature comes a moment after the entries. */
async function signedPage() {
  const deadline = Date.now() + 5_000
  while (true) {
    const page = await story.as('theo').call('log', { query: { limit: 500 } })
    assert.ok(page.ok, JSON.stringify(page))
    const size = Number(page.value.checkpoint?.split('\n')[1])
    if (size === page.value.size) return page.value
    if (Date.now() > deadline) throw new Error('the log was not signed in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('the log over HTTP', () => {
  it('gives every entry with a proof that verifies against the log’s key', async () => {
    const page = await signedPage()
    routes.log.reply.parse(page)
    const made = parseVkey(nodePrimitives, page.verifierKey)
    assert.ok(made.ok)
    assert.match(page.origin, /\/holdpoint\/development$/)

    for (const entry of page.entries) {
      const proof = await story.as('theo').call('proof', { params: { seq: entry.seq } })
      assert.ok(proof.ok)
      const data = decodeBase64(entry.data)
      assert.ok(data)
      const claim = {
        leafHash: leafHash(nodePrimitives, data),
        origin: page.origin,
        logKey: made.key,
        witnessKeys: [],
        verifier: nodeVerifiers.verifier,
      }
      const verified = verifyTlogProof(nodePrimitives, proof.value.proof, claim)
      assert.equal(verified.ok && verified.index, entry.seq)
    }
    assert.ok(page.entries.length > 10)
  })

  it('gives tiles and bundles of what is signed, and nothing beyond', async () => {
    const page = await signedPage()
    const get = async (place: string) => {
      const response = await fetch(`${story.url}/log/${place}`, {
        headers: { 'holdpoint-as': 'theo' },
      })
      return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
    }
    const { size } = page

    const tile = await get(`tile/0/000.p/${size}`)
    const bundle = await get(`tile/entries/000.p/${size}`)

    const hashes = parseTile(tile.bytes, size)
    const entries = parseEntryBundle(bundle.bytes, size)
    assert.ok(hashes.ok && entries.ok)
    const [last] = entries.entries.slice(-1)
    assert.ok(last)
    assert.deepEqual(Buffer.from(hashes.hashes.at(-1) ?? []), leafHash(nodePrimitives, last))
    assert.equal((await get(`tile/0/000.p/${size + 1}`)).status, 404)
    assert.equal((await get('tile/0/000')).status, 404)
    assert.equal((await get('tile/0/../../api')).status, 404)
  })

  it('gives a bundle that verifies offline, and none of whose texts is in an entry', async () => {
    const page = await signedPage()
    const response = await story.as('theo').raw('exportAudit', {})
    const bytes = new Uint8Array(await response.arrayBuffer())

    const verified = verifyBundle(bytes, nodePrimitives, {
      ...nodeVerifiers,
      pinnedKey: page.verifierKey,
      pins: null,
    })

    assert.ok(verified.ok, JSON.stringify(verified))
    const text = new TextDecoder().decode(bytes)
    assert.match(text, /canary words/)
    for (const entry of page.entries)
      assert.doesNotMatch(Buffer.from(entry.data, 'base64').toString(), /canary|mira|example/)
  })

  it('gives the bundle of one change, and not of one that is not there', async () => {
    const ask = (id: string) => story.as('theo').raw('exportAudit', { query: { change: id } })

    const here = new Uint8Array(await (await ask(change)).arrayBuffer())

    const verified = verifyBundle(here, nodePrimitives, {
      ...nodeVerifiers,
      pinnedKey: null,
      pins: null,
    })
    assert.ok(verified.ok, JSON.stringify(verified))
    assert.equal((await ask('chg_0000000000000000')).status, 404)
  })

  it('shows its checkpoint to anyone', async () => {
    const response = await fetch(`${story.url}/log/checkpoint`)

    assert.equal(response.status, 200)
    assert.match(await response.text(), /^127\.0\.0\.1\/holdpoint\/development\n\d+\n/)
  })

  it('forgets a typed text when it is erased, and keeps its digest', async () => {
    const mira = story.as('mira')
    const view = await mira.call('change', { params: { change } })
    assert.ok(view.ok)
    assert.equal(view.value.words, 'canary words')
    const opened = view.value.timeline[0]?.event
    const words = parseDigest(String(Reflect.get(Object(opened), 'words')))
    assert.ok(words)

    const refused = await mira.call('eraseText', { body: { text: words } })
    const erased = await story.admin.call('eraseText', { body: { text: words } })

    assert.equal(refused.status, 403)
    assert.ok(erased.ok)
    const after = await mira.call('change', { params: { change } })
    assert.equal(after.ok && after.value.words, null)
    const again = await story.admin.call('eraseText', { body: { text: words } })
    assert.equal(again.status, 404)
  })
})
