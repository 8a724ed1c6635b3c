import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Client } from '@holdpoint/api/client'
import { parseTokenId } from '@holdpoint/core'
import {
  accepted,
  acceptInvite,
  inviteSomebody,
  onlyKey,
  openBrowser,
  refusalOf,
  type Signed,
  welcomeFirst,
} from '../../test/browser.ts'
import { accept, startTestServer, type TestServer } from '../../test/server-story.ts'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const CLIENT = 'holdpoint-cli'

let story: TestServer
let ada: Signed
let later = 0
before(async () => {
  const clock = { now: () => Date.now() + later }
  story = await startTestServer({ mode: 'production', flags: { proxies: '1' }, server: { clock } })
  ada = await welcomeFirst(story.url, story.server.firstLink?.link ?? '')
})
after(() => story.close())

async function post(path: string, fields: { readonly [name: string]: string }) {
  const body = new URLSearchParams(fields)
  const response = await fetch(`${story.url}${path}`, { method: 'POST', body })
  const answer: { readonly [name: string]: unknown } = JSON.parse(await response.text())
  return { status: response.status, answer, cache: response.headers.get('cache-control') }
}

async function begin(name = 'ada’s laptop') {
  const fields = { client_id: CLIENT, device_name: name }
  const { answer } = await post('/oauth/device_authorization', fields)
  return { device: String(answer['device_code']), code: String(answer['user_code']), answer }
}

/** Asks at the pace that is allowed. */
async function poll(device: string) {
  later += 5000
  const fields = { client_id: CLIENT, grant_type: DEVICE_GRANT, device_code: device }
  return post('/oauth/token', fields)
}

const error = async (device: string) => (await poll(device)).answer['error']

function answer(code: string, allow = true) {
  return ada.browser.client.call('answerTerminal', { body: { userCode: code, allow } })
}

