/**
 * Names for people to read. Entries hold ids; names lie in erasable rows, so an erased person has
 * an id and no name. Nothing is decided by a name.
 */
import type { views } from '@holdpoint/api'
import type { Access, ActorRef, PersonId, WorkspaceId } from '@holdpoint/core'
import { z } from 'zod'
import type { Tx } from './store/tables.ts'

export type ActorView = z.input<typeof views.ActorView>

export interface Profile {
  readonly handle: string
  readonly name: string
  /** Lower case; claims of commits are compared with them. */
  readonly addresses: readonly string[]
}

export interface Names {
  readonly profile: (person: PersonId) => Profile | null
  /** The name, or the id where it was erased. */
  readonly person: (person: PersonId) => string
  readonly actor: (ref: ActorRef) => ActorView
  readonly workspace: (id: WorkspaceId) => string
  /** Of the people who are active, in order. */
  readonly handles: () => readonly string[]
  readonly findByHandle: (handle: string) => PersonId | null
  /** Everyone who has the address: a shared one excludes all of them. */
  readonly findByAddress: (address: string) => readonly PersonId[]
}

const ProfileJson = z.object({
  handle: z.string(),
  name: z.string(),
  addresses: z.array(z.string()),
})

export async function loadNames(tx: Tx, access: Access): Promise<Names> {
  const rows = await tx.selectFrom('person_profile').select(['person', 'profile']).execute()
  const profiles = new Map<PersonId, Profile>()
  for (const row of rows) {
    const profile = row.profile === null ? null : profileOf(row.profile)
    if (profile !== null) profiles.set(row.person, profile)
  }
  const find = (matches: (profile: Profile) => boolean): PersonId | null =>
    [...profiles].find(([, profile]) => matches(profile))?.[0] ?? null
  return {
    profile: (person) => profiles.get(person) ?? null,
    person: (person) => profiles.get(person)?.name ?? person,
    actor: (ref) => actorView(ref, access, profiles),
    workspace: (id) => access.workspaces.get(id)?.name ?? id,
    handles: () =>
      [...profiles]
        .flatMap(([id, { handle }]) => (access.people.get(id)?.active === true ? [handle] : []))
        .toSorted(),
    findByHandle: (handle) => find((profile) => profile.handle === handle.toLowerCase()),
    findByAddress: (address) =>
      [...profiles].flatMap(([person, { addresses }]) =>
        addresses.includes(address.trim().toLowerCase()) ? [person] : [],
      ),
  }
}

export function profileText(profile: Profile): string {
  const { handle, name, addresses } = profile
  return JSON.stringify({ handle, name, addresses })
}

/** `null` where the bytes are no profile. */
export function profileOf(bytes: Uint8Array): Profile | null {
  const read = ProfileJson.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
  return read.success ? read.data : null
}

function actorView(
  ref: ActorRef,
  access: Access,
  profiles: ReadonlyMap<PersonId, Profile>,
): ActorView {
  const { kind, id } = ref
  if (id === null) return { kind, id, name: null }
  const person = [...profiles].find(([each]) => each === id)?.[1].name
  const token = [...access.tokens].find(([each]) => each === id)?.[1].name
  return { kind, id, name: person ?? token ?? null }
}
