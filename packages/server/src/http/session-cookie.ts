/**
 * The cookie of a sign-in: a random secret that only our own pages send. Where the page is on https
 * its name binds it to this very host and to TLS (RFC 6265bis, `__Host-`).
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { type Digest, digestText, type PersonId } from '@holdpoint/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomSecretText } from '../io/random-ids.ts'
import type { Services } from '../services.ts'
import { addSession, endSession } from '../store/sessions.ts'
import type { SignInMethod } from '../store/tables.ts'

export const SESSION_COOKIES = ['holdpoint_session', '__Host-holdpoint_session'] as const
const SESSION_SECONDS = 12 * 60 * 60
const AGENT_CHARACTERS_MAX = 200

export function isHttps(baseUrl: string): boolean {
  return baseUrl.startsWith('https:')
}

function cookieName(baseUrl: string): string {
  return isHttps(baseUrl) ? SESSION_COOKIES[1] : SESSION_COOKIES[0]
}

function cookieOptions(baseUrl: string) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isHttps(baseUrl) } as const
}

/** By its digest, as it is kept; `null` where the request has none. */
export function sessionOf(request: FastifyRequest, baseUrl: string): Digest | null {
  const cookie = request.cookies[cookieName(baseUrl)]
  return cookie === undefined || cookie === '' ? null : digestText(nodePrimitives, cookie)
}

export interface NewSession {
  readonly person: PersonId
  readonly method: SignInMethod
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** A new secret each time: nobody can be made to use one that another knows. */
export async function startSession(session: NewSession, services: Services): Promise<void> {
  const { person, method, request, reply } = session
  const { kysely } = services.database
  const baseUrl = services.baseUrl()
  const before = sessionOf(request, baseUrl)
  if (before !== null) await endSession(kysely, before)
  const secret = randomSecretText()
  const now = services.clock.now()
  await addSession(kysely, {
    digest: digestText(nodePrimitives, secret),
    person,
    method,
    startedAt: now,
    expiresAt: now + SESSION_SECONDS * 1000,
    agent: (request.headers['user-agent'] ?? '').slice(0, AGENT_CHARACTERS_MAX),
  })
  reply.setCookie(cookieName(baseUrl), secret, {
    ...cookieOptions(baseUrl),
    maxAge: SESSION_SECONDS,
  })
}

export function clearSession(reply: FastifyReply, services: Services): void {
  const baseUrl = services.baseUrl()
  reply.clearCookie(cookieName(baseUrl), cookieOptions(baseUrl))
}
