import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Broker, openBroker } from './broker.ts'
import type { Connection } from './kind.ts'
import { makeRunFolder, type RunFolder } from './run-folder.ts'
import { type Listening, listenOnLoopback } from './server.ts'

const BEARER = 'b'.repeat(43)
let listening: Listening
let paths: string[] = []
before(async () => {
  listening = await listenOnLoopback(BEARER, async (path) => {
    paths.push(path)
    return path === '/aws' ? { ok: true } : null
  })
})
after(() => listening.close())

interface Asking {
  readonly method?: string
  readonly path?: string
  readonly headers?: { readonly [name: string]: string }
}

const right = () => ({ host: `127.0.0.1:${listening.port}`, authorization: BEARER })

function ask({ method = 'GET', path = '/aws', headers = {} }: Asking): Promise<number> {
  paths = []
  return new Promise((resolve, reject) => {
    const options = { port: listening.port, host: '127.0.0.1', method, path }
    const asking = request({ ...options, headers: { ...right(), ...headers } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asking.on('error', reject)
    asking.end()
  })
}

test('who knows the bearer is answered, with and without the word before it', async () => {
  assert.equal(await ask({}), 200)
  assert.equal(await ask({ headers: { authorization: `Bearer ${BEARER}` } }), 200)
  assert.equal(await ask({ path: '/aws?audience=x' }), 200)
})

test('Node’s own fetch is no page of a browser', async () => {
  const url = `http://127.0.0.1:${listening.port}/aws`

  assert.equal((await fetch(url, { headers: { authorization: BEARER } })).status, 200)
})

const REFUSED: readonly (readonly [string, number, Asking])[] = [
  ['another bearer', 401, { headers: { authorization: 'c'.repeat(43) } }],
  ['a part of the bearer', 401, { headers: { authorization: BEARER.slice(1) } }],
  ['no bearer', 401, { headers: { authorization: '' } }],
  ['a name that resolves to here', 421, { headers: { host: 'rebound.example' } }],
  ['the host by name', 421, { headers: { host: 'localhost' } }],
  ['a page of another site', 403, { headers: { origin: 'https://evil.example' } }],
  ['a page without an origin', 403, { headers: { 'sec-fetch-site': 'cross-site' } }],
  ['an image of a page', 403, { headers: { 'sec-fetch-dest': 'image' } }],
  ['another method', 405, { method: 'POST' }],
  ['a preflight', 405, { method: 'OPTIONS' }],
]

for (const [who, status, asking] of REFUSED) {
  test(`${who} is not answered, and nothing is asked for it`, async () => {
    assert.equal(await ask(asking), status)
    assert.deepEqual(paths, [])
  })
}

test('what there is nothing for is refused', async () => {
  assert.equal(await ask({ path: '/google' }), 403)
})

const connection: Connection = {
  id: 'con_0000000000000001' as Connection['id'],
  kind: 'azure',
  account: 'subscription',
  apply: 'client',
  plan: null,
  audience: 'audience',
  settings: {},
}

async function opened(): Promise<{ broker: Broker; run: RunFolder; url: string }> {
  const run = await makeRunFolder()
  const broker = await openBroker({
    phase: 'apply',
    connections: [connection],
    folder: run.path,
    program: ['holdpoint'],
    ask: async () => ({ form: 'token', token: 'token-of-the-grant', expiresAt: Date.now() + 3e5 }),
  })
  return { broker, run, url: broker.env['ARM_OIDC_REQUEST_URL'] ?? '' }
}

test('its files are for its owner alone, and are gone with it; so is its door', async (context) => {
  const { broker, run, url } = await opened()
  context.after(() => broker.close())
  const folder = run.path
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  const headers = { authorization: broker.env['ARM_OIDC_REQUEST_TOKEN'] ?? '' }

  assert.equal(await modeOf(folder), '700')
  assert.equal(await modeOf(join(folder, 'apply')), '700')
  assert.equal(await modeOf(join(folder, 'apply', 'bearer')), '600')
  assert.equal((await fetch(url, { headers })).status, 200)
  assert.equal(broker.hide('a token-of-the-grant b'), 'a (credential) b')
  await broker.close()
  await assert.rejects(stat(join(folder, 'apply')), /ENOENT/)
  await assert.rejects(fetch(url, { headers }), /fetch failed/)
  await run.close()
})
