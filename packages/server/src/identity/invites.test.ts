import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { challengeOf } from '@holdpoint/core'
import {
  accepted,
  acceptInvite,
  inviteSomebody,
  newLink,
  onlyKey,
  refusalOf,
  type Signed,
  signIn,
  welcomeFirst,
} from '../../test/browser.ts'
import { accept, startTestServer, type TestServer } from '../../test/server-story.ts'

const DAY = 24 * 60 * 60 * 1000
const USED_UP = { code: 'link_used_up', link: 'invitation' }

let story: TestServer
let ada: Signed
let later = 0
before(async () => {
  const clock = { now: () => Date.now() + later }
  story = await startTestServer({ mode: 'production', server: { clock } })
  ada = await welcomeFirst(story.url, story.server.firstLink?.link ?? '')
})
after(() => story.close())

describe('an invitation', () => {
  it('brings somebody in with roles and teams, whose passkey the admin’s vouches for', async () => {
    const roles = [{ role: 'approver' }] as const
    const link = await inviteSomebody(ada, { handle: 'jonas', roles, teams: ['platform'] })

    const { answer, browser, device } = await acceptInvite(story.url, link)

    assert.deepEqual(accepted(answer).roles, ['approver'])
    const { keys } = accepted(await browser.client.call('keys', {}))
    assert.deepEqual(
      keys.map(({ label, vouchedBy }) => [label, vouchedBy?.name, vouchedBy?.you]),
      [['laptop', 'ada Doe', false]],
    )
    accepted(await signIn(browser, device))
    const { people } = accepted(await story.admin.call('access', {}))
    assert.deepEqual(people.find(({ handle }) => handle === 'jonas')?.teams, ['platform'])
  })

  it('is good once, also for two who come at the same time', async () => {
    const link = await inviteSomebody(ada, { handle: 'ines' })

    const answers = await Promise.all([
      acceptInvite(story.url, link),
      acceptInvite(story.url, link),
    ])

    const lost = answers.filter(({ answer }) => !answer.ok)
    assert.equal(lost.length, 1)
    for (const { answer } of lost) assert.deepEqual(refusalOf(answer), USED_UP)
    assert.deepEqual(refusalOf((await acceptInvite(story.url, link)).answer), USED_UP)
  })

  it('is refused to who has only its public half, and stays good', async () => {
    const link = await inviteSomebody(ada, { handle: 'theo' })

    const { answer, browser } = await acceptInvite(story.url, link, { secret: newLink().secret })

    const because = 'the passkey is not signed by the key of the link'
    assert.deepEqual(refusalOf(answer), { code: 'passkey_refused', because })
    assert.equal(browser.cookies(), '')
    accepted((await acceptInvite(story.url, link)).answer)
  })

  it('needs a device that verifies the person', async () => {
    const link = await inviteSomebody(ada, { handle: 'nils' })

    const { answer } = await acceptInvite(story.url, link, { lies: { unverified: true } })

    assert.equal(answer.ok ? '' : answer.problem.code, 'passkey_refused')
  })

  it('ends after seven days, when cancelled, and when a newer one is made', async () => {
    const old = await inviteSomebody(ada, { handle: 'olga' })
    const newer = await inviteSomebody(ada, { handle: 'olga' })
    const replaced = await acceptInvite(story.url, old)
    later = 7 * DAY
    const late = await acceptInvite(story.url, newer)
    later = 0
    const { inviteKey } = newer

    accepted(await story.admin.call('cancelInvite', { body: { inviteKey } }))
    const cancelled = await acceptInvite(story.url, newer)

    for (const { answer } of [replaced, late, cancelled])
      assert.deepEqual(refusalOf(answer), USED_UP)
  })

  it('is refused for a signature over something else, or by nobody who may', async () => {
    const { client } = ada.browser
    const { inviteKey } = newLink()
    const details = { handle: 'petra', name: 'Petra', addresses: [], roles: [], teams: [] }
    const begun = await client.call('beginInvite', { body: { ...details, inviteKey } })
    const { statement } = accepted(begun)
    const forged = { ...statement, inviteKey: newLink().inviteKey }
    const assertion = ada.device.sign(challengeOf('invite', forged, nodePrimitives))
    const { nonce } = statement

    const answer = await client.call('invite', {
      body: { signed: { nonce, key: ada.key, assertion } },
    })
    const byToken = await story.admin.call('beginInvite', { body: { ...details, inviteKey } })

    const because = 'it signs another statement'
    assert.deepEqual(refusalOf(answer), { code: 'signature_refused', because })
    assert.equal(byToken.ok ? '' : byToken.problem.code, 'not_permitted')
    const { people } = accepted(await story.admin.call('access', {}))
    assert.ok(!people.some(({ handle }) => handle === 'petra'))
  })

  it('is not taken over for who is here and can sign', async () => {
    const { inviteKey } = newLink()
    const body = { handle: 'jonas', name: 'Jonas', addresses: [], roles: [], teams: [], inviteKey }

    const answer = await ada.browser.client.call('beginInvite', { body })

    assert.deepEqual(refusalOf(answer), { code: 'already_exists', what: 'person jonas' })
  })

  it('ends with the rights of whoever made it', async () => {
    const admin = [{ role: 'admin' }] as const
    const link = await inviteSomebody(ada, { handle: 'rosa', roles: admin })
    const { browser, device } = await acceptInvite(story.url, link)
    const rosa = { browser, device, key: await onlyKey(browser) }
    const hers = await inviteSomebody(rosa, { handle: 'sven' })

    await accept(story, { type: 'remove_person', person: 'rosa' })

    assert.deepEqual(refusalOf((await acceptInvite(story.url, hers)).answer), USED_UP)
    const gone = await browser.client.call('whoami', {})
    assert.deepEqual(refusalOf(gone), { code: 'not_signed_in' })
    assert.equal((await signIn(browser, device)).ok, false)
  })

  it('ends when whoever made it administers no more', async () => {
    const link = await inviteSomebody(ada, { handle: 'vera', roles: [{ role: 'admin' }] })
    const { browser, device } = await acceptInvite(story.url, link)
    const vera = { browser, device, key: await onlyKey(browser) }
    const hers = await inviteSomebody(vera, { handle: 'wim' })

    await accept(story, { type: 'revoke_role', person: 'vera', role: 'admin', workspace: null })

    assert.deepEqual(refusalOf((await acceptInvite(story.url, hers)).answer), USED_UP)
  })

  it('lets nobody in whom it did not add: who was removed stays out', async () => {
    const link = await inviteSomebody(ada, { handle: 'uwe' })
    await accept(story, { type: 'remove_person', person: 'uwe' })

    const { answer, browser } = await acceptInvite(story.url, link)

    assert.deepEqual(refusalOf(answer), { code: 'not_found', what: 'person' })
    assert.equal(browser.cookies(), '')
  })
})
