/**
 * Who may ask for what. Event-sourced, because an auditor asks about it. A role permits asking;
 * whether a decision counts is decided by slots alone (approval.ts). Labels and pinned targets are
 * set only by the commands here, never by what a runner says of itself.
 */
import { type Actor, VERBS, type Verb } from './actor.ts'
import type { Digest, PersonId, TokenId, WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { PinnedTarget } from './target.ts'

export const ROLES = ['viewer', 'requester', 'approver', 'auditor', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface Person {
  readonly id: PersonId
  readonly active: boolean
  /** When they were added: a change that was open before does not count them. */
  readonly since: Instant
  /** Salted digest of handle, name and addresses; the text itself is erasable. */
  readonly profile: Digest
}

export interface Membership {
  readonly person: PersonId
  readonly since: Instant
}

export interface Workspace {
  readonly id: WorkspaceId
  readonly name: string
  readonly labels: { readonly [key: string]: string }
  readonly owners: readonly PersonId[]
  readonly pin: PinnedTarget | null
  /** State lineage, pinned after the first apply. */
  readonly lineage: string | null
}

export interface Token {
  readonly id: TokenId
  readonly name: string
  readonly purpose: 'service' | 'admin'
  readonly verbs: readonly Verb[]
  readonly workspaces: readonly WorkspaceId[] | 'all'
  readonly expiresAt: Instant
  readonly revoked: boolean
  /** SHA-256 of the token's 256 random bits; the token itself is nowhere. */
  readonly secretSha256: Digest
}

export interface RoleBinding {
  readonly person: PersonId
  readonly role: Role
  readonly workspace: WorkspaceId | 'all'
}

export interface Access {
  readonly people: ReadonlyMap<PersonId, Person>
  readonly teams: ReadonlyMap<string, readonly Membership[]>
  readonly workspaces: ReadonlyMap<WorkspaceId, Workspace>
  readonly tokens: ReadonlyMap<TokenId, Token>
  readonly bindings: readonly RoleBinding[]
}

export const NO_ACCESS: Access = {
  people: new Map(),
  teams: new Map(),
  workspaces: new Map(),
  tokens: new Map(),
  bindings: [],
}

export type AccessEvent =
  | { readonly type: 'person_added'; readonly person: PersonId; readonly profile: Digest }
  | { readonly type: 'person_removed'; readonly person: PersonId }
  | { readonly type: 'member_added'; readonly team: string; readonly person: PersonId }
  | { readonly type: 'member_removed'; readonly team: string; readonly person: PersonId }
  | ({ readonly type: 'role_granted' } & RoleBinding)
  | ({ readonly type: 'role_revoked' } & RoleBinding)
  | {
      readonly type: 'workspace_created'
      readonly workspace: WorkspaceId
      readonly name: string
    }
  | {
      readonly type: 'labels_set'
      readonly workspace: WorkspaceId
      readonly labels: { readonly [key: string]: string }
    }
  | {
      readonly type: 'owners_set'
      readonly workspace: WorkspaceId
      readonly owners: readonly PersonId[]
    }
  | {
      readonly type: 'target_pinned'
      readonly workspace: WorkspaceId
      readonly pin: PinnedTarget
    }
  | {
      readonly type: 'lineage_pinned'
      readonly workspace: WorkspaceId
      readonly lineage: string | null
    }
  | ({ readonly type: 'token_issued' } & Omit<Token, 'revoked' | 'id'> & {
        readonly token: TokenId
      })
  | { readonly type: 'token_revoked'; readonly token: TokenId }

/** What can be asked for; the columns of the committed table. */
export const ACCESS_ACTIONS = [
  'see_change',
  'read_plan',
  'open_change',
  'withdraw_change',
  'decide_change',
  'execute_change',
  'resolve_outcome',
  'read_log',
  'read_policy',
  'change_policy',
  'read_access',
  'change_access',
  'record',
] as const
export type AccessAction = (typeof ACCESS_ACTIONS)[number]

/** What it is asked of: one workspace, or the installation. */
export type Resource = { readonly workspace: WorkspaceId } | 'installation'

const BY_ROLE: { readonly [R in Role]: readonly AccessAction[] } = {
  viewer: ['see_change', 'read_plan', 'read_policy'],
  requester: [
    'see_change',
    'read_plan',
    'read_policy',
    'open_change',
    'withdraw_change',
    'execute_change',
  ],
  approver: ['see_change', 'read_plan', 'read_policy', 'decide_change', 'resolve_outcome'],
  auditor: ['see_change', 'read_plan', 'read_policy', 'read_access', 'read_log'],
  admin: ['read_policy', 'change_policy', 'read_access', 'change_access'],
}

const BY_VERB: { readonly [V in Verb]: readonly AccessAction[] } = {
  open: ['see_change', 'open_change', 'withdraw_change'],
  execute: ['see_change', 'execute_change'],
  read: ['see_change', 'read_plan', 'read_policy', 'read_log'],
}

const BY_ADMIN_TOKEN: readonly AccessAction[] = [
  'read_policy',
  'change_policy',
  'read_access',
  'change_access',
]

/** The system records what it computed and keeps time; it never opens, decides, executes or rules. */
const BY_SYSTEM: readonly AccessAction[] = ['record', 'change_access', 'see_change']

export interface Ask {
  readonly action: AccessAction
  readonly on: Resource
  readonly now: Instant
}

export function permits(access: Access, actor: Actor, ask: Ask): boolean {
  switch (actor.kind) {
    case 'system':
      return BY_SYSTEM.includes(ask.action)
    case 'admin_token':
      return (
        findLiveToken(access, actor.id, { purpose: 'admin', now: ask.now }) !== null &&
        BY_ADMIN_TOKEN.includes(ask.action)
      )
    case 'token':
      return permitsToken(access, actor, ask)
    case 'person':
      return (
        access.people.get(actor.id)?.active === true &&
        rolesOf(access, actor.id, ask.on).some((role) => BY_ROLE[role].includes(ask.action))
      )
  }
}

/** What the log says of the token bounds it, whatever the door says that it may. */
function permitsToken(access: Access, actor: Extract<Actor, { kind: 'token' }>, ask: Ask): boolean {
  const token = findLiveToken(access, actor.id, { purpose: 'service', now: ask.now })
  return (
    token !== null &&
    reaches(token.workspaces, ask.on) &&
    reaches(actor.workspaces, ask.on) &&
    token.verbs.some((verb) => actor.verbs.includes(verb) && BY_VERB[verb].includes(ask.action))
  )
}

function findLiveToken(
  access: Access,
  id: TokenId,
  wanted: { readonly purpose: Token['purpose']; readonly now: Instant },
): Token | null {
  const token = access.tokens.get(id)
  if (token === undefined || token.purpose !== wanted.purpose) return null
  return !token.revoked && wanted.now < token.expiresAt ? token : null
}

function reaches(workspaces: readonly WorkspaceId[] | 'all', on: Resource): boolean {
  if (workspaces === 'all') return true
  return on !== 'installation' && workspaces.includes(on.workspace)
}

function rolesOf(access: Access, person: PersonId, on: Resource): readonly Role[] {
  const here = (binding: RoleBinding) =>
    binding.workspace === 'all' || (on !== 'installation' && binding.workspace === on.workspace)
  return access.bindings
    .filter((binding) => binding.person === person && here(binding))
    .map((binding) => binding.role)
}

/** Roles and verbs that would permit an action: for the sentence of a refusal. */
export function whoMay(action: AccessAction): string {
  const roles = ROLES.filter((role) => BY_ROLE[role].includes(action)).map(
    (role) => `the role ${role}`,
  )
  const verbs = VERBS.filter((verb) => BY_VERB[verb].includes(action)).map(
    (verb) => `a token with the verb ${verb}`,
  )
  return [...roles, ...verbs].join(' or ') || 'the system itself'
}

export function evolveAccess(access: Access, event: AccessEvent, at: Instant): Access {
  switch (event.type) {
    case 'person_added':
      return withPerson(access, personOf(event, at))
    case 'person_removed':
      return removePerson(access, event.person)
    case 'member_added':
    case 'member_removed':
      return withMembership(access, event, at)
    case 'role_granted':
      return { ...access, bindings: [...access.bindings, bindingOf(event)] }
    case 'role_revoked':
      return { ...access, bindings: access.bindings.filter((each) => !sameBinding(each, event)) }
    case 'workspace_created':
      return withWorkspace(access, emptyWorkspace(event.workspace, event.name))
    case 'labels_set':
      return editWorkspace(access, event.workspace, { labels: event.labels })
    case 'owners_set':
      return editWorkspace(access, event.workspace, { owners: event.owners })
    case 'target_pinned':
      return editWorkspace(access, event.workspace, { pin: event.pin, lineage: null })
    case 'lineage_pinned':
      return editWorkspace(access, event.workspace, { lineage: event.lineage })
    case 'token_issued': {
      const { type: _, token, ...rest } = event
      return withToken(access, { ...rest, id: token, revoked: false })
    }
    case 'token_revoked': {
      const token = access.tokens.get(event.token)
      return token === undefined ? access : withToken(access, { ...token, revoked: true })
    }
  }
}

function personOf(
  { person, profile }: Extract<AccessEvent, { type: 'person_added' }>,
  since: Instant,
): Person {
  return { id: person, active: true, since, profile }
}

function withPerson(access: Access, person: Person): Access {
  return { ...access, people: new Map(access.people).set(person.id, person) }
}

/** A removed person leaves every team and role at once: nothing they gave still counts. */
function removePerson(access: Access, id: PersonId): Access {
  const person = access.people.get(id)
  if (person === undefined) return access
  const teams = new Map(
    [...access.teams].map(([name, members]) => [name, members.filter((m) => m.person !== id)]),
  )
  const bindings = access.bindings.filter((binding) => binding.person !== id)
  return withPerson({ ...access, teams, bindings }, { ...person, active: false })
}

function withMembership(
  access: Access,
  event: Extract<AccessEvent, { type: 'member_added' | 'member_removed' }>,
  at: Instant,
): Access {
  const members = (access.teams.get(event.team) ?? []).filter((m) => m.person !== event.person)
  const added = event.type === 'member_added' ? [{ person: event.person, since: at }] : []
  return { ...access, teams: new Map(access.teams).set(event.team, [...members, ...added]) }
}

function emptyWorkspace(id: WorkspaceId, name: string): Workspace {
  return { id, name, labels: {}, owners: [], pin: null, lineage: null }
}

function withWorkspace(access: Access, workspace: Workspace): Access {
  return { ...access, workspaces: new Map(access.workspaces).set(workspace.id, workspace) }
}

function editWorkspace(access: Access, id: WorkspaceId, edit: Partial<Workspace>): Access {
  const workspace = access.workspaces.get(id)
  return workspace === undefined ? access : withWorkspace(access, { ...workspace, ...edit })
}

function withToken(access: Access, token: Token): Access {
  return { ...access, tokens: new Map(access.tokens).set(token.id, token) }
}

function bindingOf(event: RoleBinding): RoleBinding {
  return { person: event.person, role: event.role, workspace: event.workspace }
}

export function sameBinding(one: RoleBinding, other: RoleBinding): boolean {
  return one.person === other.person && one.role === other.role && one.workspace === other.workspace
}
