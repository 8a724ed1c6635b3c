import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type Route, routes } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import { hex } from '@holdpoint/core'
import { addCast, startTestServer, type TestServer } from '../../test/server-story.ts'
import { CONTENT_SECURITY_POLICY } from './headers.ts'

let story: TestServer
before(async () => {
  story = await startTestServer()
  await addCast(story)
})
after(() => story.close())

const ID = { change: 'chg_0123456789abcdef', workspace: 'wsp_0123456789abcdef' }

function addressOf(path: string): string {
  return path
    .replace(':change', ID.change)
    .replace(':workspace', ID.workspace)
    .replace(':digest', 'a'.repeat(64))
    .replace(':seq', '0')
    .replace('*', '0/000')
}

describe('every row of the route table', () => {
  for (const [name, row] of Object.entries<Route>(routes)) {
    if (row.access === 'none') continue
    it(`${name} is refused without credentials, and says so in three sentences`, async () => {
      const response = await fetch(`${story.url}${addressOf(row.path)}`, { method: row.method })

      assert.equal(response.status, 401)
      assert.equal(response.headers.get('www-authenticate'), 'Bearer')
      const problem: unknown = await response.json()
      assert.equal(Reflect.get(Object(problem), 'code'), 'not_signed_in')
    })
    it(`${name} is refused with a token that nobody issued`, async () => {
      const headers = { authorization: `Bearer hpt_${'x'.repeat(43)}` }
      const address = `${story.url}${addressOf(row.path)}`

      assert.equal((await fetch(address, { method: row.method, headers })).status, 401)
    })
  }
})

interface RawAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: unknown }
  readonly body: string
}

/** Sends headers that fetch refuses to send. */
function raw(
  path: string,
  options: { method?: string; headers: { [name: string]: string } },
): Promise<RawAnswer> {
  const { port } = new URL(story.url)
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
    asked.on('error', reject).end()
  })
}

describe('the server is asked only under its own name', () => {
  it('refuses the Host of another site, so that a rebound name reaches nothing', async () => {
    const headers = { host: 'evil.example:80', 'holdpoint-as': 'mira' }

    assert.equal((await raw('/api/v1/whoami', { headers })).status, 421)
    assert.equal((await raw('/', { headers })).status, 421)
  })

  it('answers probes under any name', async () => {
    assert.equal((await raw('/healthz', { headers: { host: '10.0.0.7:7480' } })).status, 200)
  })

  it('refuses a write from a page of another origin', async () => {
    const host = new URL(story.url).host
    const headers = { host, origin: 'https://evil.example', 'holdpoint-as': 'mira' }
    const write = { method: 'POST', headers }

    const answer = await raw('/api/v1/changes/reserve', write)

    assert.equal(answer.status, 403)
    assert.match(answer.body, /another origin/)
  })

  it('refuses a write that a browser calls cross-site', async () => {
    const host = new URL(story.url).host
    const headers = { host, 'sec-fetch-site': 'cross-site', 'holdpoint-as': 'mira' }

    assert.equal((await raw('/api/v1/sign-out', { method: 'POST', headers })).status, 403)
  })

  it('takes a write from its own page', async () => {
    const host = new URL(story.url).host
    const headers = { host, origin: story.url, 'content-type': 'application/json' }

    const answer = await raw('/api/v1/sign-out', { method: 'POST', headers })

    assert.notEqual(answer.status, 403)
  })
})

describe('what every answer carries', () => {
  it('the content policy, no sniffing, no frame, no referrer', async () => {
    for (const path of ['/', '/api/v1/whoami', '/log/checkpoint', '/nothing.js']) {
      const { headers } = await fetch(`${story.url}${path}`)
      assert.equal(headers.get('content-security-policy'), CONTENT_SECURITY_POLICY)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
    }
  })

  it('answers of the API are not stored by anything between', async () => {
    const { headers } = await fetch(`${story.url}/api/v1/whoami`)

    assert.equal(headers.get('cache-control'), 'no-store')
  })
})

