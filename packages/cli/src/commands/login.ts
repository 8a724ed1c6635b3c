/**
 * `holdpoint login`: connects this terminal (RFC 8628). It shows an address and a code, waits until
 * its person has confirmed that code on the page, and keeps the token in a private file.
 */
import { hostname } from 'node:os'
import { setTimeout as after } from 'node:timers/promises'
import { readEnvironment } from '../io/environment.ts'
import { writePrivate } from '../io/files.ts'
import { safe } from '../render-text.ts'
import { type Settings, settingsWithToken } from '../settings.ts'
import { terminalTokenPath } from '../terminal-token.ts'
import { connect, take } from './connection.ts'
import { type Ended, EXIT, fault, refused } from './ended.ts'
import { askOauth, textIn } from './oauth.ts'
import type { Call } from './row.ts'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const CLIENT = 'holdpoint-cli'

export async function run({ settings, screen }: Call): Promise<number> {
  const path = terminalTokenPath(settings.server, readEnvironment())
  if (path === null)
    throw fault('There is no folder to keep the token in', 'Set HOME or XDG_CONFIG_HOME.')
  const begun = await begin(settings)
  screen.note(`Open  ${safe(begun.address)}`)
  screen.note(`and confirm that it shows  ${safe(begun.code)}`)
  screen.note('Waiting for you to confirm; Ctrl-C stops, and nothing is connected then')
  const token = await untilConfirmed(settings, begun)
  await writePrivate(path, `${token}\n`)
  const me = take(await connect(settingsWithToken(settings, token)).call('whoami', {}))
  const name = me.actor.name ?? me.actor.id
  screen.document({ ok: true, server: settings.server, person: name, tokenFile: path })
  screen.lines([
    `Connected to ${settings.server} as ${safe(name ?? '')}`,
    'This terminal opens and watches changes; deciding always asks for you and your passkey.',
    'It never administers: access, policy push and issuer take --token-file <data folder>/admin-token.',
  ])
  return EXIT.done
}

interface Begun {
  readonly device: string
  readonly code: string
  readonly address: string
  readonly seconds: number
  readonly everySeconds: number
}

async function begin(settings: Settings): Promise<Begun> {
  const fields = { client_id: CLIENT, device_name: hostname() }
  const { answer } = await askOauth(settings, '/oauth/device_authorization', fields)
  if (textIn(answer, 'error') === 'temporarily_unavailable') throw notNow(settings)
  const device = textIn(answer, 'device_code')
  const code = textIn(answer, 'user_code')
  const address = textIn(answer, 'verification_uri_complete')
  if (device === null || code === null || address === null) throw notThere(settings)
  return {
    device,
    code,
    address,
    seconds: secondsIn(answer, 'expires_in', 600),
    everySeconds: secondsIn(answer, 'interval', 5),
  }
}

function notNow({ server }: Settings): Ended {
  return fault(
    `The server at ${server} connects no more terminals now`,
    'Too many were begun from your address. Try again in ten minutes.',
  )
}

function notThere({ server }: Settings): Ended {
  return fault(
    `The server at ${server} connects no terminals`,
    'Check --server or HOLDPOINT_SERVER.',
  )
}

function secondsIn(answer: object, name: string, otherwise: number): number {
  const value: unknown = Reflect.get(answer, name)
  return typeof value === 'number' && value > 0 && value <= 3600 ? value : otherwise
}

/** Asks as often as the server allows; a slower pace is kept once it was asked for (§3.5). */
async function untilConfirmed(settings: Settings, begun: Begun): Promise<string> {
  let wait = begun.everySeconds
  const fields = { client_id: CLIENT, grant_type: DEVICE_GRANT, device_code: begun.device }
  for (let waited = 0; waited <= begun.seconds; waited += wait) {
    await after(wait * 1000)
    const { answer } = await askOauth(settings, '/oauth/token', fields)
    const token = textIn(answer, 'access_token')
    if (token !== null && /^hpt_[A-Za-z0-9_-]{43}$/.test(token)) return token
    const error = textIn(answer, 'error')
    if (error === 'slow_down') wait += 5
    else if (error !== 'authorization_pending') throw notConnected(error)
  }
  throw notConnected('expired_token')
}

function notConnected(error: string | null): Ended {
  const wasRefused = error === 'access_denied'
  return refused({
    code: wasRefused ? 'access_denied' : 'expired',
    title: 'This terminal is not connected',
    detail: wasRefused
      ? 'The code was refused on the page.'
      : 'The code was not confirmed in time.',
    remedy: 'Run holdpoint login again when you are at the page.',
  })
}
