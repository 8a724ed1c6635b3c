/**
 * Who may ask for what. Event-sourced, because an auditor asks about it. A role permits asking;
 * whether a decision counts is decided by slots alone (approval.ts). Labels and pinned targets are
 * set only by the commands here, never by what a runner says of itself.
 */
import type { AccountEvent } from './access-accounts.ts'
import { type Actor, VERBS, type Verb } from './actor.ts'
import type { Connection } from './connection.ts'
import type {
  ChangeId,
  ConnectionId,
  Digest,
  KeyId,
  PersonId,
  TokenId,
  WorkspaceId,
} from './ids.ts'
import type { Instant } from './instant.ts'
import type { Passkey } from './passkey.ts'
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
  /** `person`: a terminal of somebody, who opens and watches with it and never decides. */
  readonly purpose: 'service' | 'admin' | 'person'
  /** Whose terminal; `null` unless the purpose is `person`. */
  readonly person: PersonId | null
  readonly verbs: readonly Verb[]
  readonly workspaces: readonly WorkspaceId[] | 'all'
  readonly expiresAt: Instant
  readonly revoked: boolean
  /** SHA-256 of the token's 256 random bits; the token itself is nowhere. */
  readonly secretSha256: Digest
  /** People whom a pipeline's proof named: they stand behind all that is asked for with it. */
  readonly behind?: readonly PersonId[] | undefined
}

export interface RoleBinding {
  readonly person: PersonId
  readonly role: Role
  readonly workspace: WorkspaceId | 'all'
}

/** Somebody stands in for somebody in a team (or all of theirs), until a time. */
export interface Delegation {
  readonly from: PersonId
  readonly to: PersonId
  /** `null`: in every team of theirs. */
  readonly team: string | null
  readonly since: Instant
  readonly until: Instant
}

/** Who is on call now, as a schedule outside said and the server recorded. */
export interface OnCall {
  /** First tier first. */
  readonly tiers: readonly (readonly PersonId[])[]
  /** After this nobody is on call by it: a schedule that is not heard of satisfies nothing. */
  readonly until: Instant
}

export interface Access {
  readonly people: ReadonlyMap<PersonId, Person>
  readonly teams: ReadonlyMap<string, readonly Membership[]>
  readonly workspaces: ReadonlyMap<WorkspaceId, Workspace>
  readonly tokens: ReadonlyMap<TokenId, Token>
  /** Tokens that may be good, by the digest of their secret: none that is revoked, few that ended. */
  readonly secrets: ReadonlyMap<Digest, TokenId>
  readonly bindings: readonly RoleBinding[]
  readonly keys: ReadonlyMap<KeyId, Passkey>
  /** Digest of issuer and subject (`identityDigest`) to the person who signs in with it. */
  readonly identities: ReadonlyMap<Digest, PersonId>
  /** Digest of an account elsewhere (`accountDigest`) to the people whose it is. */
  readonly accounts: ReadonlyMap<Digest, readonly PersonId[]>
  /** Teams whose members a directory names, with the digest of its group (`groupDigest`). */
  readonly directoryTeams: ReadonlyMap<string, Digest>
  readonly delegations: readonly Delegation[]
  readonly onCall: ReadonlyMap<string, OnCall>
  /** People who may break the glass. */
  readonly breakGlass: ReadonlySet<PersonId>
  readonly connections: ReadonlyMap<ConnectionId, Connection>
}

export const NO_ACCESS: Access = {
  people: new Map(),
  teams: new Map(),
  workspaces: new Map(),
  tokens: new Map(),
  secrets: new Map(),
  bindings: [],
  keys: new Map(),
  identities: new Map(),
  accounts: new Map(),
  directoryTeams: new Map(),
  delegations: [],
  onCall: new Map(),
  breakGlass: new Set(),
  connections: new Map(),
}

