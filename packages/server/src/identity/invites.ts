/**
 * Bringing somebody in. An admin's passkey signs the invitation; the person, their teams and roles
 * are there at once; whoever holds the link enrols the first passkey, which the link's own key signs.
 */
import { identity } from '@holdpoint/api'
import {
  type Access,
  type AccessEvent,
  type Actor,
  type InviteStatement,
  liveKeys,
  mayInvite,
  type PersonId,
  type Refusal,
  signedStatementText,
  whoMay,
} from '@holdpoint/core'
import { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import { newPersonId } from '../new-ids.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { addInvite, type Invite } from '../store/invites.ts'
import { loadNames, type Names } from '../views-names.ts'
import { begin, newNonce, takeBegun } from './enrol.ts'
import { dropProfile, keepProfile } from './profiles.ts'
import { proveStatement, signingCredentials } from './prove.ts'
import { recordAccess } from './record.ts'
import { TOO_LATE } from './welcome.ts'

const INVITE_MS = 7 * 24 * 60 * 60 * 1000
const PURPOSE = 'invite'

const Kept = z.object({ statement: identity.InviteStatement, body: identity.BeginInvite })
type Body = z.output<typeof identity.BeginInvite>

export async function beginInvite(
  inviter: PersonId,
  body: Body,
  services: Services,
): Promise<Result<z.input<typeof identity.InviteBegun>>> {
  const access = await services.gate.access()
  const names = await loadNames(services.database.kysely, access)
  const problem = bodyProblem(body, access, names)
  if (problem !== null) return refused(problem)
  const credentials = await signingCredentials(inviter, services)
  if (credentials.length === 0 || !mayInvite(access, inviter))
    return refused(needsKey(access, inviter))
  const nonce = newNonce()
  const statement: InviteStatement = {
    inviter,
    person: names.findByHandle(body.handle) ?? newPersonId(),
    inviteKey: body.inviteKey,
    until: services.clock.now() + INVITE_MS,
    nonce,
  }
  const kept = { statement, body }
  const begun = await begin({ purpose: PURPOSE, owner: inviter, statement: kept, nonce }, services)
  if (!begun.ok) return begun
  return done({ statement, rpId: relyingParty(services.baseUrl()).id, credentials })
}

function needsKey(access: Access, inviter: PersonId): Refusal {
  const action = 'change_access'
  return mayInvite(access, inviter)
    ? {
        code: 'signature_refused',
        because: 'you have no passkey here yet, and an invitation is signed',
      }
    : { code: 'not_permitted', action, needs: whoMay(action) }
}

/** Somebody who is here is invited again only where none of their passkeys counts. */
function bodyProblem(body: Body, access: Access, names: Names): Refusal | null {
  const known = names.findByHandle(body.handle)
  if (known !== null) {
    const isBack = access.people.get(known)?.active === true && liveKeys(access, known).length === 0
    if (!isBack) return { code: 'already_exists', what: `person ${body.handle}` }
    const more = body.roles.length + body.teams.length > 0
    return more ? { code: 'invalid_input', problems: ['who is here keeps teams and roles'] } : null
  }
  const directory = body.teams.find((team) => access.directoryTeams.has(team))
  if (directory !== undefined)
    return {
      code: 'invalid_input',
      problems: [`the members of ${directory} come from the directory: add them there`],
    }
  const reachable = new Set([...access.workspaces.values()].map(({ name }) => name))
  const nowhere = body.roles.find(
    ({ workspace }) => workspace !== null && !reachable.has(workspace),
  )
  return nowhere === undefined
    ? null
    : { code: 'not_found', what: `workspace ${nowhere.workspace}` }
}

export async function invite(
  inviter: PersonId,
  { signed }: z.output<typeof identity.SignInvite>,
  services: Services,
): Promise<Result<z.input<typeof identity.InviteView>>> {
  const asked = { purpose: PURPOSE, nonce: signed.nonce, owner: inviter }
  const kept = Kept.safeParse(await takeBegun(asked, services))
  if (!kept.success) return refused(TOO_LATE)
  const { statement, body } = kept.data
  const proving = { purpose: PURPOSE, person: inviter, statement, signed } as const
  const proved = await proveStatement(proving, services)
  if (!proved.ok) return proved
  const actor = { kind: 'person', id: inviter, assurance: 'passkey' } as const
  const problem = await bringIn(actor, { person: statement.person, body }, services)
  if (problem !== null) return refused(problem)
  const row: Invite = {
    inviteKey: statement.inviteKey,
    person: statement.person,
    signed: signedStatementText(proved.value.signed),
    key: proved.value.key,
    expiresAt: statement.until,
  }
  if (!(await addInvite(services.database.kysely, row)))
    return refused({ code: 'already_exists', what: 'invitation with this key' })
  return done(await inviteView(statement, services))
}

async function bringIn(
  actor: Actor,
  { person, body }: { readonly person: PersonId; readonly body: Body },
  services: Services,
): Promise<Refusal | null> {
  const access = await services.gate.access()
  if (access.people.has(person)) return null
  const { handle, name, addresses } = body
  const added = await keepProfile(person, { handle, name, addresses }, services)
  if (!added.ok) return added.refusal
  const entered = await recordAccess(actor, [added.value], services)
  if (entered !== null) await dropProfile(person, services)
  return entered ?? recordAccess(actor, belonging(person, body, access), services)
}

function belonging(person: PersonId, body: Body, access: Access): readonly AccessEvent[] {
  const workspaces = new Map([...access.workspaces.values()].map(({ id, name }) => [name, id]))
  const teams = body.teams.map((team): AccessEvent => ({ type: 'member_added', team, person }))
  const roles = body.roles.flatMap(({ role, workspace }): readonly AccessEvent[] => {
    const where = workspace === null ? 'all' : workspaces.get(workspace)
    return where === undefined ? [] : [{ type: 'role_granted', person, role, workspace: where }]
  })
  return [...teams, ...roles]
}

export async function inviteView(
  statement: Pick<InviteStatement, 'inviteKey' | 'person' | 'inviter' | 'until'>,
  services: Services,
): Promise<z.input<typeof identity.InviteView>> {
  const { inviteKey, person, inviter, until } = statement
  const names = await loadNames(services.database.kysely, await services.gate.access())
  const handle = names.profile(person)?.handle ?? person
  return {
    inviteKey,
    person: { id: person, handle, name: names.person(person) },
    inviter: { id: inviter, name: names.person(inviter) },
    until,
  }
}