describe('connecting a terminal', () => {
  it('gives it a token once its person has confirmed the code, and once only', async () => {
    const { device, code, answer: begun } = await begin()
    assert.match(code, /^[BCDFGHJKLMNPQRSTVWXZ]{5}-[BCDFGHJKLMNPQRSTVWXZ]{5}$/)
    assert.equal(begun['verification_uri'], `${ada.browser.origin}/device`)
    assert.equal(await error(device), 'authorization_pending')
    const typed = ` ${code.toLowerCase().replace('-', ' ')} `
    const body = { userCode: typed }
    const found = accepted(await ada.browser.client.call('findTerminal', { body }))
    assert.deepEqual([found.userCode, found.name], [code, 'ada-s-laptop'])

    accepted(await answer(typed))
    const { status, answer: given, cache } = await poll(device)

    assert.deepEqual([status, given['token_type'], cache], [200, 'Bearer', 'no-store'])
    const terminal = story.withToken(String(given['access_token']))
    const me = accepted(await terminal.call('whoami', {}))
    assert.deepEqual([me.actor.name, me.assurance], ['ada Doe', 'token'])
    assert.equal(await error(device), 'invalid_grant')
  })

  it('gives a terminal that opens and watches, and rules and decides nothing', async () => {
    const { device, code } = await begin()
    accepted(await answer(code))
    const terminal = story.withToken(String((await poll(device)).answer['access_token']))

    const access = { type: 'create_workspace', name: 'payments' } as const
    const ruled = await terminal.call('changeAccess', { body: access })
    const keyed = await terminal.call('beginKey', { body: {} })
    const other = await begin()
    const connected = await terminal.call('answerTerminal', {
      body: { userCode: other.code, allow: true },
    })

    // Of what the person may on the page it is said that a terminal may not.
    const codes = [ruled, keyed, connected].map((each) => (each.ok ? '' : each.problem.code))
    assert.deepEqual(codes, ['not_from_a_terminal', 'not_permitted', 'not_permitted'])
    accepted(await terminal.call('reserve', { body: { workspace: 'payments', sameAs: null } }))
  })

  it('is listed for its person alone, who ends it at once', async () => {
    const { device, code } = await begin('desk')
    accepted(await answer(code))
    const terminal = story.withToken(String((await poll(device)).answer['access_token']))
    const { browser: ines } = await invited('ines-desk')
    const { client } = ada.browser
    const own = async (of = client) => accepted(await of.call('terminals', {})).terminals
    const [desk] = await own()
    assert.equal(desk?.name, 'desk')
    assert.deepEqual(await own(ines.client), [])
    const id = desk?.id ?? parseTokenId('')
    assert.ok(id !== null)
    const end = (by: Client) => by.call('endTerminal', { body: { terminal: id } })

    assert.deepEqual(refusalOf(await end(ines.client)), { code: 'not_found', what: 'terminal' })
    assert.equal((await terminal.call('whoami', {})).ok, true)
    const byItself = await end(terminal)
    assert.equal(byItself.ok ? '' : byItself.problem.code, 'not_permitted')
    accepted(await end(client))

    assert.deepEqual(refusalOf(await terminal.call('whoami', {})), { code: 'not_signed_in' })
    assert.equal(
      (await own()).some((each) => each.id === id),
      false,
    )
    assert.deepEqual(refusalOf(await end(client)), { code: 'not_found', what: 'terminal' })
  })

  it('ends no token that is not a terminal of theirs, whatever they may', async () => {
    const about = { type: 'issue_token', name: 'ci', verbs: ['read'], workspaces: null } as const
    const issued = await accept(story, { ...about, expiresInDays: 1 })
    const terminal = parseTokenId(issued.id ?? '')
    assert.ok(terminal !== null)

    const ended = await ada.browser.client.call('endTerminal', { body: { terminal } })

    assert.deepEqual(refusalOf(ended), { code: 'not_found', what: 'terminal' })
  })

  it('is begun thirty times in ten minutes from one address, and told when to ask again', async () => {
    const from = (address: string) =>
      fetch(`${story.url}/oauth/device_authorization`, {
        method: 'POST',
        headers: { 'x-forwarded-for': `198.51.100.9, ${address}` },
        body: new URLSearchParams({ client_id: CLIENT }),
      })
    for (let count = 0; count < 30; count += 1) assert.equal((await from('192.0.2.1')).status, 200)

    const refused = await from('192.0.2.1')

    assert.equal(refused.status, 429)
    assert.equal(Reflect.get(Object(await refused.json()), 'error'), 'temporarily_unavailable')
    const seconds = Number(refused.headers.get('retry-after'))
    assert.ok(seconds > 0 && seconds <= 600)
    assert.equal((await from('192.0.2.2')).status, 200)
    later += seconds * 1000
    assert.equal((await from('192.0.2.1')).status, 200)
  })

  it('is refused when its person says so, and the code is gone', async () => {
    const { device, code } = await begin()

    accepted(await answer(code, false))

    assert.equal(await error(device), 'access_denied')
    assert.deepEqual(refusalOf(await answer(code)), { code: 'unknown_code' })
  })

  it('slows down who asks too often, and ends after ten minutes', async () => {
    const { device, code } = await begin()
    const fields = { client_id: CLIENT, grant_type: DEVICE_GRANT, device_code: device }
    await poll(device)

    const soon = await post('/oauth/token', fields)
    later += 10 * 60_000
    const old = await error(device)
    const late = await answer(code)

    assert.equal(soon.answer['error'], 'slow_down')
    assert.equal(old, 'expired_token')
    assert.deepEqual(refusalOf(late), { code: 'unknown_code' })
  })

  it('gives nothing to a person who was removed between', async () => {
    const { device, code } = await begin()
    const { browser: ines } = await invited('ines')
    accepted(await ines.client.call('answerTerminal', { body: { userCode: code, allow: true } }))
    await accept(story, { type: 'remove_person', person: 'ines' })

    assert.equal(await error(device), 'access_denied')
  })

  it('asks nobody without a sign-in, and takes no made-up code or client', async () => {
    const { code } = await begin()
    const nobody = openBrowser(story.url)

    const body = { userCode: code }
    const unasked = await nobody.client.call('findTerminal', { body })

    assert.deepEqual(refusalOf(unasked), { code: 'not_signed_in' })
    assert.equal(await error('x'.repeat(43)), 'invalid_grant')
    const made = { client_id: 'other', grant_type: DEVICE_GRANT, device_code: 'x' }
    assert.equal((await post('/oauth/token', made)).answer['error'], 'invalid_client')
    const grant = { client_id: CLIENT, grant_type: 'password' }
    assert.equal((await post('/oauth/token', grant)).answer['error'], 'unsupported_grant_type')
  })

  it('lets nobody guess: ten wrong codes, and the right one waits too', async () => {
    later += 11 * 60_000
    const { code } = await begin()
    for (let tries = 0; tries < 10; tries += 1)
      assert.deepEqual(refusalOf(await answer('BCDFG-HJKLM')), { code: 'unknown_code' })

    const right = await answer(code)
    later += 10 * 60_000
    const { code: next } = await begin()

    assert.deepEqual(refusalOf(right), { code: 'too_many_tries', minutes: 10 })
    accepted(await answer(next))
  })

  it('lets nobody guess more by beginning much else', async () => {
    later += 11 * 60_000
    const { client } = ada.browser
    for (let begun = 0; begun < 51; begun += 1) await client.call('beginKey', { body: {} })
    for (let tries = 0; tries < 10; tries += 1)
      assert.deepEqual(refusalOf(await answer('BCDFG-HJKLM')), { code: 'unknown_code' })

    const next = await answer('BCDFG-HJKLM')

    assert.deepEqual(refusalOf(next), { code: 'too_many_tries', minutes: 10 })
    later += 11 * 60_000
  })

  for (const way of ['signOutEverywhere', 'endSessionsOf', 'revokeKey'] as const)
    it(`ends with every sign-in of its person: ${way}`, async () => {
      const nina = await invited(`nina-${way.toLowerCase()}`)
      const { client } = nina.browser
      const { device, code } = await begin()
      accepted(await client.call('answerTerminal', { body: { userCode: code, allow: true } }))
      const terminal = story.withToken(String((await poll(device)).answer['access_token']))
      const hers = await begin()
      accepted(await answer(hers.code))
      const other = story.withToken(String((await poll(hers.device)).answer['access_token']))

      if (way === 'signOutEverywhere') accepted(await client.call(way, { body: {} }))
      else if (way === 'revokeKey')
        accepted(await ada.browser.client.call(way, { body: { key: nina.key } }))
      else accepted(await story.admin.call(way, { body: { person: nina.handle } }))

      assert.deepEqual(refusalOf(await terminal.call('whoami', {})), { code: 'not_signed_in' })
      accepted(await other.call('whoami', {}))
    })

  it('ends by its own token, which needs nothing else', async () => {
    const { device, code } = await begin()
    accepted(await answer(code))
    const token = String((await poll(device)).answer['access_token'])

    await post('/oauth/revoke', { token })

    const gone = await story.withToken(token).call('whoami', {})
    assert.deepEqual(refusalOf(gone), { code: 'not_signed_in' })
    assert.equal((await post('/oauth/revoke', { token: 'hpt_unknown' })).status, 200)
  })
})

describe('the door for forms', () => {
  it('is the only one: nothing else takes a form', async () => {
    const response = await fetch(`${story.url}/api/v1/sign-in/passkey/begin`, {
      method: 'POST',
      body: new URLSearchParams({}),
    })

    assert.equal(response.status, 415)
  })

  it('takes no form that another site’s page sends', async () => {
    const response = await fetch(`${story.url}/oauth/device_authorization`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ client_id: CLIENT }),
    })

    assert.equal(response.status, 403)
  })
})

async function invited(handle: string) {
  const { answer: given, browser } = await acceptInvite(
    story.url,
    await inviteSomebody(ada, { handle }),
  )
  accepted(given)
  return { handle, browser, key: await onlyKey(browser) }
}
