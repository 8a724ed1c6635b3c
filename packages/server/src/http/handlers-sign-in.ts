/** Signing in: by a passkey, by the link of the first start; and where one is signed in. */
import { hasAdmin, type PersonId } from '@holdpoint/core'
import { beginSignIn, signInWith } from '../identity/passkey-sign-in.ts'
import { endTerminalsOf } from '../identity/terminals.ts'
import { beginWelcome, welcome } from '../identity/welcome.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { endSession, endSessionsOf, sessionsOf } from '../store/sessions.ts'
import { loadNames } from '../views-names.ts'
import { problemOfAsking } from './asked.ts'
import { type Ask, done, type Handlers, type Result, refused } from './handler.ts'
import { whoami } from './handlers-read.ts'
import { notAPerson, personOf } from './own.ts'
import { clearSession, sessionOf, startSession } from './session-cookie.ts'

type SignInHandlers = Pick<
  Handlers,
  | 'signInWays'
  | 'beginSignIn'
  | 'signIn'
  | 'beginWelcome'
  | 'welcome'
  | 'sessions'
  | 'endSession'
  | 'signOutEverywhere'
  | 'endSessionsOf'
>

export function signInHandlers(services: Services): SignInHandlers {
  return {
    signInWays: () => ways(services),
    beginSignIn: () => beginSignIn(services),
    signIn: async (ask) => signedIn(ask, await signInWith(ask.body, services), services),
    beginWelcome: ({ body }) => beginWelcome(body, services),
    welcome: async (ask) => signedIn(ask, await welcome(ask.body, services), services),
    sessions: (ask) => sessions(ask, services),
    endSession: (ask) => endOne(ask, services),
    signOutEverywhere: async ({ actor, reply }) => {
      const person = personOf(actor)
      if (person === null) return notAPerson()
      const problem = await endTerminalsOf(person, actor, services)
      await endSessionsOf(services.database.kysely, person)
      clearSession(reply, services)
      return problem === null ? done({}) : refused(problem)
    },
    endSessionsOf: (ask) => endTheirs(ask, services),
  }
}

async function ways(services: Services): ReturnType<Handlers['signInWays']> {
  const state = services.audit.watch.state()
  if (state !== 'ok') return refused({ code: 'reads_only', why: state.readsOnly })
  const site = relyingParty(services.baseUrl())
  const access = await services.gate.access()
  const firstStart = services.mode === 'production' && !hasAdmin(access)
  const { mode } = services
  const oidc = services.oidc === null ? null : { name: services.oidc.name }
  return done({ mode, rpId: site.id, origin: site.origin, oidc, firstStart })
}

/** The session begins here and nowhere else than after a proof. */
export async function signedIn(
  { request, reply }: Pick<Ask<'signIn'>, 'request' | 'reply'>,
  proved: Result<PersonId>,
  services: Services,
): ReturnType<Handlers['signIn']> {
  if (!proved.ok) return proved
  const person = proved.value
  await startSession({ person, method: 'passkey', request, reply }, services)
  return done(await whoami({ kind: 'person', id: person, assurance: 'session' }, services))
}

async function sessions(
  { actor, request }: Ask<'sessions'>,
  services: Services,
): ReturnType<Handlers['sessions']> {
  const person = personOf(actor)
  if (person === null) return notAPerson()
  const current = sessionOf(request, services.baseUrl())
  const found = await sessionsOf(services.database.kysely, person, services.clock.now())
  return done({
    sessions: found.map(({ digest, method, startedAt, seenAt, expiresAt, agent }) => ({
      id: digest,
      ...{ method, startedAt, seenAt, expiresAt, agent },
      current: digest === current,
    })),
  })
}

async function endOne(
  { actor, body, request, reply }: Ask<'endSession'>,
  services: Services,
): ReturnType<Handlers['endSession']> {
  const person = personOf(actor)
  if (person === null) return notAPerson()
  const { kysely } = services.database
  const own = await sessionsOf(kysely, person, services.clock.now())
  if (!own.some(({ digest }) => digest === body.session))
    return refused({ code: 'not_found', what: 'sign-in' })
  await endSession(kysely, body.session)
  if (sessionOf(request, services.baseUrl()) === body.session) clearSession(reply, services)
  return done({})
}

async function endTheirs(
  { actor, body }: Ask<'endSessionsOf'>,
  services: Services,
): ReturnType<Handlers['endSessionsOf']> {
  const asked = { action: 'change_access', on: 'installation' } as const
  const problem = await problemOfAsking(actor, asked, services)
  if (problem !== null) return refused(problem)
  const { kysely } = services.database
  const names = await loadNames(kysely, await services.gate.access())
  const person = names.findByHandle(body.person)
  if (person === null) return refused({ code: 'not_found', what: `person ${body.person}` })
  await endSessionsOf(kysely, person)
  const left = await endTerminalsOf(person, actor, services)
  return left === null ? done({}) : refused(left)
}
