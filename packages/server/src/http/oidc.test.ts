import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parsePersonId } from '@holdpoint/core'
import {
  type IdentityProvider,
  type ProvidedPerson,
  startIdentityProvider,
} from '../../../../test/fixtures/identity-provider.ts'
import {
  accepted,
  acceptInvite,
  type Browser,
  inviteSomebody,
  newAuthenticator,
  openBrowser,
  refusalOf,
  registered,
  welcomeFirst,
} from '../../test/browser.ts'
import { accept, freePort, startTestServer, type TestServer } from '../../test/server-story.ts'

let provider: IdentityProvider
let story: TestServer
let origin: string
before(async () => {
  const port = await freePort()
  origin = `http://localhost:${port}`
  provider = await startIdentityProvider(() => `${origin}/sign-in/oidc/callback`)
  story = await startTestServer({
    mode: 'production',
    env: { OIDC_SECRET: provider.clientSecret },
    flags: {
      'listen-port': String(port),
      'oidc-issuer': provider.issuer,
      'oidc-client-id': provider.clientId,
      'oidc-client-secret': 'env:OIDC_SECRET',
      'oidc-groups-claim': 'groups',
      'oidc-name': 'Example ID',
    },
  })
})
after(async () => {
  await story.close()
  await provider.close()
})

const MIRA: ProvidedPerson = {
  subject: 'subject-of-mira',
  claims: { name: 'Mira Doe', preferred_username: 'mira', email: 'mira@example.com' },
}

/** From the server to the provider, and through it up to the address it sends the browser back to. */
async function throughProvider(
  browser: Browser,
  person: ProvidedPerson,
  next = '/',
): Promise<string> {
  provider.signInAs(person)
  const start = `${origin}/sign-in/oidc?next=${encodeURIComponent(next)}`
  const left = await browser.fetch(start)
  let at = left.headers.get('location') ?? ''
  const there = openBrowser(provider.issuer)
  for (let step = 0; step < 10 && !at.startsWith(`${origin}/`); step += 1) {
    const answer = await there.fetch(at)
    const to = answer.headers.get('location')
    if (to === null) throw new Error(`${answer.status} ${await answer.text()}`)
    at = new URL(to, at).href
  }
  return at
}

/** Where the page that the callback gives goes on to. */
async function arrive(browser: Browser, callback: string): Promise<string> {
  const text = await (await browser.fetch(callback)).text()
  return /content="0;url=([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? text
}

async function signIn(person: ProvidedPerson, next = '/'): Promise<[Browser, string]> {
  const browser = openBrowser(story.url)
  return [browser, await arrive(browser, await throughProvider(browser, person, next))]
}

async function teamsOf(name: string): Promise<readonly string[]> {
  const { people } = accepted(await story.admin.call('access', {}))
  return people.find((each) => each.name === name)?.teams ?? []
}

async function link(team: string, id: string): Promise<void> {
  await accept(story, { type: 'link_team', team, group: id, issuer: provider.issuer })
}