describe('input that cannot be read', () => {
  const asMira = { 'holdpoint-as': 'mira', 'content-type': 'application/json' }
  const reserve = async (body: string) => {
    const address = `${story.url}/api/v1/changes/reserve`
    const response = await fetch(address, { method: 'POST', headers: asMira, body })
    const problem: unknown = await response.json()
    const text = (key: string) => String(Reflect.get(Object(problem), key))
    return { status: response.status, problem: { code: text('code'), detail: text('detail') } }
  }

  it('is named, field by field', async () => {
    const { status, problem } = await reserve('{"workspace":"","sameAs":7,"more":true}')

    assert.equal(status, 400)
    assert.equal(problem.code, 'invalid_input')
    assert.match(problem.detail, /workspace: /)
    assert.match(problem.detail, /sameAs: /)
    assert.match(problem.detail, /more/)
  })

  it('that is not JSON is a sentence', async () => {
    const { status, problem } = await reserve('{"workspace":')

    assert.equal(status, 400)
    assert.equal(problem.code, 'bad_request')
  })

  it('that is too large is refused', async () => {
    const { status, problem } = await reserve(JSON.stringify({ workspace: 'x'.repeat(5_000_000) }))

    assert.equal(status, 413)
    assert.equal(problem.code, 'too_large')
  })

  it('an address that is not there is not found', async () => {
    const response = await fetch(`${story.url}/api/v1/nothing`)

    assert.equal(response.status, 404)
    assert.equal(Reflect.get(Object(await response.json()), 'code'), 'not_found')
  })
})

describe('pages for machines', () => {
  it('say that it is alive and may write', async () => {
    assert.equal(await (await fetch(`${story.url}/healthz`)).text(), 'ok\n')
    assert.equal(await (await fetch(`${story.url}/readyz`)).text(), 'ready\n')
  })

  it('give numbers without names', async () => {
    const text = await (await fetch(`${story.url}/metrics`)).text()

    assert.match(text, /holdpoint_log_entries \d+/)
    assert.match(text, /holdpoint_refusals_total\{code="not_signed_in"\} \d+/)
    assert.match(text, /holdpoint_reads_only 0/)
    assert.doesNotMatch(text, /mira|per_/)
  })

  it('describe the contract', async () => {
    const document: unknown = await (await fetch(`${story.url}/api/v1/openapi.json`)).json()

    const { openapi, info } = Object(document)
    assert.deepEqual([openapi, info.version], ['3.1.0', '0.0.0-test'])
  })

  it('give the page for any address of its own', async () => {
    const response = await fetch(`${story.url}/changes/${ID.change}`)

    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /text\/html/)
  })
})

describe('the server’s end', () => {
  it('does not wait for a connection on which nothing runs', { timeout: 30_000 }, async () => {
    const other = await startTestServer()
    const idle = connect(Number(new URL(other.url).port), '127.0.0.1')
    await once(idle, 'connect')

    const ended = once(idle, 'close')
    const started = performance.now()
    await other.close()

    await ended
    assert.ok(performance.now() - started < 8_000)
  })
})

describe('evidence', () => {
  it('larger than what JSON may be is taken, and refused when its hash is another', async () => {
    const mira = story.as('mira')
    const reserved = await mira.call('reserve', {
      body: { workspace: 'surface/big', sameAs: null },
    })
    assert.ok(reserved.ok)
    const { workspace } = reserved.value
    const body = new Uint8Array(6_000_000).fill(32)
    const digest = hex(nodePrimitives.sha256(body))

    const stored = await mira.raw('putEvidence', { params: { workspace, digest }, body })
    const wrong = { workspace, digest: 'a'.repeat(64) }
    const refused = await mira.raw('putEvidence', { params: wrong, body })

    assert.equal(stored.status, 200)
    assert.equal(refused.status, 422)
    const back = await mira.raw('getEvidence', { params: { workspace, digest } })
    assert.equal((await back.arrayBuffer()).byteLength, body.length)
  })
})
