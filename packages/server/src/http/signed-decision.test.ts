import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { type ChangeId, challengeOf, type Digest, type KeyId, parseDigest } from '@holdpoint/core'
import type { Lies } from '../../../../test/fixtures/authenticator.ts'
import {
  accepted,
  acceptInvite,
  inviteSomebody,
  onlyKey,
  refusalOf,
  type Signed,
  welcomeFirst,
} from '../../test/browser.ts'
import {
  accept,
  clientOf,
  openRun,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

/** Two people, and one more because nobody stands behind a pipeline's request. */
const POLICY = `version: 1
default:
  hold:
    approvals: [{ from: [team:platform] }]
    assurance: passkey
`
const ORIGIN_OF_EVIL = 'https://evil.example'

let story: TestServer
let ada: Signed
let jonas: Signed
let pipeline: ReturnType<TestServer['withToken']>
let changes = 0

before(async () => {
  story = await startTestServer({ mode: 'production' })
  ada = await welcomeFirst(story.url, story.server.firstLink?.link ?? '')
  jonas = await invited('jonas')
  await accept(story, { type: 'add_member', team: 'platform', person: 'ada' })
  accepted(await story.admin.call('pushPolicy', { body: { text: POLICY, basedOn: 0 } }))
  const issued = await accept(story, {
    type: 'issue_token',
    name: 'ci',
    verbs: ['open', 'execute', 'read'],
    workspaces: null,
    expiresInDays: 1,
  })
  pipeline = story.withToken(issued.secret ?? '')
})
after(() => story.close())

async function invited(handle: string): Promise<Signed> {
  const roles = [{ role: 'approver' }, { role: 'viewer' }] as const
  const link = await inviteSomebody(ada, { handle, roles, teams: ['platform'] })
  const { answer, browser, device } = await acceptInvite(story.url, link)
  accepted(answer)
  return { browser, device, key: await onlyKey(browser) }
}

async function heldChange(): Promise<{ readonly id: ChangeId; readonly fingerprint: Digest }> {
  changes += 1
  const { change } = await openRun(pipeline, { workspace: `signed/${changes}` })
  const { binding } = await untilStatus(pipeline, change, 'held')
  return { id: change, fingerprint: binding.fingerprint }
}

interface Asking {
  readonly decision?: 'approve' | 'reject'
  readonly reason?: string | null
  readonly client?: 'page' | 'cli'
}

async function begin(by: Signed, of: { id: ChangeId; fingerprint: Digest }, ask: Asking = {}) {
  const { decision = 'approve', reason = null, client = 'page' } = ask
  const body = { decision, fingerprint: of.fingerprint, reason, shown: null, client }
  return by.browser.client.call('beginDecision', { params: { change: of.id }, body })
}

type Begun = Extract<Awaited<ReturnType<typeof begin>>, { ok: true }>['value']

function signed(by: Signed, { statement }: Begun, about: { lies?: Lies; key?: KeyId } = {}) {
  const challenge = challengeOf('decision', statement, nodePrimitives)
  const assertion = by.device.sign(challenge, about.lies)
  return { nonce: statement.nonce, key: about.key ?? by.key, assertion }
}

type SignedBody = ReturnType<typeof signed>

function send(by: Signed, of: { id: ChangeId; fingerprint: Digest }, proof: SignedBody) {
  const body = { fingerprint: of.fingerprint, reason: null, signed: proof }
  return by.browser.client.call('approve', { params: { change: of.id }, body })
}

async function approve(by: Signed, of: { id: ChangeId; fingerprint: Digest }, lies: Lies = {}) {
  const begun = accepted(await begin(by, of))
  return send(by, of, signed(by, begun, { lies }))
}

const because = (text: string) => ({ code: 'signature_refused', because: text })

/** A terminal of this person, connected as the page does it. */
async function terminalOf({ browser }: Signed) {
  const form = async (path: string, fields: { readonly [name: string]: string }) => {
    const body = new URLSearchParams({ client_id: 'holdpoint-cli', ...fields })
    const response = await fetch(`${story.url}${path}`, { method: 'POST', body })
    const answer: { readonly [name: string]: string } = JSON.parse(await response.text())
    return answer
  }
  const begun = await form('/oauth/device_authorization', { device_name: 'laptop' })
  const body = { userCode: begun['user_code'] ?? '', allow: true }
  accepted(await browser.client.call('answerTerminal', { body }))
  const answer = await form('/oauth/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: begun['device_code'] ?? '',
  })
  return story.withToken(answer['access_token'] ?? '')
}

