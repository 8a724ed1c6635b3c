/**
 * Who asks. A token is known by the SHA-256 of its secret; development people name themselves, in
 * development mode only. Nobody is taken for somebody by default, and a cookie or a header that
 * names no one is refused, never ignored.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Access,
  type Actor,
  type Digest,
  digestText,
  type Instant,
  type PersonId,
  type Token,
  tokenOfSecret,
} from '@holdpoint/core'
import type { FastifyRequest } from 'fastify'
import type { Session } from '../store/sessions.ts'
import { type Result, refused } from './handler.ts'
import { sessionOf } from './session-cookie.ts'

export const AS_HEADER = 'holdpoint-as'
const TOKEN = /^Bearer (hpt_[A-Za-z0-9_-]{43})$/

export interface AuthSources {
  readonly mode: 'production' | 'development'
  readonly baseUrl: () => string
  readonly access: () => Promise<Access>
  /** What is wrong with the log, `null` while nothing is. */
  readonly readsOnly: () => string | null
  readonly now: () => Instant
  /** Development people only; `null` where there is none of that handle. */
  readonly findPerson: (handle: string) => Promise<PersonId | null>
  /** Names that `--as` takes, for whoever gave another. */
  readonly handles: () => Promise<readonly string[]>
  /** Sign-ins that have not ended. */
  readonly findSession: (digest: Digest) => Promise<Session | null>
}

export type Authenticate = (request: FastifyRequest) => Promise<Result<Actor>>

export function createAuthenticate(sources: AuthSources): Authenticate {
  return async (request) => {
    const { authorization } = request.headers
    if (authorization !== undefined) return byToken(authorization, sources)
    const named = request.headers[AS_HEADER]
    if (named !== undefined) return byName(Array.isArray(named) ? '' : named, sources)
    const session = sessionOf(request, sources.baseUrl())
    if (session !== null) return bySession(session, sources)
    return refused({ code: 'not_signed_in' })
  }
}

async function byToken(header: string, sources: AuthSources): Promise<Result<Actor>> {
  const secret = TOKEN.exec(header)?.[1]
  if (secret === undefined) return refused({ code: 'not_signed_in' })
  // The digest is looked up, so timing says nothing about the secret's characters.
  const digest = digestText(nodePrimitives, secret)
  const token = tokenOfSecret(await sources.access(), digest, sources.now())
  if (token === null) return unknown(sources)
  return token.person === null
    ? { ok: true, value: actorOf(token) }
    : asPerson(token.person, 'token', sources)
}

/** Its entry may be among those that are lost, so the damage is named first. */
function unknown({ readsOnly }: AuthSources): Result<Actor> {
  const why = readsOnly()
  return refused(why === null ? { code: 'not_signed_in' } : { code: 'reads_only', why })
}

function actorOf(token: Token): Actor {
  const { id, verbs, workspaces } = token
  return token.purpose === 'admin'
    ? { kind: 'admin_token', id }
    : { kind: 'token', id, verbs, workspaces }
}

async function byName(handle: string, sources: AuthSources): Promise<Result<Actor>> {
  if (sources.mode !== 'development') return refused({ code: 'development_only' })
  const person = await sources.findPerson(handle)
  const { people } = await sources.access()
  if (person === null || !people.has(person)) {
    const isDamaged = sources.readsOnly() !== null
    if (isDamaged) return unknown(sources)
    return refused({ code: 'unknown_person', name: handle, people: await sources.handles() })
  }
  return asPerson(person, 'development', sources)
}

async function bySession(digest: Digest, sources: AuthSources): Promise<Result<Actor>> {
  const session = await sources.findSession(digest)
  if (session === null) return refused({ code: 'not_signed_in' })
  const isDevelopment = session.method === 'development'
  // A database that was once used for development must not sign anyone in afterwards.
  if (isDevelopment && sources.mode !== 'development') return refused({ code: 'not_signed_in' })
  return asPerson(session.person, isDevelopment ? 'development' : 'session', sources)
}

async function asPerson(
  person: PersonId,
  assurance: Extract<Actor, { kind: 'person' }>['assurance'],
  sources: AuthSources,
): Promise<Result<Actor>> {
  const { people } = await sources.access()
  if (people.get(person)?.active !== true) return refused({ code: 'not_signed_in' })
  return { ok: true, value: { kind: 'person', id: person, assurance } }
}
