/**
 * A directory that names people and groups (SCIM 2.0). Its `externalId` of somebody is the subject
 * they sign in with; who it deactivates is removed at once, with their sign-ins. Its groups reach
 * only the teams that somebody linked to them by id.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type AccessEvent,
  directoryDifference,
  groupDigest,
  identityDigest,
  type PersonId,
  SYSTEM,
} from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import { randomIdText } from '../io/random-ids.ts'
import type { Services } from '../services.ts'
import {
  allGroups,
  allUsers,
  type DirectoryGroup,
  type DirectoryUser,
  findUser,
  putGroup,
  putUser,
  removeGroup,
  removeUser,
} from '../store/directory.ts'
import { endSessionsOf } from '../store/sessions.ts'
import { addKnown } from './people.ts'
import { recordAccess } from './record.ts'

export interface WantedUser {
  readonly externalId: string
  readonly userName: string
  readonly name: string
  readonly active: boolean
}

/**
 * `taken`: another has the external id or the user name. `last_admin`: nothing was changed, because
 * nobody else administers.
 */
export type Put<T> = { readonly put: T } | 'taken' | 'missing' | 'last_admin'

export interface SeenUser extends DirectoryUser {
  readonly active: boolean
}

export async function putDirectoryUser(
  id: string | null,
  wanted: WantedUser,
  services: Services,
): Promise<Put<SeenUser>> {
  const { kysely } = services.database
  const before = id === null ? null : await findUser(kysely, id)
  if (id !== null && before === null) return 'missing'
  const others = (await allUsers(kysely)).filter((each) => each.id !== id)
  const { externalId, userName, name, active } = wanted
  if (others.some((each) => each.externalId === externalId || each.userName === userName))
    return 'taken'
  const person = await personFor(before, wanted, services)
  if (person === 'last_admin') return 'last_admin'
  if (!active && (await leave(person, services)) === 'last_admin') return 'last_admin'
  const user = { id: id ?? randomIdText(), externalId, userName, name, person }
  if (!(await putUser(kysely, user))) return 'taken'
  await followDirectory(services)
  return { put: { ...user, active } }
}

/** Who comes back is somebody new, under the same sign-in: what they decided before stays void. */
async function personFor(
  before: DirectoryUser | null,
  wanted: WantedUser,
  services: Services,
): Promise<PersonId | 'last_admin'> {
  const access = await services.gate.access()
  const { issuer } = directoryOf(services)
  const subject = wanted.externalId
  const known = access.identities.get(identityDigest({ issuer, subject }, nodePrimitives))
  const isHere = known !== undefined && access.people.get(known)?.active === true
  const moved = before !== null && before.externalId !== subject
  if (moved && (await leave(before.person, services)) === 'last_admin') return 'last_admin'
  if (isHere) return known
  if (!wanted.active && before !== null && !moved) return before.person
  if (!wanted.active && known !== undefined) return known
  const { userName, name } = wanted
  const address = userName.includes('@') ? userName : null
  const handle = userName.split('@', 1)[0] ?? userName
  const added = await addKnown({ issuer, subject, handle, name, address }, services)
  if ('person' in added) return added.person
  throw new Fault('database_failed', 'somebody whom the directory names could not be recorded')
}

async function leave(person: PersonId, services: Services): Promise<'left' | 'last_admin'> {
  const { people } = await services.gate.access()
  if (people.get(person)?.active === true) {
    const problem = await recordAccess(SYSTEM, [{ type: 'person_removed', person }], services)
    if (problem?.code === 'last_admin') return 'last_admin'
    // The directory tries again what it is told failed, and believes what it is told is done.
    if (problem !== null && problem.code !== 'not_found')
      throw new Fault('database_failed', 'that somebody left could not be recorded')
  }
  await endSessionsOf(services.database.kysely, person)
  return 'left'
}

function directoryOf({ directory }: Services) {
  if (directory === null) throw new Fault('wrong_mode', 'no directory is set up here')
  return directory
}

export async function directoryUsers(services: Services): Promise<readonly SeenUser[]> {
  const { people } = await services.gate.access()
  const users = await allUsers(services.database.kysely)
  return users.map((user) => ({ ...user, active: people.get(user.person)?.active === true }))
}

export async function dropDirectoryUser(
  id: string,
  services: Services,
): Promise<'dropped' | 'missing' | 'last_admin'> {
  const { kysely } = services.database
  const user = await findUser(kysely, id)
  if (user === null) return 'missing'
  if ((await leave(user.person, services)) === 'last_admin') return 'last_admin'
  await removeUser(kysely, id)
  await followDirectory(services)
  return 'dropped'
}

export function directoryGroups(services: Services): Promise<readonly DirectoryGroup[]> {
  return allGroups(services.database.kysely)
}

export async function putDirectoryGroup(
  id: string | null,
  wanted: Omit<DirectoryGroup, 'id'>,
  services: Services,
): Promise<Put<DirectoryGroup>> {
  const { kysely } = services.database
  if (id !== null && !(await allGroups(kysely)).some((group) => group.id === id)) return 'missing'
  const group = { ...wanted, id: id ?? randomIdText() }
  if (!(await putGroup(kysely, group))) return 'taken'
  await followDirectory(services)
  return { put: group }
}

export async function dropDirectoryGroup(id: string, services: Services): Promise<boolean> {
  const { kysely } = services.database
  if (!(await allGroups(kysely)).some((group) => group.id === id)) return false
  await removeGroup(kysely, id)
  await followDirectory(services)
  return true
}

/** Every linked team has the members of its group, and none where the directory has no such group. */
export async function followDirectory(services: Services): Promise<void> {
  if (services.directory === null) return
  const { kysely } = services.database
  const groups = await allGroups(kysely)
  const users = new Map((await allUsers(kysely)).map((user) => [user.id, user.person]))
  const access = await services.gate.access()
  const events: AccessEvent[] = []
  for (const [team, digest] of access.directoryTeams) {
    const group = groups.find((each) => digestsOf(each, services).includes(digest))
    const people = (group?.members ?? []).flatMap((id) => {
      const person = users.get(id)
      return person !== undefined && access.people.get(person)?.active === true ? [person] : []
    })
    events.push(...directoryDifference(access, { team, people: [...new Set(people)] }))
  }
  const problem = await recordAccess(SYSTEM, events, services)
  if (problem !== null)
    throw new Fault('database_failed', 'what the directory says of teams could not be recorded')
}

/** By the directory's own id of it, or by ours where it sends none. */
function digestsOf(group: DirectoryGroup, services: Services) {
  const { issuer } = directoryOf(services)
  const ids = group.externalId === null ? [group.id] : [group.externalId, group.id]
  return ids.map((id) => groupDigest({ issuer, id }, nodePrimitives))
}
