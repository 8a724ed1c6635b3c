/** Invitations: made and cancelled by who may change access, accepted by who has the link. */
import { identity } from '@holdpoint/api'
import type { Actor } from '@holdpoint/core'
import { accept, beginAccept } from '../identity/accept-invite.ts'
import { beginInvite, invite, inviteView } from '../identity/invites.ts'
import type { Services } from '../services.ts'
import { openInvites, takeInvite } from '../store/invites.ts'
import { problemOfAsking } from './asked.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'
import { signedIn } from './handlers-sign-in.ts'
import { notAPerson, personOf } from './own.ts'

type InviteHandlers = Pick<
  Handlers,
  'invites' | 'beginInvite' | 'invite' | 'cancelInvite' | 'beginAccept' | 'accept'
>

export function inviteHandlers(services: Services): InviteHandlers {
  return {
    invites: (ask) => list(ask, services),
    beginInvite: async ({ actor, body }) => {
      const problem = await mayNot(actor, services)
      if (problem !== null) return refused(problem)
      const person = personOf(actor)
      return person === null ? notAPerson() : beginInvite(person, body, services)
    },
    invite: async ({ actor, body }) => {
      const problem = await mayNot(actor, services)
      if (problem !== null) return refused(problem)
      const person = personOf(actor)
      return person === null ? notAPerson() : invite(person, body, services)
    },
    cancelInvite: async ({ actor, body }) => {
      const problem = await mayNot(actor, services)
      if (problem !== null) return refused(problem)
      const was = await takeInvite(services.database.kysely, body.inviteKey)
      return was ? done({}) : refused({ code: 'not_found', what: 'invitation' })
    },
    beginAccept: ({ body }) => beginAccept(body, services),
    accept: async (ask) => signedIn(ask, await accept(ask.body, services), services),
  }
}

function mayNot(actor: Actor, services: Services) {
  return problemOfAsking(actor, { action: 'change_access', on: 'installation' }, services)
}

async function list(
  { actor }: Ask<'invites'>,
  services: Services,
): ReturnType<Handlers['invites']> {
  const problem = await mayNot(actor, services)
  if (problem !== null) return refused(problem)
  const open = await openInvites(services.database.kysely, services.clock.now())
  const views = open.map(({ signed }) => {
    const { statement } = identity.SignedInvite.parse(JSON.parse(signed))
    return inviteView(statement, services)
  })
  return done({ invites: await Promise.all(views) })
}
