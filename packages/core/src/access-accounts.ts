/**
 * Whose account on a forge or pipeline platform is whose, by the id that never changes. A pipeline's
 * token names who set it off; known this way they stand behind what it asks for, and never count
 * (I2). It only ever takes people out: it signs nobody in, and nobody counts because of it.
 */
import type { Access, AccessEvent } from './access.ts'
import { type Digest, digestText, type PersonId } from './ids.ts'
import type { Primitives } from './primitives.ts'
import type { Refusal } from './refusals.ts'

const ACCOUNT_EVENTS = ['account_linked', 'account_unlinked'] as const

export type AccountEvent = {
  readonly type: (typeof ACCOUNT_EVENTS)[number]
  readonly person: PersonId
  /** `accountDigest` of it. */
  readonly account: Digest
}

/** The digest by which an account is known: who signs for it, and its immutable id there. */
export function accountDigest(
  account: { readonly issuer: string; readonly id: string },
  primitives: Primitives,
): Digest {
  const { issuer, id } = account
  return digestText(primitives, `holdpoint-account-v1\n${JSON.stringify([issuer, id])}`)
}

export function isAccountEvent(event: AccessEvent): event is AccountEvent {
  return ACCOUNT_EVENTS.some((each) => each === event.type)
}

export function accountProblem(access: Access, event: AccountEvent): Refusal | null {
  const { type, person, account } = event
  const isLinked = access.accounts.get(account)?.includes(person) === true
  if (type === 'account_unlinked')
    return isLinked ? null : { code: 'not_found', what: 'linked account' }
  if (isLinked) return { code: 'already_exists', what: 'linked account' }
  const isHere = access.people.get(person)?.active === true
  return isHere ? null : { code: 'not_found', what: 'person' }
}

/** One account may be several people's: all of them stand behind what it sets off. */
export function evolveAccounts(access: Access, { type, person, account }: AccountEvent): Access {
  const others = (access.accounts.get(account) ?? []).filter((each) => each !== person)
  const people = type === 'account_linked' ? [...others, person] : others
  const accounts = new Map(access.accounts)
  if (people.length === 0) accounts.delete(account)
  else accounts.set(account, people)
  return { ...access, accounts }
}
