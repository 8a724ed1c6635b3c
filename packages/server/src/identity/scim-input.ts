/**
 * What a directory sends (RFC 7643, RFC 7644 §3.5.2): users, groups, and changes to them. What is not
 * understood is refused: a directory that believes it changed something is worse than one that knows.
 */
import { z } from 'zod'
import type { DirectoryGroup } from '../store/directory.ts'
import type { WantedUser } from './directory.ts'

/** Some directories send booleans as words. */
const Bool = z
  .union([z.boolean(), z.string().regex(/^(true|false)$/i)])
  .transform((value) => (typeof value === 'boolean' ? value : value.toLowerCase() === 'true'))
const Text = z.string().trim().min(1).max(300)
const Member = z.object({ value: Text })
const Members = z.array(Member).max(10_000)

const UserBody = z.object({
  userName: Text,
  externalId: Text,
  displayName: Text.optional(),
  name: z.object({ formatted: z.string().optional() }).optional(),
  active: Bool.optional(),
})
const GroupBody = z.object({
  displayName: Text,
  externalId: Text.optional(),
  members: Members.default([]),
})
const Operation = z.object({
  op: z.string().transform((op) => op.toLowerCase()),
  path: z.string().optional(),
  value: z.unknown().optional(),
})
const PatchBody = z.object({ Operations: z.array(Operation).min(1).max(1000) })

type WantedGroup = Omit<DirectoryGroup, 'id'>

/** `null` where it is not understood. Where nothing is said of it somebody stays here, or gone. */
export function userOf(body: unknown, wasActive = true): WantedUser | null {
  const read = UserBody.safeParse(body)
  if (!read.success) return null
  const { userName, externalId, displayName, name, active = wasActive } = read.data
  const formatted = name?.formatted?.trim() ?? ''
  return { userName, externalId, active, name: displayName ?? (formatted || userName) }
}

export function groupOf(body: unknown): WantedGroup | null {
  const read = GroupBody.safeParse(body)
  if (!read.success) return null
  const { displayName: name, externalId = null, members } = read.data
  return { name, externalId, members: members.map(({ value }) => value) }
}

const UserChange = z.strictObject({
  active: Bool.optional(),
  userName: Text.optional(),
  externalId: Text.optional(),
  displayName: Text.optional(),
  id: z.string().optional(),
})

export function patchedUser(user: WantedUser, body: unknown): WantedUser | null {
  const read = PatchBody.safeParse(body)
  if (!read.success) return null
  return read.data.Operations.reduce<WantedUser | null>((at, { op, path, value }) => {
    if (at === null || (op !== 'replace' && op !== 'add')) return null
    const change = UserChange.safeParse(path === undefined ? value : { [path]: value })
    if (!change.success) return null
    const { active = at.active, displayName: name = at.name } = change.data
    const { userName = at.userName, externalId = at.externalId } = change.data
    return { active, name, userName, externalId }
  }, user)
}

const GroupChange = z.strictObject({
  displayName: Text.optional(),
  externalId: Text.optional(),
  members: Members.optional(),
  id: z.string().optional(),
})
const ONE_MEMBER = /^members\[value eq "([^"\\]+)"\]$/i

export function patchedGroup(group: WantedGroup, body: unknown): WantedGroup | null {
  const read = PatchBody.safeParse(body)
  if (!read.success) return null
  return read.data.Operations.reduce<WantedGroup | null>(
    (at, operation) => (at === null ? null : changedGroup(at, operation)),
    group,
  )
}

function changedGroup(
  group: WantedGroup,
  { op, path, value }: z.output<typeof Operation>,
): WantedGroup | null {
  if (op === 'remove') return withoutMembers(group, path ?? '', value)
  if (op !== 'replace' && op !== 'add') return null
  const change = GroupChange.safeParse(path === undefined ? value : { [path]: value })
  if (!change.success) return null
  const { displayName: name = group.name, externalId = group.externalId, members } = change.data
  const named = members?.map((member) => member.value) ?? group.members
  const all = op === 'add' && members !== undefined ? [...group.members, ...named] : named
  return { name, externalId, members: [...new Set(all)] }
}

function withoutMembers(group: WantedGroup, path: string, value: unknown): WantedGroup | null {
  const one = ONE_MEMBER.exec(path)?.[1]
  if (one !== undefined) return { ...group, members: group.members.filter((id) => id !== one) }
  if (path !== 'members') return null
  if (value === undefined) return { ...group, members: [] }
  const named = Members.safeParse(value)
  if (!named.success) return null
  const gone = new Set(named.data.map((member) => member.value))
  return { ...group, members: group.members.filter((id) => !gone.has(id)) }
}

export interface Filter {
  readonly attribute: string
  readonly value: string
}

const FILTER = /^\s*([A-Za-z]+)\s+eq\s+"((?:[^"\\]|\\["\\])*)"\s*$/i

/** One attribute that equals one text; `null` where it asks for more than that. */
export function filterOf(text: string): Filter | null {
  const [, attribute, value] = FILTER.exec(text) ?? []
  if (attribute === undefined || value === undefined) return null
  return { attribute, value: value.replaceAll(/\\(["\\])/g, '$1') }
}
