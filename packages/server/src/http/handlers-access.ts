/** Who may what, as people type it: names become ids here, and a token's secret is shown once. */

import type { AccessEvent, Actor } from '@holdpoint/core'
import { accessEventOf } from '../access-names.ts'
import { followDirectory } from '../identity/directory.ts'
import type { Services } from '../services.ts'
import { schedules } from '../store/schedules.ts'
import { endSessionsOf } from '../store/sessions.ts'
import { eraseProfile, eraseText } from '../store/texts.ts'
import { accessView } from '../views-access.ts'
import { problemOfAsking, viewerFor } from './asked.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'

type AccessHandlers = Pick<Handlers, 'access' | 'changeAccess' | 'eraseText'>

export function accessHandlers(services: Services): AccessHandlers {
  return {
    access: async ({ actor }) => {
      const problem = await mayNot(actor, 'read_access', services)
      if (problem !== null) return refused(problem)
      const { access, names, now } = await viewerFor(actor, services)
      const rows = await schedules(services.database.kysely)
      return done(accessView(access, names, { onCall: services.onCall, rows, now }))
    },
    changeAccess: (ask) => changeAccess(ask, services),
    eraseText: (ask) => erase(ask, services),
  }
}

function mayNot(actor: Actor, action: 'read_access' | 'change_access', services: Services) {
  return problemOfAsking(actor, { action, on: 'installation' }, services)
}

async function changeAccess(
  { actor, body }: Ask<'changeAccess'>,
  services: Services,
): ReturnType<Handlers['changeAccess']> {
  const problem = await mayNot(actor, 'change_access', services)
  if (problem !== null) return refused(problem)
  const made = await accessEventOf(body, await viewerFor(actor, services), services)
  if (!made.ok) return made
  const { event, secret } = made.value
  const command = { type: 'change_access', event } as const
  const answer = await services.gate.handle(actor, { on: 'access', command })
  if (answer.ok) {
    if (event.type === 'team_linked') await followDirectory(services)
    if (event.type === 'person_removed') await endSessionsOf(services.database.kysely, event.person)
    return done({ id: idOf(event), secret })
  }
  // A profile that no entry names would keep its handle taken.
  if (event.type === 'person_added') await eraseProfile(services.database.kysely, event.person)
  return refused(answer.refusal)
}

function idOf(event: AccessEvent): string | null {
  if ('token' in event) return event.token
  if ('connection' in event) return event.connection
  if ('workspace' in event && event.workspace !== 'all') return event.workspace
  return 'person' in event ? event.person : null
}

async function erase(
  { actor, body }: Ask<'eraseText'>,
  services: Services,
): ReturnType<Handlers['eraseText']> {
  const problem = await mayNot(actor, 'change_access', services)
  if (problem !== null) return refused(problem)
  const { kysely } = services.database
  if (await eraseText(kysely, body.text)) return done({})
  const { people } = await services.gate.access()
  const person = [...people.values()].find((each) => each.profile === body.text)
  if (person !== undefined && (await eraseProfile(kysely, person.id))) return done({})
  return refused({ code: 'not_found', what: 'text' })
}
