/** Signing in, enrolling and inviting: each asks the server, then the authenticator, then tells. */
import type { Answer, ApiProblem } from '@holdpoint/api/client'
import { enrolmentText, type PersonId } from '@holdpoint/core'
import { client } from '../api.ts'
import type { EnrolmentBegun, Registration } from '../model/wire.ts'
import { primitives } from '../platform.ts'
import { makePasskey, signStatement } from './authenticator.ts'
import { type InviteSecret, signWithInvite } from './invite-key.ts'

export async function signInWithPasskey(): Promise<Answer<unknown>> {
  const begun = await client.call('beginSignIn', { body: {} })
  if (!begun.ok) return begun
  const { nonce, rpId } = begun.value
  const signed = await signStatement('sign-in', { nonce }, { rpId, credentials: [] })
  if (!signed.ok) return refused(signed.why)
  return client.call('signIn', { body: { nonce, ...signed.value } })
}

export interface Newcomer {
  readonly secret: string
  readonly handle: string
  readonly name: string
}

export async function welcome({ secret, handle, name }: Newcomer): Promise<Answer<unknown>> {
  const begun = await client.call('beginWelcome', { body: { secret, handle, name } })
  if (!begun.ok) return begun
  const made = await makePasskey(begun.value)
  if (!made.ok) return refused(made.why)
  const { registration } = made.value
  const { nonce } = begun.value
  return client.call('welcome', {
    body: { secret, nonce, label: labelOf(registration), registration },
  })
}

/** A first passkey is there at once; a further one is signed for with one that is there already. */
export async function addPasskey(): Promise<Answer<unknown>> {
  const begun = await client.call('beginKey', { body: {} })
  if (!begun.ok) return begun
  const made = await makePasskey(begun.value)
  if (!made.ok) return refused(made.why)
  const { registration, publicKey } = made.value
  const registered = await client.call('registerKey', {
    body: { nonce: begun.value.nonce, label: labelOf(registration), registration },
  })
  if (!registered.ok || registered.value.vouch === null) return registered
  const { statement, rpId, credentials } = registered.value.vouch
  if (publicKey !== null && publicKey !== statement.publicKey)
    return refused('The server asks you to vouch for another passkey than the one you just made.')
  const signed = await signStatement('vouch', statement, { rpId, credentials })
  if (!signed.ok) return refused(signed.why)
  const { credential, assertion } = signed.value
  const key = credentials.find(({ id }) => id === credential)?.key
  if (key === undefined) return refused('That passkey is not one of yours here.')
  return client.call('vouchKey', { body: { signed: { nonce: statement.nonce, key, assertion } } })
}

export async function acceptInvite(
  invite: InviteSecret,
  begun: EnrolmentBegun,
  person: PersonId,
): Promise<Answer<unknown>> {
  const made = await makePasskey(begun)
  if (!made.ok) return refused(made.why)
  const { registration, publicKey } = made.value
  if (publicKey === null) return refused('This browser does not show the passkey that it made.')
  const { inviteKey } = invite
  const text = enrolmentText({ person, inviteKey, publicKey })
  const signature = await signWithInvite(invite, primitives.utf8(text))
  return client.call('accept', {
    body: { inviteKey, nonce: begun.nonce, label: labelOf(registration), registration, signature },
  })
}

function refused(why: string): Answer<never> {
  const problem: ApiProblem = {
    code: 'not_signed',
    title: 'Nothing was done',
    detail: why,
    remedy: 'Try again when you are ready.',
  }
  return { ok: false, status: 0, problem }
}

/** What a person would call it; the list lets them tell two apart. */
function labelOf({ transports }: Registration): string {
  if (transports.includes('internal')) return 'this device'
  if (transports.includes('hybrid')) return 'phone'
  return transports.includes('usb') || transports.includes('nfc') ? 'security key' : 'passkey'
}