describe('signing in with an identity provider', () => {
  it('says so on the page that knows nobody', async () => {
    const { oidc } = accepted(await story.nobody.call('signInWays', {}))

    assert.deepEqual(oidc, { name: 'Example ID' })
  })

  it('adds whoever comes first with what anybody may, and knows them again', async () => {
    const [browser, next] = await signIn(MIRA, '/changes/chg_1?tab=log')

    assert.equal(next, '/changes/chg_1?tab=log')
    const me = accepted(await browser.client.call('whoami', {}))
    assert.deepEqual([me.actor.name, me.assurance], ['Mira Doe', 'session'])
    assert.deepEqual(me.roles, ['viewer', 'requester', 'approver'])
    const [again] = await signIn(MIRA)
    assert.equal(accepted(await again.client.call('whoami', {})).actor.id, me.actor.id)
  })

  it('knows people by issuer and subject only: the same name and address are somebody else', async () => {
    const [first] = await signIn(MIRA)
    const [second] = await signIn({ ...MIRA, subject: 'another-subject' })

    const one = accepted(await first.client.call('whoami', {})).actor.id
    const other = accepted(await second.client.call('whoami', {})).actor.id
    assert.notEqual(one, other)
    const { people } = accepted(await story.admin.call('access', {}))
    const handles = people.filter(({ name }) => name === 'Mira Doe').map(({ handle }) => handle)
    assert.equal(new Set(handles).size, 2)
  })

  it('is the same person where an administrator linked who was here before', async () => {
    await accept(story, { type: 'add_person', handle: 'tilda', name: 'Tilda', addresses: [] })
    const { issuer } = provider
    const tilda = { person: 'tilda', issuer, subject: 'subject-of-tilda' }
    await accept(story, { type: 'link_identity', ...tilda })

    const [browser] = await signIn({ subject: 'subject-of-tilda', claims: { name: 'Other' } })

    const me = accepted(await browser.client.call('whoami', {}))
    assert.deepEqual([me.actor.name, me.roles], ['Tilda', []])
    const body = { type: 'link_identity', ...tilda, person: 'mira' } as const
    const again = await story.admin.call('changeAccess', { body })
    assert.deepEqual(refusalOf(again), { code: 'already_exists', what: 'sign-in' })
  })

  it('writes names without what does not show, and handles in plain letters', async () => {
    const claims = { name: 'Ada\u202egnp.exe', preferred_username: '\u0430d\u00e4 m\u0131n/..' }
    const [browser] = await signIn({ subject: 'odd', claims })

    const { id } = accepted(await browser.client.call('whoami', {})).actor
    const { people } = accepted(await story.admin.call('access', {}))
    const person = people.find((each) => each.id === parsePersonId(id ?? ''))
    assert.equal(person?.name, 'Ada\\u{202E}gnp.exe')
    assert.match(person?.handle ?? '', /^[a-z0-9][a-z0-9._-]*$/)
  })

  it('is refused to whoever was removed', async () => {
    const gone = { subject: 'gone', claims: { name: 'Gone Soon', preferred_username: 'gone' } }
    await signIn(gone)
    await accept(story, { type: 'remove_person', person: 'gone' })

    const [browser, next] = await signIn(gone)

    assert.equal(next, '/sign-in?problem=removed')
    assert.deepEqual(refusalOf(await browser.client.call('whoami', {})), { code: 'not_signed_in' })
  })
})

describe('an invitation that is still open', () => {
  it('adds no passkey to somebody who added their first one meanwhile', async () => {
    const vera = { subject: 'vera', claims: { name: 'Vera Doe', preferred_username: 'vera' } }
    const [browser] = await signIn(vera)
    const ada = await welcomeFirst(story.url, story.server.firstLink?.link ?? '')
    const link = await inviteSomebody(ada, { handle: 'vera' })
    const begun = accepted(await browser.client.call('beginKey', { body: {} }))
    const registration = registered(newAuthenticator(browser), begun)
    const body = { nonce: begun.nonce, label: 'phone', registration }
    accepted(await browser.client.call('registerKey', { body }))

    const { answer } = await acceptInvite(story.url, link)

    assert.deepEqual(refusalOf(answer), { code: 'link_used_up', link: 'invitation' })
    assert.equal(accepted(await browser.client.call('keys', {})).keys.length, 1)
  })
})

