/**
 * An ordinary installation as a log: people, teams, roles, two workspaces (one pinned, one new), two
 * tokens and a policy, made by the commands that make them.
 */
import type { AccessEvent } from '../src/access.ts'
import { type Actor, SYSTEM } from '../src/actor.ts'
import { pinnedFrom } from '../src/target.ts'
import { Gatehouse } from './gatehouse.ts'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  DAY,
  ERIN,
  FRANK,
  givenDigest,
  givenKey,
  givenTarget,
  givenTokenId,
  givenWorkspaceId,
  NOW,
  PEOPLE,
} from './given.ts'

export const PINNED = givenWorkspaceId('network')
export const FRESH = givenWorkspaceId('fresh')
const ADMIN_TOKEN = givenTokenId('admin')
export const PIPELINE = givenTokenId('pipeline')
export const LAPTOP = givenTokenId('laptop')

export const ADMIN: Actor = { kind: 'admin_token', id: ADMIN_TOKEN }
export const asPerson = (id: typeof ALICE): Actor => ({ kind: 'person', id, assurance: 'session' })
export const asToken = (id: typeof PIPELINE): Actor => ({
  kind: 'token',
  id,
  verbs: ['open', 'execute'],
  workspaces: 'all',
})

const TEAMS = { dba: [BOB], platform: [BOB, CAROL], sre: [CAROL, DAVE] }

function tokenIssued(token: typeof PIPELINE, purpose: 'service' | 'admin'): AccessEvent {
  return {
    type: 'token_issued',
    token,
    name: token,
    purpose,
    person: null,
    verbs: purpose === 'admin' ? [] : ['open', 'execute'],
    workspaces: 'all',
    expiresAt: NOW + 30 * DAY,
    secretSha256: givenDigest(`secret of ${token}`),
  }
}

const EVENTS: readonly AccessEvent[] = [
  ...PEOPLE.map(
    (person): AccessEvent => ({ type: 'person_added', person, profile: givenDigest(person) }),
  ),
  ...Object.entries(TEAMS).flatMap(([team, people]) =>
    people.map((person): AccessEvent => ({ type: 'member_added', team, person })),
  ),
  { type: 'role_granted', person: ALICE, role: 'requester', workspace: 'all' },
  ...[BOB, CAROL, DAVE, ERIN].map(
    (person): AccessEvent => ({
      type: 'role_granted',
      person,
      role: 'approver',
      workspace: 'all',
    }),
  ),
  { type: 'role_granted', person: BOB, role: 'requester', workspace: 'all' },
  { type: 'role_granted', person: FRANK, role: 'admin', workspace: 'all' },
  { type: 'workspace_created', workspace: PINNED, name: 'network' },
  { type: 'workspace_created', workspace: FRESH, name: 'fresh' },
  { type: 'owners_set', workspace: PINNED, owners: [ERIN] },
  { type: 'owners_set', workspace: FRESH, owners: [ERIN] },
  { type: 'target_pinned', workspace: PINNED, pin: pinnedFrom(givenTarget()) },
  tokenIssued(PIPELINE, 'service'),
  tokenIssued(LAPTOP, 'service'),
]

const ENROLMENTS: readonly Extract<AccessEvent, { type: 'key_enrolled' }>[] = PEOPLE.map(
  givenKey,
).map(({ id, since: _, revoked: __, ...rest }) => ({ type: 'key_enrolled', key: id, ...rest }))

const asOf = (by: Actor, events: readonly AccessEvent[]) =>
  events.map((event) => [by, event] as const)

/** A day old when the tests begin; everybody has a passkey but those named. */
export function givenInstallation(keyless: readonly (typeof ALICE)[] = []): Gatehouse {
  const house = new Gatehouse(NOW - DAY)
  const enrolments = ENROLMENTS.filter(({ person }) => !keyless.includes(person))
  house.changeAccess(SYSTEM, tokenIssued(ADMIN_TOKEN, 'admin'))
  for (const [by, event] of [...asOf(ADMIN, EVENTS), ...asOf(SYSTEM, enrolments)]) {
    const { refusal } = house.changeAccess(by, event)
    if (refusal !== null) throw new Error(`${event.type} was refused: ${refusal.code}`)
  }
  house.pushPolicy(ADMIN)
  house.now = NOW
  return house
}
