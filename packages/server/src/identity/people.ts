/**
 * The person behind a sign-in, by the digest of issuer and subject, and their teams by the digests of
 * groups. Somebody who signs in for the first time is added with what anybody may; who was removed
 * stays removed.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Access,
  type AccessEvent,
  type Digest,
  directoryDifference,
  groupDigest,
  identityDigest,
  type PersonId,
  type Refusal,
  type Role,
  type SignInProblem,
  SYSTEM,
  safeText,
} from '@holdpoint/core'
import { randomLetters } from '../io/random-ids.ts'
import { newPersonId } from '../new-ids.ts'
import type { Services } from '../services.ts'
import { loadNames } from '../views-names.ts'
import { dropProfile, keepProfile } from './profiles.ts'
import { recordAccess } from './record.ts'

/** What whoever the identity provider knows may ask for. */
const FIRST_ROLES: readonly Role[] = ['viewer', 'requester', 'approver']
const NAME_CHARACTERS_MAX = 120
const HANDLE_CHARACTERS_MAX = 60

export interface Known {
  readonly issuer: string
  readonly subject: string
  readonly handle: string
  readonly name: string
  readonly address: string | null
}

export type Found = { readonly person: PersonId } | { readonly problem: SignInProblem }

export async function personOfIdentity(
  known: Known,
  options: { readonly createPeople: boolean },
  services: Services,
): Promise<Found> {
  const { issuer, subject } = known
  const identity = identityDigest({ issuer, subject }, nodePrimitives)
  const access = await services.gate.access()
  const person = access.identities.get(identity)
  if (person !== undefined) return activeOnly(access, person)
  if (!options.createPeople) return { problem: 'not_added' }
  return addIdentity(known, identity, services)
}

/** Somebody new under a sign-in that nobody who is here has. */
export function addKnown(known: Known, services: Services): Promise<Found> {
  const { issuer, subject } = known
  return addIdentity(known, identityDigest({ issuer, subject }, nodePrimitives), services)
}

function activeOnly(access: Access, person: PersonId): Found {
  return access.people.get(person)?.active === true ? { person } : { problem: 'removed' }
}

/** Of two first sign-ins at the same moment the second finds whom the first added. */
async function addIdentity(known: Known, identity: Digest, services: Services): Promise<Found> {
  const person = newPersonId()
  const added = await keepFree(person, known, services)
  if (!added.ok) return { problem: 'failed' }
  const linked: AccessEvent = { type: 'identity_linked', person, identity }
  const problem = await recordAccess(SYSTEM, [added.value, linked], services)
  if (problem !== null) {
    await recordAccess(SYSTEM, [{ type: 'person_removed', person }], services)
    await dropProfile(person, services)
    const access = await services.gate.access()
    const other = access.identities.get(identity)
    return other === undefined ? { problem: 'failed' } : activeOnly(access, other)
  }
  const roles = FIRST_ROLES.map(
    (role): AccessEvent => ({ type: 'role_granted', person, role, workspace: 'all' }),
  )
  const unroled = await recordAccess(SYSTEM, roles, services)
  return unroled === null ? { person } : { problem: 'failed' }
}

/** Under a handle that nobody has: the one that was told, or that with a suffix. */
async function keepFree(person: PersonId, known: Known, services: Services) {
  const names = await loadNames(services.database.kysely, await services.gate.access())
  const told = handleOf(known.handle)
  const isTaken = names.findByHandle(told) !== null
  const handle = isTaken ? `${told}-${randomLetters('bcdfghjkmnpqrstvwxz', 5)}` : told
  const addresses = known.address === null ? [] : [known.address.slice(0, 320)]
  const name = safeText(known.name.trim(), NAME_CHARACTERS_MAX).text || handle
  return keepProfile(person, { handle, name, addresses }, services)
}

/** Plain letters only: two handles that look alike are alike. */
function handleOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, HANDLE_CHARACTERS_MAX)
    .replace(/[^a-z0-9]+$/, '')
  return plain === '' ? 'person' : plain
}

export interface Groups {
  readonly issuer: string
  /** Ids, as the provider signed them. */
  readonly ids: readonly string[]
}

/** Only teams that are linked to a group by its id follow; a name that is the same says nothing. */
export async function followGroups(
  person: PersonId,
  { issuer, ids }: Groups,
  services: Services,
): Promise<Refusal | null> {
  const access = await services.gate.access()
  const held = new Set(ids.map((id) => groupDigest({ issuer, id }, nodePrimitives)))
  const events = [...access.directoryTeams].flatMap(([team, group]) => {
    const others = (access.teams.get(team) ?? []).flatMap((member) =>
      member.person === person ? [] : [member.person],
    )
    const people = held.has(group) ? [...others, person] : others
    return directoryDifference(access, { team, people })
  })
  return recordAccess(SYSTEM, events, services)
}
