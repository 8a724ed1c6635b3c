import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { challengeOf, type Digest, type Statements } from '@holdpoint/core'
import type { PasskeyKind } from '../../../../test/fixtures/authenticator.ts'
import {
  accepted,
  acceptInvite,
  type Browser,
  inviteSomebody,
  newAuthenticator,
  openBrowser,
  refusalOf,
  registered,
  type Signed,
  signIn,
  welcomeFirst,
} from '../../test/browser.ts'
import { startTestServer, type TestServer } from '../../test/server-story.ts'

const HOUR = 60 * 60 * 1000

let story: TestServer
let ada: Signed
let later = 0
before(async () => {
  const clock = { now: () => Date.now() + later }
  story = await startTestServer({ mode: 'production', server: { clock } })
  ada = await welcomeFirst(story.url, story.server.firstLink?.link ?? '')
})
after(() => story.close())

async function offer(browser: Browser, kind: PasskeyKind = 'Ed25519') {
  const { client } = browser
  const begun = accepted(await client.call('beginKey', { body: {} }))
  const device = newAuthenticator(browser, kind)
  const { nonce } = begun
  const body = { nonce, label: 'laptop', registration: registered(device, begun) }
  return { device, answer: await client.call('registerKey', { body }) }
}

function vouch(by: Signed, statement: Statements['vouch'], nonce = statement.nonce) {
  const assertion = by.device.sign(challengeOf('vouch', statement, nodePrimitives))
  const body = { signed: { nonce, key: by.key, assertion } }
  return by.browser.client.call('vouchKey', { body })
}

async function offeredStatement() {
  const { device, answer } = await offer(ada.browser)
  const { vouch: asked } = accepted(answer)
  assert.ok(asked !== null)
  return { device, statement: asked.statement }
}

describe('the key of a passkey', () => {
  it('is of no kind that can be factored: RSA has 2048 bits or more', async () => {
    const { answer } = await offer(ada.browser, 'RS1024')

    assert.deepEqual(refusalOf(answer), {
      code: 'passkey_refused',
      because: 'its kind of key is not known here',
    })
    assert.equal((await offer(ada.browser, 'RS256')).answer.ok, true)
  })
})

describe('signing in with a passkey', () => {
  it('signs in by the passkey alone, with a cookie that only our pages send', async () => {
    const browser = openBrowser(story.url)

    const me = accepted(await signIn(browser, ada.device))

    assert.deepEqual([me.actor.name, me.assurance], ['ada Doe', 'session'])
    assert.match(browser.cookies(), /^holdpoint_session=[A-Za-z0-9_-]{43}$/)
  })

  for (const [what, lies, because] of [
    ['of a page elsewhere', { origin: 'https://evil.example' }, 'a page of another site'],
    ['for another site', { rpId: 'evil.example' }, 'it was made for another site'],
    ['without the person verified', { unverified: true }, 'the person was not verified'],
    ['without anybody present', { absent: true }, 'nobody was present'],
    ['of another nonce', { challenge: new Uint8Array(32) }, 'it signs another statement'],
    ['that is forged', { broken: true }, 'its signature is not by that key'],
    ['inside a frame', { crossOrigin: true }, 'inside a page of another site'],
    ['of a registration', { type: 'webauthn.create' }, 'it is not an assertion'],
  ] as const)
    it(`refuses a signature ${what}`, async () => {
      const browser = openBrowser(story.url)

      const answer = await signIn(browser, ada.device, lies)

      assert.equal(answer.ok, false)
      assert.equal(answer.ok ? '' : answer.problem.code, 'sign_in_refused')
      assert.match(answer.ok ? '' : answer.problem.detail, new RegExp(because))
      assert.equal(browser.cookies(), '')
    })

  it('takes a signature once, and none of another purpose', async () => {
    const browser = openBrowser(story.url)
    const { client } = browser
    const { nonce } = accepted(await client.call('beginSignIn', { body: {} }))
    const assertion = ada.device.sign(challengeOf('sign-in', { nonce }, nodePrimitives))
    const body = { nonce, credential: ada.device.credential, assertion }
    accepted(await client.call('signIn', { body }))

    const replayed = await openBrowser(story.url).client.call('signIn', { body })

    const because = 'it took too long, or was used before'
    assert.deepEqual(refusalOf(replayed), { code: 'sign_in_refused', because })
    const { statement } = await offeredStatement()
    const vouched = { ...body, nonce: statement.nonce }
    const other = await openBrowser(story.url).client.call('signIn', { body: vouched })
    assert.deepEqual(refusalOf(other), { code: 'sign_in_refused', because })
  })

  it('knows no passkey that was never enrolled', async () => {
    const browser = openBrowser(story.url)

    const answer = await signIn(browser, newAuthenticator(browser))

    const because = 'that passkey does not count here'
    assert.deepEqual(refusalOf(answer), { code: 'sign_in_refused', because })
  })

  it('gives a new secret each time, and ends the one before', async () => {
    const browser = openBrowser(story.url)
    accepted(await signIn(browser, ada.device))
    const before = openBrowser(story.url, { cookies: browser.cookies() })
    accepted(await before.client.call('whoami', {}))

    accepted(await signIn(browser, ada.device))

    assert.deepEqual(refusalOf(await before.client.call('whoami', {})), { code: 'not_signed_in' })
    accepted(await browser.client.call('whoami', {}))
  })

  it('takes over no secret that somebody else planted', async () => {
    const planted = `holdpoint_session=${'p'.repeat(43)}`
    const browser = openBrowser(story.url, { cookies: planted })

    accepted(await signIn(browser, ada.device))

    assert.notEqual(browser.cookies(), planted)
    const thief = openBrowser(story.url, { cookies: planted })
    assert.deepEqual(refusalOf(await thief.client.call('whoami', {})), { code: 'not_signed_in' })
  })
})

