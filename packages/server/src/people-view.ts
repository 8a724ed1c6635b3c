/**
 * The people page: who is here, what they may, and what would follow if one of them went. Who may
 * not read access is told who may change it, and nothing else.
 */
import type { overview } from '@holdpoint/api'
import {
  type Access,
  type Actor,
  isOpen,
  liveKeys,
  type Person,
  type PersonId,
  permits,
  STATUSES,
} from '@holdpoint/core'
import type { z } from 'zod'
import { type ReadPolicy, shiftsOf, staffProblems } from './policy-in-force.ts'
import type { Services } from './services.ts'
import { teamsOf } from './views-access.ts'
import type { Names } from './views-names.ts'
import { EVERY_CHANGE } from './views-queries.ts'
import type { Looker } from './views-you.ts'

type PeopleViewValue = z.input<typeof overview.PeopleView>
type All = NonNullable<PeopleViewValue['all']>
type RemovalValue = z.input<typeof overview.Removal>

export interface Onlooker extends Looker {
  readonly names: Names
}

export function peopleView(viewer: Onlooker): PeopleViewValue {
  const { access, names } = viewer
  return {
    admins: adminsOf(access).map((person) => ({ person, name: names.person(person) })),
    mayChange: may(viewer, 'change_access'),
    all: may(viewer, 'read_access') ? allOf(viewer) : null,
  }
}

export function may(
  { access, actor, now }: Looker,
  action: 'read_access' | 'change_access' | 'read_log',
): boolean {
  return permits(access, actor, { action, on: 'installation', now })
}

function allOf({ access, names, actor }: Onlooker): All {
  const handle = (person: PersonId): string => names.profile(person)?.handle ?? person
  const me = actor.kind === 'person' ? actor.id : null
  return {
    people: [...access.people.values()]
      .map((person) => personOf(person, access, names))
      .map((person) => ({ ...person, you: person.id === me }))
      .toSorted((one, other) => one.name.localeCompare(other.name, 'en')),
    teams: [...access.teams]
      .map(([name, members]) => ({
        name,
        directory: access.directoryTeams.has(name),
        members: members
          .filter(({ person }) => access.people.get(person)?.active === true)
          .map(({ person }) => ({ handle: handle(person), name: names.person(person) })),
      }))
      .toSorted((one, other) => one.name.localeCompare(other.name, 'en')),
    workspaces: [...access.workspaces.values()].map(({ name }) => name).toSorted(),
  }
}

function personOf(person: Person, access: Access, names: Names) {
  const { id, active } = person
  return {
    id,
    handle: names.profile(id)?.handle ?? id,
    name: names.person(id),
    active,
    teams: teamsOf(access, id),
    roles: access.bindings
      .filter((binding) => binding.person === id)
      .map(({ role, workspace }) => ({
        role,
        workspace: workspace === 'all' ? null : names.workspace(workspace),
      })),
    passkeys: liveKeys(access, id).length,
    breakGlass: access.breakGlass.has(id),
  }
}

/** People who may change access, and are here. */
export function adminsOf(access: Access): readonly PersonId[] {
  const admins = access.bindings
    .filter(({ role, workspace }) => role === 'admin' && workspace === 'all')
    .map(({ person }) => person)
  return [...new Set(admins)].filter((person) => access.people.get(person)?.active === true)
}

/**
 * Somebody is in once they could sign in: in development at once, else with a passkey or a sign-in
 * of the identity provider.
 */
export function isAlone(access: Access, actor: Actor, mode: Services['mode']): boolean {
  if (actor.kind !== 'person') return false
  const linked = new Set(access.identities.values())
  const others = [...access.people.values()].filter(
    ({ id, active }) =>
      active &&
      id !== actor.id &&
      (mode === 'development' || linked.has(id) || liveKeys(access, id).length > 0),
  )
  return others.length === 0
}

export interface Leaving {
  readonly person: PersonId
  readonly access: Access
  readonly names: Names
}

/** What an admin is told before they remove somebody. */
export async function removalOf(
  { person, access, names }: Leaving,
  services: Services,
  readPolicy: ReadPolicy,
): Promise<RemovalValue> {
  const without = accessWithout(access, person)
  const { policy } = await readPolicy()
  const shifts = shiftsOf(services, names)
  const before = policy === null ? [] : staffProblems(policy, { access, shifts }).map(textOf)
  const after = policy === null ? [] : staffProblems(policy, { access: without, shifts })
  const rules = after.filter((each) => !before.includes(textOf(each))).map(({ rule }) => rule)
  return {
    approvals: await approvalsOf(person, services),
    teams: [...access.teams].filter(([, members]) => isOnly(members, person)).map(([name]) => name),
    rules: [...new Set(rules)],
    workspaces: [...access.workspaces.values()]
      .filter(({ owners }) => owners.includes(person) && owners.every((each) => each === person))
      .map(({ id }) => names.workspace(id)),
    lastAdmin: adminsOf(access).every((each) => each === person) && adminsOf(access).length > 0,
  }
}

function textOf({ rule, message }: { readonly rule: string; readonly message: string }): string {
  return `${rule} ${message}`
}

function isOnly(members: readonly { readonly person: PersonId }[], person: PersonId): boolean {
  return members.length > 0 && members.every((member) => member.person === person)
}

function accessWithout(access: Access, person: PersonId): Access {
  const known = access.people.get(person)
  if (known === undefined) return access
  return { ...access, people: new Map([...access.people, [person, { ...known, active: false }]]) }
}

/** Changes that are still open, where an approval of theirs is given now. */
async function approvalsOf(person: PersonId, { gate }: Services): Promise<number> {
  const statuses = STATUSES.filter(isOpen)
  const open = await gate.changes({ ...EVERY_CHANGE, statuses, limit: 1_000 })
  return open.filter(({ change }) =>
    change.decisions.some((each) => each.person === person && each.decision === 'approve'),
  ).length
}