describe('a decision signed with a passkey', () => {
  it('counts once per person, and releases when enough different people signed', async () => {
    const change = await heldChange()

    assert.equal(accepted(await approve(ada, change)).status, 'held')
    assert.equal(accepted(await approve(jonas, change)).status, 'released')

    const view = accepted(await pipeline.call('change', { params: { change: change.id } }))
    assert.deepEqual(
      view.decisions.map(({ assurance }) => assurance),
      ['passkey', 'passkey'],
    )
  })

  it('is refused when it was made elsewhere, by nobody, unverified, or for something else', async () => {
    const change = await heldChange()
    for (const [lies, text] of [
      [{ origin: ORIGIN_OF_EVIL }, 'it was made on a page of another site'],
      [{ rpId: 'evil.example' }, 'it was made for another site'],
      [{ unverified: true }, 'the person was not verified by the authenticator'],
      [{ absent: true }, 'nobody was present'],
      [{ challenge: new Uint8Array(32) }, 'it signs another statement'],
      [{ type: 'webauthn.create' }, 'it is not an assertion'],
      [{ crossOrigin: true }, 'it was made inside a page of another site'],
      [{ broken: true }, 'its signature is not by that key'],
    ] as const)
      assert.deepEqual(refusalOf(await approve(ada, change, lies)), because(text))
    const view = accepted(await pipeline.call('change', { params: { change: change.id } }))
    assert.deepEqual(view.decisions, [])
  })

  it('is refused when it is replayed, on the same change or on another', async () => {
    const [one, two] = [await heldChange(), await heldChange()]
    const proof = signed(ada, accepted(await begin(ada, one)))
    accepted(await send(ada, one, proof))

    const used = because('it was used before, or took too long')
    assert.deepEqual(refusalOf(await send(ada, one, proof)), used)
    assert.deepEqual(refusalOf(await send(ada, two, proof)), used)
  })

  it('is refused for another change, another fingerprint and another decision', async () => {
    const [one, two] = [await heldChange(), await heldChange()]
    const elsewhere = signed(ada, accepted(await begin(ada, one)))
    const swapped = signed(ada, accepted(await begin(ada, one)))
    const turned = signed(
      ada,
      accepted(await begin(ada, one, { decision: 'reject', reason: 'Not now.' })),
    )
    const other = parseDigest('7'.repeat(64))
    assert.ok(other !== null)

    assert.deepEqual(
      refusalOf(await send(ada, two, elsewhere)),
      because('it was begun for another change'),
    )
    assert.deepEqual(
      refusalOf(await send(ada, { ...one, fingerprint: other }, swapped)),
      because('what was shown has another fingerprint'),
    )
    assert.deepEqual(
      refusalOf(await send(ada, one, turned)),
      because('it was begun for another decision'),
    )
  })

  it('is refused when somebody else began it, or signs with another’s key', async () => {
    const change = await heldChange()
    const hers = accepted(await begin(ada, change))

    assert.deepEqual(
      refusalOf(await send(jonas, change, signed(jonas, hers))),
      because('it was begun by somebody else'),
    )
    const mine = accepted(await begin(jonas, change))
    assert.deepEqual(
      refusalOf(await send(jonas, change, signed(jonas, mine, { key: ada.key }))),
      because('that passkey is not enrolled for you'),
    )
    const again = accepted(await begin(jonas, change))
    assert.deepEqual(
      refusalOf(await send(jonas, change, signed({ ...jonas, device: ada.device }, again))),
      because('its signature is not by that key'),
    )
  })

  it('keeps the typed reason as what was signed, whatever is sent beside it', async () => {
    const change = await heldChange()
    const ask = { decision: 'reject', reason: 'Take a snapshot first.' } as const
    const proof = signed(ada, accepted(await begin(ada, change, ask)))
    const body = { fingerprint: change.fingerprint, reason: 'Looks fine.', signed: proof }

    accepted(await ada.browser.client.call('reject', { params: { change: change.id }, body }))

    const view = accepted(await pipeline.call('change', { params: { change: change.id } }))
    assert.equal(view.decisions[0]?.reason, 'Take a snapshot first.')
  })

  it('is no terminal’s when a page began it, and no page’s when a terminal did', async () => {
    const change = await heldChange()
    const other = because('a page signs for itself, and only a connected terminal for a terminal')
    const terminal = await terminalOf(ada)
    const params = { change: change.id }
    const { fingerprint } = change
    const byPage = signed(ada, accepted(await begin(ada, change)))
    const body = { fingerprint, reason: null, signed: byPage }
    assert.deepEqual(refusalOf(await terminal.call('approve', { params, body })), other)
    const asking = { decision: 'approve', fingerprint, reason: null, shown: null } as const
    const begun = await terminal.call('beginDecision', {
      params,
      body: { ...asking, client: 'cli' },
    })
    assert.deepEqual(refusalOf(await send(ada, change, signed(ada, accepted(begun)))), other)
    const plain = { fingerprint, reason: null }
    assert.deepEqual(refusalOf(await terminal.call('approve', { params, body: plain })), {
      code: 'terminal_never_decides',
    })

    assert.deepEqual(refusalOf(await begin(ada, change, { client: 'cli' })), other)
  })

  it('can be begun in the page whatever a stolen terminal begins', async () => {
    const change = await heldChange()
    const terminal = await terminalOf(jonas)
    const { fingerprint } = change
    const asking = { decision: 'approve', fingerprint, reason: null, shown: null } as const
    const body = { ...asking, client: 'cli' } as const
    const params = { change: change.id }
    for (let begun = 0; begun < 50; begun += 1)
      accepted(await terminal.call('beginDecision', { params, body }))

    const more = await terminal.call('beginDecision', { params, body })
    const page = await begin(jonas, change, { decision: 'reject', reason: 'Not now.' })

    assert.deepEqual(refusalOf(more), because('too many are begun at once'))
    assert.equal(accepted(page).statement.decision, 'reject')
  })

  it('is asked for: a session alone is too weak where the rule wants a passkey', async () => {
    const change = await heldChange()
    const body = { fingerprint: change.fingerprint, reason: null }
    const answer = await ada.browser.client.call('approve', { params: { change: change.id }, body })

    assert.deepEqual(refusalOf(answer), {
      code: 'assurance_too_low',
      has: 'session',
      needs: 'passkey',
    })
  })
})

