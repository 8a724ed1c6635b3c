/**
 * A browser for tests: keeps cookies, names its page's origin, and signs with software passkeys. It
 * computes every challenge itself, as the page does.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type ApiProblem, type Client, createClient, type Reply } from '@holdpoint/api/client'
import { nodePrimitives } from '@holdpoint/api/node'
import { challengeOf, enrolmentText, type KeyId, parseKeyId } from '@holdpoint/core'
import { Authenticator, type Lies, type PasskeyKind } from '../../../test/fixtures/authenticator.ts'

export interface Browser {
  readonly client: Client
  readonly origin: string
  /** As they would be sent; empty where there are none. */
  readonly cookies: () => string
  readonly fetch: typeof fetch
}

/** A page of this server, at the address that passkeys are made for. */
export function openBrowser(url: string, given: { readonly cookies?: string } = {}): Browser {
  const origin = url.replace('127.0.0.1', 'localhost')
  const jar = new Map<string, string>()
  for (const pair of given.cookies?.split('; ') ?? []) keep(jar, pair)
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const send: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('cookie', cookies())
    if ((init?.method ?? 'GET') !== 'GET') headers.set('origin', headers.get('origin') ?? origin)
    const response = await fetch(input, { redirect: 'manual', ...init, headers })
    for (const cookie of response.headers.getSetCookie()) keep(jar, cookie)
    return response
  }
  const client = createClient({ baseUrl: origin, fetch: send, headers: () => ({}) })
  return { client, origin, cookies, fetch: send }
}

function keep(jar: Map<string, string>, cookie: string): void {
  const [pair = ''] = cookie.split(';', 1)
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  if (name === '') return
  if (value === '' || /max-age=0|1970/i.test(cookie)) jar.delete(name)
  else jar.set(name, value)
}

type Registered = Reply<'beginWelcome'>

export function newAuthenticator(browser: Browser, algorithm: PasskeyKind = 'ES256') {
  return new Authenticator({ rpId: 'localhost', origin: browser.origin, algorithm })
}

/** What the device gives for what the page was told to ask for. */
export function registered(device: Authenticator, begun: Registered, lies: Lies = {}) {
  return device.register(Buffer.from(begun.challenge, 'base64url'), lies)
}

type Answer<T> = { ok: true; value: T } | { ok: false; problem: ApiProblem }

/** The value; throws the server's words where it refused. */
export function accepted<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
}

/** The refusal as data; throws where it was accepted. */
export function refusalOf(answer: Answer<unknown>): unknown {
  if (!answer.ok) return answer.problem.refusal ?? answer.problem.code
  throw new Error('it was accepted')
}

export const secretIn = (link: string): string => new URL(link).hash.slice(1)

export interface Signed {
  readonly browser: Browser
  readonly device: Authenticator
  readonly key: KeyId
}

/** The first person of a production server, by its link. */
export async function welcomeFirst(url: string, link: string, handle = 'ada'): Promise<Signed> {
  const browser = openBrowser(url)
  const device = newAuthenticator(browser)
  const secret = secretIn(link)
  const { client } = browser
  const begun = accepted(
    await client.call('beginWelcome', { body: { secret, handle, name: `${handle} Doe` } }),
  )
  const body = {
    secret,
    nonce: begun.nonce,
    label: 'phone',
    registration: registered(device, begun),
  }
  accepted(await client.call('welcome', { body }))
  return { browser, device, key: await onlyKey(browser) }
}

export async function onlyKey(browser: Browser): Promise<KeyId> {
  const { keys } = accepted(await browser.client.call('keys', {}))
  const key = parseKeyId(keys.at(-1)?.key ?? '')
  if (key === null) throw new Error('there is no passkey')
  return key
}

/** Signs in with a passkey; `lies` are the device's. */
export async function signIn(browser: Browser, device: Authenticator, lies: Lies = {}) {
  const { nonce } = accepted(await browser.client.call('beginSignIn', { body: {} }))
  const assertion = device.sign(challengeOf('sign-in', { nonce }, nodePrimitives), lies)
  const body = { nonce, credential: device.credential, assertion }
  return browser.client.call('signIn', { body })
}

export interface Link {
  /** SubjectPublicKeyInfo, base64. */
  readonly inviteKey: string
  readonly secret: KeyObject
}

/** What the inviter's page makes. */
export function newLink(): Link {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const inviteKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  return { inviteKey, secret: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) }
}

export interface Inviting {
  readonly handle: string
  readonly roles?: readonly { role: 'viewer' | 'requester' | 'approver' | 'auditor' | 'admin' }[]
  readonly teams?: readonly string[]
}

/** By an admin who has a passkey. */
export async function inviteSomebody(by: Signed, inviting: Inviting): Promise<Link> {
  const link = newLink()
  const { client } = by.browser
  const { handle, teams = [] } = inviting
  const roles = (inviting.roles ?? []).map(({ role }) => ({ role, workspace: null }))
  const details = { handle, name: `${handle} Doe`, addresses: [], roles, teams }
  const body = { ...details, inviteKey: link.inviteKey }
  const { statement } = accepted(await client.call('beginInvite', { body }))
  const assertion = by.device.sign(challengeOf('invite', statement, nodePrimitives))
  const signed = { nonce: statement.nonce, key: by.key, assertion }
  accepted(await client.call('invite', { body: { signed } }))
  return link
}

/** Whoever has the link; `as` lets a test answer with another device or secret. */
export async function acceptInvite(
  url: string,
  link: Link,
  as: { readonly secret?: KeyObject; readonly lies?: Lies } = {},
) {
  const browser = openBrowser(url)
  const device = newAuthenticator(browser, 'Ed25519')
  const { inviteKey } = link
  const { client } = browser
  const begun = await client.call('beginAccept', { body: { inviteKey } })
  if (!begun.ok) return { answer: begun, browser, device }
  const { enrolment, invite } = begun.value
  const registration = registered(device, enrolment, as.lies)
  const person = invite.person.id
  const text = enrolmentText({ person, inviteKey, publicKey: device.publicKey })
  const key = as.secret ?? link.secret
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  const { nonce } = enrolment
  const answered = { inviteKey, nonce, label: 'laptop', registration }
  const body = { ...answered, signature: signature.toString('base64url') }
  return { answer: await client.call('accept', { body }), browser, device }
}