describe('a further passkey', () => {
  it('waits for the signature of an earlier one, and then signs in', async () => {
    const { device, statement } = await offeredStatement()
    const browser = openBrowser(story.url)
    assert.equal((await signIn(browser, device)).ok, false)

    const { key } = accepted(await vouch(ada, statement))

    assert.equal(key.label, 'laptop')
    assert.deepEqual(key.vouchedBy?.you, true)
    accepted(await signIn(browser, device))
  })

  it('is not vouched for twice, by itself, by another statement, or by a swapped nonce', async () => {
    const first = await offeredStatement()
    const second = await offeredStatement()
    const itself = { ...ada, device: first.device }
    const forged = { ...second.statement, publicKey: first.device.publicKey }

    const bySelf = await vouch(itself, first.statement)
    const again = await vouch(ada, first.statement)
    const other = await vouch(ada, forged)
    const third = await offeredStatement()
    const swapped = await vouch(ada, third.statement, second.statement.nonce)

    const wrongKey = 'its signature is not by that key'
    assert.deepEqual(refusalOf(bySelf), { code: 'signature_refused', because: wrongKey })
    const used = {
      code: 'passkey_refused',
      because: 'it was begun too long ago, or was answered already',
    }
    assert.deepEqual(refusalOf(again), used)
    const another = { code: 'signature_refused', because: 'it signs another statement' }
    assert.deepEqual(refusalOf(other), another)
    assert.deepEqual(refusalOf(swapped), used)
  })

  it('is refused from a device that attests its make, or under the name of another', async () => {
    const { client } = ada.browser
    const begin = async () => accepted(await client.call('beginKey', { body: {} }))
    const send = async (registration: ReturnType<typeof registered>, nonce: Digest) =>
      refusalOf(await client.call('registerKey', { body: { nonce, label: 'x', registration } }))
    const device = newAuthenticator(ada.browser)
    const [one, two] = [await begin(), await begin()]
    const attested = registered(device, one, { format: 'packed' })
    const renamed = { ...registered(device, two), id: ada.device.credential }

    const refusals = [await send(attested, one.nonce), await send(renamed, two.nonce)]

    const make = 'the device attests its make, which was not asked for'
    const other = 'it names another passkey'
    assert.deepEqual(refusals, [
      { code: 'passkey_refused', because: make },
      { code: 'passkey_refused', because: other },
    ])
  })

  it('is added by who began it: the nonce of somebody else is worth nothing', async () => {
    const link = await inviteSomebody(ada, { handle: 'eve' })
    const { browser: eve, answer } = await acceptInvite(story.url, link)
    accepted(answer)
    const begun = accepted(await ada.browser.client.call('beginKey', { body: {} }))
    const { nonce } = begun
    const registration = registered(newAuthenticator(eve), begun)

    const taken = await eve.client.call('registerKey', {
      body: { nonce, label: 'x', registration },
    })
    const { statement } = await offeredStatement()
    const assertion = ada.device.sign(challengeOf('vouch', statement, nodePrimitives))
    const signed = { nonce: statement.nonce, key: ada.key, assertion }
    const vouched = await eve.client.call('vouchKey', { body: { signed } })

    const because = 'it was begun too long ago, or was answered already'
    for (const each of [taken, vouched])
      assert.deepEqual(refusalOf(each), { code: 'passkey_refused', because })
  })

  it('is not added by a token, whosever it is', async () => {
    assert.equal((await story.admin.call('beginKey', { body: {} })).ok, false)
    assert.equal((await story.nobody.call('beginKey', { body: {} })).ok, false)
  })
})

