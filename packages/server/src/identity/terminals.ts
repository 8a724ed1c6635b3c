/**
 * Connecting a terminal (RFC 8628): it shows a code, its person confirms it on the page, and it is
 * given a token that opens and watches as that person and never decides. The code is long enough,
 * and tries are few enough, that nobody confirms a stranger's by guessing.
 */
import type { identity } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type AccessEvent,
  type Actor,
  type Digest,
  digestText,
  type PersonId,
  type Refusal,
  type Token,
  type TokenId,
  tokenOfSecret,
} from '@holdpoint/core'
import type { z } from 'zod'
import { newTokenSecret } from '../access-names.ts'
import { done, type Result, refused } from '../http/handler.ts'
import { randomLetters, randomSecretText } from '../io/random-ids.ts'
import { newTokenId } from '../new-ids.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { addCeremony, openCeremonies } from '../store/ceremonies.ts'
import { databaseNow } from '../store/db.ts'
import {
  addDeviceLogin,
  answerDeviceLogin,
  findWaiting,
  pollDeviceLogin,
  takeDeviceLogin,
} from '../store/device-logins.ts'
import { newNonce } from './enrol.ts'
import { recordAccess } from './record.ts'

const WAIT_SECONDS = 10 * 60
const INTERVAL_SECONDS = 5
const TOKEN_SECONDS = 30 * 24 * 60 * 60
/** Wrong codes of one person in ten minutes. */
const MISSES_MAX = 10
/** Without vowels: no words, and nothing that looks like a digit (RFC 8628 §6.1). 43 bits. */
const CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const CODE_LENGTH = 10

export interface DeviceAuthorization {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval: number
}

export async function beginTerminal(
  name: string,
  services: Services,
): Promise<DeviceAuthorization | null> {
  const now = services.clock.now()
  const secret = randomSecretText()
  const userCode = randomLetters(CODE_LETTERS, CODE_LENGTH)
  const device = digestText(nodePrimitives, secret)
  const login = { device, userCode, name, expiresAt: now + WAIT_SECONDS * 1000 }
  if (!(await addDeviceLogin(services.database.kysely, login, now))) return null
  const address = `${relyingParty(services.baseUrl()).origin}/device`
  return {
    device_code: secret,
    user_code: shownCode(userCode),
    verification_uri: address,
    verification_uri_complete: `${address}?code=${shownCode(userCode)}`,
    expires_in: WAIT_SECONDS,
    interval: INTERVAL_SECONDS,
  }
}

