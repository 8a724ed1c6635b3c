/** Being somebody without proof: development mode only, and refused in words anywhere else. */
import type { Services } from '../services.ts'
import { endSession } from '../store/sessions.ts'
import { teamsOf } from '../views-access.ts'
import { loadNames } from '../views-names.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'
import { whoami } from './handlers-read.ts'
import { clearSession, sessionOf, startSession } from './session-cookie.ts'

type DevelopmentHandlers = Pick<Handlers, 'developmentPeople' | 'signInDevelopment' | 'signOut'>

export function developmentHandlers(services: Services): DevelopmentHandlers {
  return {
    developmentPeople: () => people(services),
    signInDevelopment: (ask) => signIn(ask, services),
    signOut: async ({ request, reply }) => {
      const session = sessionOf(request, services.baseUrl())
      if (session !== null) await endSession(services.database.kysely, session)
      clearSession(reply, services)
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
  { body, request, reply }: Ask<'signInDevelopment'>,
  services: Services,
): ReturnType<Handlers['signInDevelopment']> {
  if (services.mode !== 'development') return refused({ code: 'development_only' })
  const access = await services.gate.access()
  const names = await loadNames(services.database.kysely, access)
  const person = names.findByHandle(body.person)
  if (person === null || access.people.get(person)?.active !== true)
    return refused({ code: 'not_found', what: 'person' })
  await startSession({ person, method: 'development', request, reply }, services)
  return done(await whoami({ kind: 'person', id: person, assurance: 'development' }, services))
}