describe('the end of a passkey and of a sign-in', () => {
  it('revoking a passkey signs out elsewhere, and it signs nobody in again', async () => {
    const { device, statement } = await offeredStatement()
    const { key } = accepted(await vouch(ada, statement))
    const elsewhere = openBrowser(story.url)
    accepted(await signIn(elsewhere, device))

    accepted(await ada.browser.client.call('revokeKey', { body: { key: key.key } }))

    const gone = { code: 'not_signed_in' }
    assert.deepEqual(refusalOf(await elsewhere.client.call('whoami', {})), gone)
    assert.equal((await signIn(elsewhere, device)).ok, false)
    accepted(await ada.browser.client.call('whoami', {}))
  })

  it('lists where one is signed in, ends one there, and all', async () => {
    const other = openBrowser(story.url)
    accepted(await signIn(other, ada.device))
    const { client } = ada.browser
    const { sessions } = accepted(await client.call('sessions', {}))
    const own = accepted(await other.client.call('sessions', {})).sessions.find((s) => s.current)
    assert.ok(sessions.some(({ current }) => current) && own !== undefined)

    accepted(await client.call('endSession', { body: { session: own.id } }))

    assert.equal((await other.client.call('whoami', {})).ok, false)
    accepted(await signIn(other, ada.device))
    accepted(await other.client.call('signOutEverywhere', { body: {} }))
    assert.equal((await client.call('whoami', {})).ok, false)
    accepted(await signIn(ada.browser, ada.device))
  })

  it('ends after eight hours unused, and after twelve in any case', async () => {
    const idle = openBrowser(story.url)
    accepted(await signIn(idle, ada.device))
    const used = openBrowser(story.url)
    accepted(await signIn(used, ada.device))

    later = 7 * HOUR
    accepted(await used.client.call('whoami', {}))
    later = 9 * HOUR
    const unused = await idle.client.call('whoami', {})
    accepted(await used.client.call('whoami', {}))
    later = 13 * HOUR
    const old = await used.client.call('whoami', {})
    later = 0

    assert.deepEqual(refusalOf(unused), { code: 'not_signed_in' })
    assert.deepEqual(refusalOf(old), { code: 'not_signed_in' })
  })

  it('a write with the cookie must name our own page', async () => {
    const cookie = ada.browser.cookies()
    const write = (headers: { [name: string]: string }) =>
      fetch(`${story.url}/api/v1/me/sign-out-everywhere`, {
        method: 'POST',
        body: '{}',
        headers: { cookie, 'content-type': 'application/json', ...headers },
      })

    assert.equal((await write({})).status, 403)
    assert.equal((await write({ origin: 'https://evil.example' })).status, 403)
    assert.equal((await write({ origin: 'null' })).status, 403)
    accepted(await ada.browser.client.call('whoami', {}))
  })

  it('revoking the last passkey does not make the next one a first', async () => {
    accepted(await signIn(ada.browser, ada.device))
    const { client } = ada.browser
    const { keys } = accepted(await client.call('keys', {}))
    for (const { key, revoked } of keys)
      if (!revoked) accepted(await client.call('revokeKey', { body: { key } }))

    const answer = await client.call('beginKey', { body: {} })

    const because =
      'none of your passkeys counts any more, so an administrator has to invite you again'
    assert.deepEqual(refusalOf(answer), { code: 'passkey_refused', because })
  })
})
