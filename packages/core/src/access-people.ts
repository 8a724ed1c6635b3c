/**
 * What people prove and lend: passkeys, sign-ins, directory teams, delegations, on-call and the
 * right to break the glass. A key is vouched for by a key that is there already, or it is a
 * person's first, which then rests on the server's word and says so for ever.
 */
import type { Access, AccessEvent } from './access.ts'
import type { Actor } from './actor.ts'
import { type Digest, digestText, type PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Passkey } from './passkey.ts'
import type { Primitives } from './primitives.ts'
import type { Refusal } from './refusals.ts'

const PROOF_EVENTS = [
  'key_enrolled',
  'key_revoked',
  'identity_linked',
  'team_linked',
  'approvals_delegated',
  'delegation_ended',
  'on_call_set',
  'break_glass_granted',
  'break_glass_revoked',
] as const

export type ProofEvent = Extract<AccessEvent, { type: (typeof PROOF_EVENTS)[number] }>
type Of<T extends ProofEvent['type']> = Extract<ProofEvent, { type: T }>

interface Context {
  readonly now: Instant
  readonly actor: Actor
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/
const KEYS_MAX = 20
const DAY_MS = 86_400_000
const DELEGATION_DAYS_MAX = 90
const ON_CALL_MS_MAX = DAY_MS
const TIERS_MAX = 10
const TIER_PEOPLE_MAX = 50

/** The digest by which a sign-in is known: issuer and subject (OpenID Connect Core §2). */
export function identityDigest(
  identity: { readonly issuer: string; readonly subject: string },
  primitives: Primitives,
): Digest {
  const { issuer, subject } = identity
  return digestText(primitives, `holdpoint-identity-v1\n${JSON.stringify([issuer, subject])}`)
}

/** The digest by which a directory's group is known: its immutable id, never its name. */
export function groupDigest(
  group: { readonly issuer: string; readonly id: string },
  primitives: Primitives,
): Digest {
  const { issuer, id } = group
  return digestText(primitives, `holdpoint-group-v1\n${JSON.stringify([issuer, id])}`)
}

export function isProofEvent(event: AccessEvent): event is ProofEvent {
  return PROOF_EVENTS.some((each) => each === event.type)
}

/** Keys that count: not revoked, and of somebody who is still here. */
export function liveKeys(access: Access, person: PersonId): readonly Passkey[] {
  if (access.people.get(person)?.active !== true) return []
  return [...access.keys.values()].filter((key) => key.person === person && !key.revoked)
}

export function proofProblem(access: Access, event: ProofEvent, context: Context): Refusal | null {
  switch (event.type) {
    case 'key_enrolled':
      return enrolmentProblem(access, event, context)
    case 'key_revoked':
      return liveOf(access, event) === null ? missing('passkey') : null
    case 'identity_linked':
      return identityProblem(access, event)
    case 'team_linked':
      return NAME.test(event.team) ? null : invalid('this is no name of a team')
    case 'approvals_delegated':
      return delegationProblem(access, event, context)
    case 'delegation_ended':
      return access.delegations.some(
        ({ from, to, team }) => from === event.from && to === event.to && team === event.team,
      )
        ? null
        : missing('delegation')
    case 'on_call_set':
      return onCallProblem(access, event, context)
    case 'break_glass_granted':
      return personProblem(access, event.person)
    case 'break_glass_revoked':
      return access.breakGlass.has(event.person) ? null : missing('right to break the glass')
  }
}

function enrolmentProblem(
  access: Access,
  event: Of<'key_enrolled'>,
  { actor }: Context,
): Refusal | null {
  const person = personProblem(access, event.person)
  if (person !== null) return person
  const isTaken = [...access.keys.values()].some((key) => key.credential === event.credential)
  if (access.keys.has(event.key) || isTaken) return { code: 'already_exists', what: 'passkey' }
  const own = liveKeys(access, event.person)
  if (own.length >= KEYS_MAX) return invalid(`a person has at most ${KEYS_MAX} passkeys`)
  if (event.vouched === null)
    return actor.kind === 'system' && !hasEverHadKey(access, event.person) ? null : unvouched()
  const by = access.keys.get(event.vouched.key)
  if (by === undefined || by.revoked || access.people.get(by.person)?.active !== true)
    return missing('passkey that vouches for it')
  if (by.person === event.person) return isSelfOrSystem(actor, event.person) ? null : unvouched()
  // Who has a passkey adds the next one themselves, whatever invitation is still open.
  if (own.length > 0) return unvouched()
  return actor.kind === 'system' && mayInvite(access, by.person) ? null : unvouched()
}

/** Revoking all of one's keys does not make the next one a first: a stolen sign-in could do it. */
export function hasEverHadKey(access: Access, person: PersonId): boolean {
  return [...access.keys.values()].some((key) => key.person === person)
}

/** Whoever may change access may bring somebody in. */
export function mayInvite(access: Access, person: PersonId): boolean {
  return access.bindings.some(
    (each) => each.person === person && each.role === 'admin' && each.workspace === 'all',
  )
}

function isSelfOrSystem(actor: Actor, person: PersonId): boolean {
  return actor.kind === 'system' || (actor.kind === 'person' && actor.id === person)
}

function liveOf(access: Access, event: Of<'key_revoked'>): Passkey | null {
  const key = access.keys.get(event.key)
  return key !== undefined && key.person === event.person && !key.revoked ? key : null
}

function identityProblem(access: Access, event: Of<'identity_linked'>): Refusal | null {
  const linked = access.identities.get(event.identity)
  // Who comes back after they were removed is somebody new, under the same sign-in.
  if (linked !== undefined && access.people.get(linked)?.active === true)
    return { code: 'already_exists', what: 'sign-in' }
  return personProblem(access, event.person)
}

function delegationProblem(
  access: Access,
  event: Of<'approvals_delegated'>,
  { now, actor }: Context,
): Refusal | null {
  if (actor.kind !== 'person' || actor.id !== event.from)
    return invalid('only the person whose approvals they are can lend them')
  if (event.to === event.from) return invalid('nobody stands in for themselves')
  if (event.until <= now || event.until > now + DELEGATION_DAYS_MAX * DAY_MS)
    return invalid(`it ends in the future, within ${DELEGATION_DAYS_MAX} days`)
  const people = personProblem(access, event.from) ?? personProblem(access, event.to)
  if (people !== null || event.team === null) return people
  const members = access.teams.get(event.team) ?? []
  return members.some((member) => member.person === event.from) ? null : missing('membership')
}

function onCallProblem(
  access: Access,
  event: Of<'on_call_set'>,
  { now, actor }: Context,
): Refusal | null {
  if (actor.kind !== 'system') return invalid('on-call schedules are read, not set by hand')
  if (!NAME.test(event.schedule)) return invalid('this is no name of a schedule')
  if (event.until > now + ON_CALL_MS_MAX) return invalid('a schedule is read again within a day')
  if (event.tiers.length > TIERS_MAX || event.tiers.some((tier) => tier.length > TIER_PEOPLE_MAX))
    return invalid(`a schedule has at most ${TIERS_MAX} tiers of ${TIER_PEOPLE_MAX} people`)
  const strangers = event.tiers.flat().filter((person) => !access.people.has(person))
  return strangers.length === 0 ? null : missing('person')
}

function personProblem(access: Access, person: PersonId): Refusal | null {
  return access.people.get(person)?.active === true ? null : missing('person')
}

function unvouched(): Refusal {
  return invalid(
    'a further passkey is signed for with one that is enrolled: yours, or that of an administrator',
  )
}

function missing(what: string): Refusal {
  return { code: 'not_found', what }
}

function invalid(problem: string): Refusal {
  return { code: 'invalid_input', problems: [problem] }
}

/** The directory's members of a team, as the events that make it so. */
export function directoryDifference(
  access: Access,
  wanted: { readonly team: string; readonly people: readonly PersonId[] },
): readonly AccessEvent[] {
  const { team, people } = wanted
  const now = (access.teams.get(team) ?? []).map((member) => member.person)
  const added = people.filter((person) => !now.includes(person))
  const removed = now.filter((person) => !people.includes(person))
  return [
    ...removed.map((person): AccessEvent => ({ type: 'member_removed', team, person })),
    ...added.map((person): AccessEvent => ({ type: 'member_added', team, person })),
  ]
}