function shownCode(code: string): string {
  return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`
}

function typedCode(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z]/g, '')
}

export async function findTerminal(
  person: PersonId,
  body: z.output<typeof identity.FindTerminal>,
  services: Services,
): Promise<Result<z.input<typeof identity.TerminalView>>> {
  const { kysely } = services.database
  const now = services.clock.now()
  const missed = { person, purpose: 'terminal-missed' }
  if ((await openCeremonies(kysely, missed, now)) >= MISSES_MAX)
    return refused({ code: 'too_many_tries', minutes: WAIT_SECONDS / 60 })
  const found = await findWaiting(kysely, typedCode(body.userCode), now)
  if (found !== null)
    return done({ userCode: shownCode(found.userCode), name: found.name, until: found.expiresAt })
  const expiresAt = now + WAIT_SECONDS * 1000
  await addCeremony(kysely, { ...missed, nonce: newNonce(), statement: '{}', expiresAt }, now)
  return refused({ code: 'unknown_code' })
}

export async function answerTerminal(
  person: PersonId,
  body: z.output<typeof identity.AnswerTerminal>,
  services: Services,
): Promise<Result<z.input<typeof identity.TerminalAnswered>>> {
  const found = await findTerminal(person, body, services)
  if (!found.ok) return found
  const { allow } = body
  const answer = { userCode: typedCode(body.userCode), person, allow }
  const answered = await answerDeviceLogin(services.database.kysely, answer, services.clock.now())
  return answered ? done({ connected: allow }) : refused({ code: 'unknown_code' })
}

export interface IssuedToken {
  readonly secret: string
  readonly seconds: number
}

/** The token, or the error code that RFC 8628 §3.5 has for it. */
export async function pollTerminal(
  deviceCode: string,
  services: Services,
): Promise<IssuedToken | DeviceError> {
  const { kysely } = services.database
  const now = services.clock.now()
  const device = digestText(nodePrimitives, deviceCode)
  const login = await pollDeviceLogin(kysely, device, now)
  if (login === null) return 'invalid_grant'
  if (login.expiresAt <= now) return 'expired_token'
  if (login.polledAt !== null && now < login.polledAt + INTERVAL_SECONDS * 1000) return 'slow_down'
  if (login.state === 'waiting') return 'authorization_pending'
  if (!(await takeDeviceLogin(kysely, device))) return 'invalid_grant'
  if (login.state === 'refused' || login.person === null) return 'access_denied'
  return issue({ device, name: login.name, person: login.person }, services)
}

export type DeviceError =
  | 'authorization_pending'
  | 'slow_down'
  | 'access_denied'
  | 'expired_token'
  | 'invalid_grant'

async function issue(
  confirmed: { readonly device: Digest; readonly name: string; readonly person: PersonId },
  services: Services,
): Promise<IssuedToken | DeviceError> {
  const { person, name } = confirmed
  const secret = newTokenSecret()
  const event: AccessEvent = {
    type: 'token_issued',
    token: newTokenId(),
    name,
    purpose: 'person',
    person,
    verbs: ['open', 'execute', 'read'],
    workspaces: 'all',
    expiresAt: (await databaseNow(services.database.kysely)) + TOKEN_SECONDS * 1000,
    secretSha256: digestText(nodePrimitives, secret),
  }
  // The person confirmed it a moment ago: it is theirs to ask for, and the gate looks whether it is.
  const actor = { kind: 'person', id: person, assurance: 'session' } as const
  const problem = await recordAccess(actor, [event], services)
  return problem === null ? { secret, seconds: TOKEN_SECONDS } : 'access_denied'
}

/** That are connected; the newest first. */
export async function terminalsOf(person: PersonId, services: Services): Promise<readonly Token[]> {
  const { tokens } = await services.gate.access()
  const now = services.clock.now()
  return [...tokens.values()]
    .filter((token) => token.person === person && !token.revoked && now < token.expiresAt)
    .toReversed()
}

/** One's own alone; another's is not found, as one that is not there. */
export async function endTerminal(
  person: PersonId,
  terminal: TokenId,
  services: Services,
): Promise<Refusal | null> {
  const own = await terminalsOf(person, services)
  if (!own.some(({ id }) => id === terminal)) return { code: 'not_found', what: 'terminal' }
  const actor = { kind: 'person', id: person, assurance: 'session' } as const
  const event = { type: 'token_revoked', token: terminal } as const
  return recordAccess(actor, [event], services)
}

/** Every terminal of a person, by whoever may: whoever connected one may not have been them. */
export async function endTerminalsOf(
  person: PersonId,
  actor: Actor,
  services: Services,
): Promise<Refusal | null> {
  const theirs = await terminalsOf(person, services)
  const events = theirs.map(({ id }): AccessEvent => ({ type: 'token_revoked', token: id }))
  return recordAccess(actor, events, services)
}

/** Whoever has a token may end it (RFC 7009); one that is not known has ended. */
export async function revokeSecret(secret: string, services: Services): Promise<void> {
  const digest = digestText(nodePrimitives, secret)
  const token = tokenOfSecret(await services.gate.access(), digest, services.clock.now())
  if (token === null || token.person === null) return
  const actor = { kind: 'person', id: token.person, assurance: 'session' } as const
  await recordAccess(actor, [{ type: 'token_revoked', token: token.id }], services)
}