describe('coming back from the identity provider', () => {
  const TOO_LATE = '/sign-in?problem=too_late'
  const WRONG = '/sign-in?problem=provider_answer'

  it('is good in the browser that left, and nowhere else', async () => {
    const victim = openBrowser(story.url)
    const attacker = openBrowser(story.url)
    const callback = await throughProvider(attacker, MIRA)

    assert.equal(await arrive(victim, callback), TOO_LATE)
    assert.equal(victim.cookies(), '')
  })

  it('is good once', async () => {
    const browser = openBrowser(story.url)
    const callback = await throughProvider(browser, MIRA)
    const copy = openBrowser(story.url, { cookies: browser.cookies() })
    assert.equal(await arrive(browser, callback), '/')

    assert.equal(await arrive(copy, callback), TOO_LATE)
  })

  it('is refused with another state, a made-up code, another issuer or the code of another', async () => {
    const bend = async (change: (url: URL) => void): Promise<string> => {
      const browser = openBrowser(story.url)
      const url = new URL(await throughProvider(browser, MIRA))
      change(url)
      const next = await arrive(browser, url.href)
      assert.equal((await browser.client.call('whoami', {})).ok, false)
      return next
    }
    const other = new URL(await throughProvider(openBrowser(story.url), MIRA))

    assert.equal(await bend((url) => url.searchParams.set('state', 'x')), WRONG)
    assert.equal(await bend((url) => url.searchParams.delete('state')), WRONG)
    assert.equal(await bend((url) => url.searchParams.set('code', 'made-up')), WRONG)
    assert.equal(await bend((url) => url.searchParams.set('iss', 'https://evil.example')), WRONG)
    // Bound to the verifier and the nonce of the browser that began it.
    const code = other.searchParams.get('code') ?? ''
    assert.equal(await bend((url) => url.searchParams.set('code', code)), WRONG)
  })

  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:1'])
    it(`leads to our own page, not to ${next}`, async () => {
      assert.equal((await signIn(MIRA, next))[1], '/')
    })

  it('begins at the host that people use, whatever loopback name was typed', async () => {
    const typed = await fetch(`${story.url}/sign-in/oidc?next=/x`, { redirect: 'manual' })

    assert.equal(typed.headers.get('location'), `${origin}/sign-in/oidc?next=/x`)
    assert.deepEqual(typed.headers.getSetCookie(), [])
  })

  it('keeps its cookie to its own way, and the session to our own pages', async () => {
    const browser = openBrowser(story.url)
    const left = await browser.fetch(`${origin}/sign-in/oidc`)
    const kept = left.headers.getSetCookie().join()
    const fresh = openBrowser(story.url)
    const callback = await throughProvider(fresh, MIRA)

    const back = await fresh.fetch(callback)

    assert.match(
      kept,
      /^holdpoint_oidc=[^;]+; Max-Age=300; Path=\/sign-in\/oidc\/callback; HttpOnly; SameSite=Lax$/,
    )
    const cookies = back.headers.getSetCookie().join('\n')
    assert.match(cookies, /^holdpoint_session=[^;]+; .*HttpOnly; SameSite=Strict$/m)
    assert.match(cookies, /^holdpoint_oidc=; /m)
  })
})

describe('teams by the groups of the identity provider', () => {
  const withGroups = (groups: readonly string[]): ProvidedPerson => ({
    subject: 'grouped',
    claims: { name: 'Grit Grouped', preferred_username: 'grit', groups },
  })

  it('follow linked groups by their id at each sign-in, both ways', async () => {
    await link('dba', 'id-of-dba')

    await signIn(withGroups(['id-of-dba', 'other']))
    assert.deepEqual(await teamsOf('Grit Grouped'), ['dba'])
    await signIn(withGroups(['other']))
    assert.deepEqual(await teamsOf('Grit Grouped'), [])
    await signIn({ subject: 'grouped', claims: {} })
    assert.deepEqual(await teamsOf('Grit Grouped'), [])
  })

  it('do nothing by a name: a group that is called like a team is not that team', async () => {
    await accept(story, { type: 'add_person', handle: 'sre-one', name: 'One', addresses: [] })
    await accept(story, { type: 'add_member', team: 'sre', person: 'sre-one' })

    await signIn(withGroups(['sre', 'dba', 'platform']))

    assert.deepEqual(await teamsOf('Grit Grouped'), [])
    assert.deepEqual(await teamsOf('One'), ['sre'])
  })

  it('are not changed by hand, and not by people who sign in for others', async () => {
    const body = { type: 'add_member', team: 'dba', person: 'sre-one' } as const
    const answer = await story.admin.call('changeAccess', { body })

    assert.equal(answer.ok ? '' : answer.problem.code, 'invalid_input')
  })
})