export type AccessEvent =
  | AccountEvent
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
  | ({ readonly type: 'key_enrolled'; readonly key: KeyId } & Omit<
      Passkey,
      'id' | 'since' | 'revoked'
    >)
  | { readonly type: 'key_revoked'; readonly person: PersonId; readonly key: KeyId }
  | { readonly type: 'identity_linked'; readonly person: PersonId; readonly identity: Digest }
  /** `null`: its members are set here again. */
  | { readonly type: 'team_linked'; readonly team: string; readonly group: Digest | null }
  | ({ readonly type: 'approvals_delegated' } & Omit<Delegation, 'since'>)
  | {
      readonly type: 'delegation_ended'
      readonly from: PersonId
      readonly to: PersonId
      readonly team: string | null
    }
  | ({ readonly type: 'on_call_set'; readonly schedule: string } & OnCall)
  | { readonly type: 'break_glass_granted'; readonly person: PersonId }
  | { readonly type: 'break_glass_revoked'; readonly person: PersonId }
  /** Made, or set anew: what credentials of a workspace become. */
  | ({ readonly type: 'connection_set'; readonly connection: ConnectionId } & Omit<
      Connection,
      'id' | 'since'
    >)
  | { readonly type: 'connection_removed'; readonly connection: ConnectionId }
  /** A credential for planning a change that is not opened yet; never the secret. */
  | {
      readonly type: 'plan_credentials_issued'
      readonly connection: ConnectionId
      readonly change: ChangeId
      readonly requester: PersonId | TokenId
      readonly credential: string
      readonly until: Instant
    }
  /** Its trust is tried: tokens are shown to the cloud that live until then at the latest. */
  | {
      readonly type: 'connection_tried'
      readonly connection: ConnectionId
      readonly until: Instant
    }
  /** Tokens are signed with another key from here; `dropped` ones count no more. */
  | {
      readonly type: 'issuer_rotated'
      readonly key: string
      readonly dropped: readonly string[]
    }

/** What can be asked for; the columns of the committed table. */
export const ACCESS_ACTIONS = [
  'see_change',
  'read_plan',
  'read_hidden',
  'open_change',
  'withdraw_change',
  'decide_change',
  'execute_change',
  'break_glass',
  'revoke_grant',
  'resolve_outcome',
  'read_log',
  'read_policy',
  'change_policy',
  'read_access',
  'change_access',
  'manage_own',
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
    'revoke_grant',
  ],
  approver: [
    'see_change',
    'read_plan',
    'read_hidden',
    'read_policy',
    'decide_change',
    'revoke_grant',
    'resolve_outcome',
  ],
  auditor: ['see_change', 'read_plan', 'read_hidden', 'read_policy', 'read_access', 'read_log'],
  admin: [
    'read_hidden',
    'read_policy',
    'change_policy',
    'read_access',
    'change_access',
    'revoke_grant',
  ],
}

const BY_VERB: { readonly [V in Verb]: readonly AccessAction[] } = {
  open: ['see_change', 'open_change', 'withdraw_change'],
  execute: ['see_change', 'execute_change', 'revoke_grant'],
  read: ['see_change', 'read_plan', 'read_policy', 'read_log'],
}

const BY_ADMIN_TOKEN: readonly AccessAction[] = [
  'read_hidden',
  'read_policy',
  'change_policy',
  'read_access',
  'change_access',
  'revoke_grant',
]

/** Own passkeys, own terminals, own delegations. */
const BY_ANYONE: readonly AccessAction[] = ['manage_own']

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
      return access.people.get(actor.id)?.active === true && permitsPerson(access, actor, ask)
  }
}

/** A person's terminal may what a token may, and no more than the person. */
function permitsPerson(
  access: Access,
  actor: Extract<Actor, { kind: 'person' }>,
  ask: Ask,
): boolean {
  if (actor.assurance === 'token' && !VERBS.some((verb) => BY_VERB[verb].includes(ask.action)))
    return false
  if (BY_ANYONE.includes(ask.action)) return true
  // A list of people and no role: who administers must not have it by the way.
  if (ask.action === 'break_glass') return access.breakGlass.has(actor.id)
  return rolesOf(access, actor.id, ask.on).some((role) => BY_ROLE[role].includes(ask.action))
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
  if (action === 'break_glass') return 'to be on the list of people who may break the glass'
  if (BY_ANYONE.includes(action)) return 'to be the person that it is about'
  return [...roles, ...verbs].join(' or ') || 'the system itself'
}

/** The person whom an event is about when people may ask for it of themselves; else `null`. */
export function selfOf(access: Access, event: AccessEvent): PersonId | null {
  switch (event.type) {
    case 'key_enrolled':
    case 'key_revoked':
      return event.person
    case 'approvals_delegated':
    case 'delegation_ended':
      return event.from
    case 'token_issued':
      return event.purpose === 'person' ? event.person : null
    case 'token_revoked':
      return access.tokens.get(event.token)?.person ?? null
    default:
      return null
  }
}

/** What asking for an access event needs of whoever asks. */
export function accessActionOf(access: Access, event: AccessEvent, actor: Actor): AccessAction {
  return actor.kind === 'person' && actor.id === selfOf(access, event)
    ? 'manage_own'
    : 'change_access'
}

export function sameBinding(one: RoleBinding, other: RoleBinding): boolean {
  return one.person === other.person && one.role === other.role && one.workspace === other.workspace
}
