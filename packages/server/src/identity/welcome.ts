/**
 * The first person: whoever has the link of the first start makes a passkey and administers from
 * then on. The role comes last, so that a start that broke off between leaves the link's way open.
 */
import { identity } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type AccessEvent,
  digestText,
  hasAdmin,
  type PersonId,
  type Refusal,
  type Role,
  SYSTEM,
} from '@holdpoint/core'
import { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import { newKeyId, newPersonId } from '../new-ids.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { isFirstLink, takeFirstLink } from '../store/first-links.ts'
import { loadNames } from '../views-names.ts'
import { begin, enrolFirst, enrolmentBegun, newNonce, takeBegun } from './enrol.ts'
import { dropProfile, keepProfile } from './profiles.ts'
import { recordAccess } from './record.ts'
import { readRegistration } from './registration.ts'

const USED_UP: Refusal = { code: 'link_used_up', link: 'welcome' }
const PURPOSE = 'welcome'
/** Admin last: from then on the system grants no such role. */
const FIRST_ROLES: readonly Role[] = ['viewer', 'requester', 'approver', 'auditor', 'admin']

const Begun = z.object({
  person: identity.InviteStatement.shape.person,
  handle: z.string(),
  name: z.string(),
})

export async function beginWelcome(
  body: z.output<typeof identity.BeginWelcome>,
  services: Services,
): Promise<Result<z.input<typeof identity.EnrolmentBegun>>> {
  if (!(await isGood(body.secret, services))) return refused(USED_UP)
  const handle = body.handle.toLowerCase()
  const names = await loadNames(services.database.kysely, await services.gate.access())
  if (names.findByHandle(handle) !== null)
    return refused({ code: 'already_exists', what: `person ${handle}` })
  const person = { id: newPersonId(), handle, name: body.name }
  const nonce = newNonce()
  const statement = { person: person.id, handle, name: body.name }
  const begun = await begin({ purpose: PURPOSE, owner: null, statement, nonce }, services)
  if (!begun.ok) return begun
  return done(await enrolmentBegun(person, { nonce, until: begun.value }, services))
}

async function isGood(secret: string, services: Services): Promise<boolean> {
  if (hasAdmin(await services.gate.access())) return false
  const digest = digestText(nodePrimitives, secret)
  return isFirstLink(services.database.kysely, digest, services.clock.now())
}

/** The person, who is then signed in. */
export async function welcome(
  body: z.output<typeof identity.Welcome>,
  services: Services,
): Promise<Result<PersonId>> {
  if (!(await isGood(body.secret, services))) return refused(USED_UP)
  const asked = { purpose: PURPOSE, nonce: body.nonce, owner: null }
  const begun = Begun.safeParse(await takeBegun(asked, services))
  if (!begun.success) return refused(TOO_LATE)
  const { registration, nonce } = body
  const site = relyingParty(services.baseUrl())
  const passkey = await readRegistration({ registration, nonce, site })
  if (!passkey.ok) return passkey
  const digest = digestText(nodePrimitives, body.secret)
  if (!(await takeFirstLink(services.database.kysely, digest, services.clock.now())))
    return refused(USED_UP)
  const { person, handle, name } = begun.data
  const added = await keepProfile(person, { handle, name, addresses: [] }, services)
  if (!added.ok) return added
  const first = {
    key: newKeyId(),
    person,
    label: body.label,
    passkey: passkey.value,
    vouched: null,
  }
  const problem =
    (await recordAccess(SYSTEM, [added.value], services)) ??
    (await enrolFirst(first, services)) ??
    (await recordAccess(SYSTEM, rolesFor(person), services))
  if (problem === null) return done(person)
  await dropProfile(person, services)
  return refused(problem)
}

export const TOO_LATE: Refusal = {
  code: 'passkey_refused',
  because: 'it was begun too long ago, or was answered already',
}

function rolesFor(person: PersonId): readonly AccessEvent[] {
  return FIRST_ROLES.map((role) => ({ type: 'role_granted', person, role, workspace: 'all' }))
}