describe('somebody who is removed, or whose passkey is revoked', () => {
  it('does not count any more, and the change is held again before it starts', async () => {
    const leaver = await invited('leaver')
    const change = await heldChange()
    accepted(await approve(ada, change))
    assert.equal(accepted(await approve(leaver, change)).status, 'released')

    await accept(story, { type: 'remove_person', person: 'leaver' })

    const { status, slots } = await untilStatus(pipeline, change.id, 'held')
    assert.equal(status, 'held')
    const filled = slots.flatMap(({ filledBy }) => filledBy.map(({ name }) => name))
    assert.deepEqual(filled, ['ada Doe'])
    assert.deepEqual(refusalOf(await begin(leaver, change)), { code: 'not_signed_in' })
  })

  it('has signed nothing that counts with a key that was revoked since', async () => {
    const loser = await invited('loser')
    const change = await heldChange()
    accepted(await approve(ada, change))
    assert.equal(accepted(await approve(loser, change)).status, 'released')

    accepted(await ada.browser.client.call('revokeKey', { body: { key: loser.key } }))

    await untilStatus(pipeline, change.id, 'held')
    // Who lost a passkey may have lost more: every place they were signed in has ended too.
    assert.deepEqual(refusalOf(await begin(loser, change)), { code: 'not_signed_in' })
  })
})

describe('a cookie without our page', () => {
  it('decides nothing', async () => {
    const change = await heldChange()
    const cookie = clientOf(story.url, { cookie: ada.browser.cookies() })
    const body = { fingerprint: change.fingerprint, reason: null }

    const answer = await cookie.call('approve', { params: { change: change.id }, body })

    assert.equal(answer.status, 403)
  })
})
