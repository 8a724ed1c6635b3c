/** Passkeys: one's own are listed, added and revoked; an admin may revoke anybody's. */
import type { Actor } from '@holdpoint/core'
import {
  beginKey,
  keyViews,
  needsFreshSignIn,
  type Owner,
  registerKey,
  vouchKey,
} from '../identity/own-keys.ts'
import { recordAccess } from '../identity/record.ts'
import { endTerminalsOf } from '../identity/terminals.ts'
import type { Services } from '../services.ts'
import { endSessionsOf, findSession } from '../store/sessions.ts'
import { type Ask, done, type Handlers, type Result, refused } from './handler.ts'
import { notAPerson, personOf } from './own.ts'
import { sessionOf } from './session-cookie.ts'

type KeyHandlers = Pick<Handlers, 'keys' | 'beginKey' | 'registerKey' | 'vouchKey' | 'revokeKey'>

export function keyHandlers(services: Services): KeyHandlers {
  return {
    keys: async (ask) => {
      const owner = await ownerOf(ask, services)
      if (!owner.ok) return owner
      const keys = await keyViews(owner.value.person, services)
      return done({ keys, needsFreshSignIn: await needsFreshSignIn(owner.value, services) })
    },
    beginKey: async (ask) => {
      const owner = await ownerOf(ask, services)
      return owner.ok ? beginKey(owner.value, services) : owner
    },
    registerKey: async (ask) => {
      const owner = await ownerOf(ask, services)
      return owner.ok ? registerKey(owner.value, ask.body, services) : owner
    },
    vouchKey: async (ask) => {
      const owner = await ownerOf(ask, services)
      return owner.ok ? vouchKey(owner.value.person, ask.body, services) : owner
    },
    revokeKey: (ask) => revoke(ask, services),
  }
}

type Asked = Pick<Ask<'keys'>, 'request'> & { readonly actor: Actor }

async function ownerOf({ actor, request }: Asked, services: Services): Promise<Result<Owner>> {
  const person = personOf(actor)
  if (person === null) return notAPerson()
  const digest = sessionOf(request, services.baseUrl())
  const session =
    digest === null
      ? null
      : await findSession(services.database.kysely, digest, services.clock.now())
  // A sign-in that ended a moment ago is not a fresh one.
  if (digest !== null && session === null) return refused({ code: 'not_signed_in' })
  return done({ person, signedInAt: session?.startedAt ?? null })
}

/** Whoever was signed in with it may be somebody else: all ends, but where it is asked from. */
async function revoke(
  { actor, body, request }: Ask<'revokeKey'>,
  services: Services,
): ReturnType<Handlers['revokeKey']> {
  const key = (await services.gate.access()).keys.get(body.key)
  if (key === undefined) return refused({ code: 'not_found', what: 'passkey' })
  const { person } = key
  const event = { type: 'key_revoked', person, key: body.key } as const
  const problem = await recordAccess(actor, [event], services)
  if (problem !== null) return refused(problem)
  const here = personOf(actor) === person ? sessionOf(request, services.baseUrl()) : null
  await endSessionsOf(services.database.kysely, person, here)
  const left = await endTerminalsOf(person, actor, services)
  return left === null ? done({}) : refused(left)
}
