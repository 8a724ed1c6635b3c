/**
 * Being somebody without proof: development mode only, and refused in words anywhere else. The
 * cookie is a random secret that only this server's pages send; its digest is kept.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { digestText } from '@holdpoint/core'
import { randomSecretText } from '../io/random-ids.ts'
import type { Services } from '../services.ts'
import { addSession, endSession } from '../store/sessions.ts'
import { teamsOf } from '../views-access.ts'
import { loadNames } from '../views-names.ts'
import { SESSION_COOKIE } from './auth.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'
import { whoami } from './handlers-read.ts'

type DevelopmentHandlers = Pick<Handlers, 'developmentPeople' | 'signInDevelopment' | 'signOut'>

const SESSION_SECONDS = 8 * 60 * 60
const COOKIE = { path: '/', httpOnly: true, sameSite: 'strict' } as const

export function developmentHandlers(services: Services): DevelopmentHandlers {
  return {
    developmentPeople: () => people(services),
    signInDevelopment: (ask) => signIn(ask, services),
    signOut: async ({ request, reply }) => {
      const cookie = request.cookies[SESSION_COOKIE]
      if (cookie !== undefined)
        await endSession(services.database.kysely, digestText(nodePrimitives, cookie))
      reply.clearCookie(SESSION_COOKIE, COOKIE)
      return done({})
    },
  }
}

async function people(services: Services): ReturnType<Handlers['developmentPeople']> {
  const state = services.audit.watch.state()
  const isProduction = services.mode !== 'development'
  // Who cannot sign in has to read here what is wrong.
  if (isProduction && state !== 'ok') return refused({ code: 'reads_only', why: state.readsOnly })
  if (isProduction) return refused({ code: 'development_only' })
  const access = await services.gate.access()
  if (access.people.size === 0 && state !== 'ok')
    return refused({ code: 'reads_only', why: state.readsOnly })
  const names = await loadNames(services.database.kysely, access)
  const active = [...access.people.values()].filter((person) => person.active)
  return done({
    people: active.flatMap((person) => {
      const profile = names.profile(person.id)
      if (profile === null) return []
      const { handle, name } = profile
      return [{ handle, name, teams: teamsOf(access, person.id) }]
    }),
  })
}

async function signIn(
  { body, reply }: Ask<'signInDevelopment'>,
  services: Services,
): ReturnType<Handlers['signInDevelopment']> {
  if (services.mode !== 'development') return refused({ code: 'development_only' })
  const access = await services.gate.access()
  const names = await loadNames(services.database.kysely, access)
  const person = names.findByHandle(body.person)
  if (person === null || access.people.get(person)?.active !== true)
    return refused({ code: 'not_found', what: 'person' })
  const now = services.clock.now()
  const secret = randomSecretText()
  const digest = digestText(nodePrimitives, secret)
  await addSession(services.database.kysely, {
    digest,
    person,
    method: 'development',
    startedAt: now,
    expiresAt: now + SESSION_SECONDS * 1000,
    agent: '',
  })
  reply.setCookie(SESSION_COOKIE, secret, { ...COOKIE, maxAge: SESSION_SECONDS })
  return done(await whoami({ kind: 'person', id: person, assurance: 'development' }, services))
}
