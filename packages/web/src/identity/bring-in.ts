/**
 * Bringing somebody in: the invitation's key is made here, the server states what it would let in,
 * and the inviter's passkey signs that statement. The secret half leaves this page in the link only.
 * In development nobody proves anything, so the person is simply added.
 */
import type { Answer, ApiProblem, Ask } from '@holdpoint/api/client'
import type { Role } from '@holdpoint/core'
import { client } from '../api.ts'
import type { Whoami } from '../model/wire.ts'
import { signStatement } from './authenticator.ts'
import { newInviteKey } from './invite-key.ts'

export interface Newcomer {
  readonly handle: string
  readonly name: string
  readonly addresses: readonly string[]
  readonly roles: readonly { readonly role: Role; readonly workspace: string | null }[]
  readonly teams: readonly string[]
}

/** `link` is shown once; `null` where the person is in without one. */
export type BroughtIn = Answer<{ readonly link: string | null }>

export async function bringIn(newcomer: Newcomer, me: Whoami): Promise<BroughtIn> {
  return me.mode === 'development' ? addPerson(newcomer) : invite(newcomer, me)
}

async function invite(newcomer: Newcomer, me: Whoami): Promise<BroughtIn> {
  const { inviteKey, fragment } = await newInviteKey()
  const begun = await client.call('beginInvite', { body: { ...newcomer, inviteKey } })
  if (!begun.ok) return begun
  const { statement, rpId, credentials } = begun.value
  if (statement.inviteKey !== inviteKey || statement.inviter !== me.actor.id)
    return refused('The server asks you to sign for another invitation than the one you made.')
  const signed = await signStatement('invite', statement, { rpId, credentials })
  if (!signed.ok) return refused(signed.why)
  const { credential, assertion } = signed.value
  const key = credentials.find(({ id }) => id === credential)?.key
  if (key === undefined) return refused('That passkey is not one of yours here.')
  const body = { signed: { nonce: statement.nonce, key, assertion } }
  const invited = await client.call('invite', { body })
  if (!invited.ok) return invited
  return done(`${window.location.origin}/invite#${fragment}`)
}

async function addPerson({ roles, teams, ...person }: Newcomer): Promise<BroughtIn> {
  const { handle } = person
  const commands: readonly Ask<'changeAccess'>['body'][] = [
    { type: 'add_person', ...person },
    ...roles.map((role) => ({ type: 'grant_role', person: handle, ...role }) as const),
    ...teams.map((team) => ({ type: 'add_member', person: handle, team }) as const),
  ]
  for (const body of commands) {
    const answer = await client.call('changeAccess', { body })
    if (!answer.ok) return answer
  }
  return done(null)
}

function done(link: string | null): BroughtIn {
  return { ok: true, status: 200, value: { link } }
}

function refused(detail: string): BroughtIn {
  const problem: ApiProblem = {
    code: 'not_signed',
    title: 'Nobody was invited',
    detail,
    remedy: 'Try again when you are ready.',
  }
  return { ok: false, status: 0, problem }
}
