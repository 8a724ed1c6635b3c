import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Authenticator } from '../../../../test/fixtures/authenticator.ts'
import {
  accepted,
  newAuthenticator,
  openBrowser,
  refusalOf,
  registered,
  secretIn,
  signIn,
  welcomeFirst,
} from '../../test/browser.ts'
import { accept, clientOf, startTestServer, type TestServer } from '../../test/server-story.ts'

const USED_UP = { code: 'link_used_up', link: 'welcome' }

async function production(dataDir?: string): Promise<TestServer> {
  return startTestServer({ mode: 'production', ...(dataDir === undefined ? {} : { dataDir }) })
}

describe('the first start of a production server', () => {
  let story: TestServer
  let link: string
  before(async () => {
    story = await production()
    link = story.server.firstLink?.link ?? ''
  })
  after(() => story.close())

  async function begin(secret = secretIn(link), handle = 'ada') {
    const browser = openBrowser(story.url)
    const body = { secret, handle, name: 'Ada' }
    return { browser, begun: await browser.client.call('beginWelcome', { body }) }
  }

  it('gives one link, for the page that passkeys work on, in a private file', async () => {
    const path = join(story.dataDir, 'first-link')

    assert.match(link, /^http:\/\/localhost:\d+\/welcome#[A-Za-z0-9_-]{43}$/)
    assert.equal(await readFile(path, 'utf8'), `${link}\n`)
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    const { firstStart } = accepted(await story.nobody.call('signInWays', {}))
    assert.equal(firstStart, true)
  })

  it('takes no other secret than that of the link', async () => {
    const { begun } = await begin('x'.repeat(43))

    assert.deepEqual(refusalOf(begun), USED_UP)
  })

  for (const [what, lies] of [
    ['a page elsewhere', { origin: 'https://evil.example' }],
    ['another site', { rpId: 'evil.example' }],
    ['another nonce', { challenge: new Uint8Array(32) }],
    ['nobody verified', { unverified: true }],
    ['an assertion', { type: 'webauthn.get' }],
  ] as const)
    it(`refuses a passkey of ${what}, and the link stays good`, async () => {
      const { browser, begun } = await begin()
      const { nonce } = accepted(begun)
      const device = newAuthenticator(browser)
      const registration = registered(device, accepted(begun), lies)
      const body = { secret: secretIn(link), nonce, label: 'phone', registration }

      const answer = await browser.client.call('welcome', { body })

      assert.deepEqual(refusalOf(answer), {
        code: 'passkey_refused',
        because: 'the device’s answer does not fit what this page asked it for',
      })
      assert.equal(browser.cookies(), '')
    })

  it('lets in one of two who come at once, who administers and is signed in', async () => {
    const two = await Promise.all([begin(undefined, 'ada'), begin(undefined, 'eve')])
    const answers = await Promise.all(
      two.map(({ browser, begun }) => {
        const { nonce } = accepted(begun)
        const registration = registered(newAuthenticator(browser), accepted(begun))
        const body = { secret: secretIn(link), nonce, label: 'phone', registration }
        return browser.client.call('welcome', { body })
      }),
    )

    const lost = answers.filter((answer) => !answer.ok)
    assert.equal(lost.length, 1)
    for (const answer of lost) assert.deepEqual(refusalOf(answer), USED_UP)
    const me = answers.flatMap((answer) => (answer.ok ? [answer.value] : []))
    assert.deepEqual(me[0]?.roles, ['viewer', 'requester', 'approver', 'auditor', 'admin'])
    assert.equal(me[0]?.assurance, 'session')
  })

  it('refuses the link afterwards', async () => {
    assert.deepEqual(refusalOf((await begin()).begun), USED_UP)
  })
})

describe('starting again', () => {
  it('makes a new link while nobody administers, and none afterwards', async () => {
    const first = await production()
    const { dataDir } = first
    const old = first.server.firstLink?.link ?? ''
    await first.server.close()
    const second = await production(dataDir)
    const link = second.server.firstLink?.link ?? ''
    const browser = openBrowser(second.url)
    const body = { secret: secretIn(old), handle: 'ada', name: 'Ada' }

    const withOld = await browser.client.call('beginWelcome', { body })
    const { device } = await welcomeFirst(second.url, link)
    await second.server.close()
    const third = await production(dataDir)
    try {
      assert.deepEqual(refusalOf(withOld), USED_UP)
      assert.equal(third.server.firstLink, null)
      await assert.rejects(stat(join(dataDir, 'first-link')), { code: 'ENOENT' })
      const again = openBrowser(third.url)
      // The page is at another port now: the same site, another origin.
      const lies = { origin: again.origin }
      assert.equal(accepted(await signIn(again, device, lies)).actor.name, 'ada Doe')
    } finally {
      await third.close()
      await first.close()
    }
  })
})

describe('somebody who administers already', () => {
  it('makes the link worth nothing, however they came', async () => {
    const story = await production()
    try {
      const name = { handle: 'tom', name: 'Tom', addresses: [] }
      await accept(story, { type: 'add_person', ...name })
      await accept(story, { type: 'grant_role', person: 'tom', role: 'admin', workspace: null })
      const secret = secretIn(story.server.firstLink?.link ?? '')
      const body = { secret, handle: 'ada', name: 'Ada' }

      const answer = await openBrowser(story.url).client.call('beginWelcome', { body })

      assert.deepEqual(refusalOf(answer), USED_UP)
    } finally {
      await story.close()
    }
  })
})

describe('a server that people reach by https', () => {
  it('makes passkeys for its public host, and a cookie that stays on it', async () => {
    const origin = 'https://holdpoint.example'
    const story = await startTestServer({ mode: 'production', flags: { 'public-url': origin } })
    try {
      const link = story.server.firstLink?.link ?? ''
      assert.ok(link.startsWith(`${origin}/welcome#`))
      const secret = secretIn(link)
      const page = clientOf(story.url, { origin })
      const body = { secret, handle: 'ada', name: 'Ada' }
      const begun = accepted(await page.call('beginWelcome', { body }))
      const device = new Authenticator({ rpId: 'holdpoint.example', origin })
      const registration = registered(device, begun)
      const answered = { secret, nonce: begun.nonce, label: 'phone', registration }

      const response = await fetch(`${story.url}/api/v1/welcome`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify(answered),
      })

      assert.equal(response.status, 200)
      assert.match(
        response.headers.get('set-cookie') ?? '',
        /^__Host-holdpoint_session=[A-Za-z0-9_-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      )
      const plain = { cookie: response.headers.get('set-cookie')?.slice('__Host-'.length) ?? '' }
      const other = await clientOf(story.url, plain).call('whoami', {})
      assert.deepEqual(refusalOf(other), { code: 'not_signed_in' })
    } finally {
      await story.close()
    }
  })
})
