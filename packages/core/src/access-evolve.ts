/** How an access event moves what is known: pure, never throws, and loses nothing. */
import {
  type Access,
  type AccessEvent,
  type Delegation,
  type Person,
  type RoleBinding,
  sameBinding,
  type Workspace,
} from './access.ts'
import { evolveAccounts, isAccountEvent } from './access-accounts.ts'
import { evolveConnections, isConnectionEvent } from './access-connections.ts'
import type { PersonId, TokenId, WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Passkey } from './passkey.ts'

export function evolveAccess(access: Access, event: AccessEvent, at: Instant): Access {
  if (isAccountEvent(event)) return evolveAccounts(access, event)
  if (isConnectionEvent(event)) return evolveConnections(access, event, at)
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
    case 'token_issued':
      return issueToken(access, event, at)
    case 'token_revoked':
      return revokeToken(access, event.token)
    default:
      return evolveProofs(access, event, at)
  }
}

type ProofEvent = Extract<
  AccessEvent,
  {
    type:
      | 'key_enrolled'
      | 'key_revoked'
      | 'identity_linked'
      | 'team_linked'
      | 'approvals_delegated'
      | 'delegation_ended'
      | 'on_call_set'
      | 'break_glass_granted'
      | 'break_glass_revoked'
  }
>

function evolveProofs(access: Access, event: ProofEvent, at: Instant): Access {
  switch (event.type) {
    case 'key_enrolled': {
      const { type: _, key, ...rest } = event
      return withKey(access, { ...rest, id: key, since: at, revoked: false })
    }
    case 'key_revoked': {
      const key = access.keys.get(event.key)
      return key === undefined ? access : withKey(access, { ...key, revoked: true })
    }
    case 'identity_linked':
      return {
        ...access,
        identities: new Map(access.identities).set(event.identity, event.person),
      }
    case 'team_linked':
      return withDirectoryTeam(access, event)
    case 'approvals_delegated':
      return {
        ...access,
        delegations: [
          ...access.delegations.filter((each) => !sameDelegation(each, event)),
          { from: event.from, to: event.to, team: event.team, since: at, until: event.until },
        ],
      }
    case 'delegation_ended':
      return {
        ...access,
        delegations: access.delegations.filter((each) => !sameDelegation(each, event)),
      }
    case 'on_call_set': {
      const { schedule, tiers, until } = event
      return { ...access, onCall: new Map(access.onCall).set(schedule, { tiers, until }) }
    }
    case 'break_glass_granted':
      return { ...access, breakGlass: new Set([...access.breakGlass, event.person]) }
    case 'break_glass_revoked':
      return {
        ...access,
        breakGlass: new Set([...access.breakGlass].filter((each) => each !== event.person)),
      }
  }
}

function withKey(access: Access, key: Passkey): Access {
  return { ...access, keys: new Map(access.keys).set(key.id, key) }
}

function withDirectoryTeam(
  access: Access,
  { team, group }: Extract<AccessEvent, { type: 'team_linked' }>,
): Access {
  const directoryTeams = new Map(access.directoryTeams)
  if (group === null) directoryTeams.delete(team)
  else directoryTeams.set(team, group)
  return { ...access, directoryTeams }
}

/** At most one of a person in a team: a newer one takes its place, to whomever it is. */
function sameDelegation(
  one: Pick<Delegation, 'from' | 'team'>,
  other: Pick<Delegation, 'from' | 'team'>,
): boolean {
  return one.from === other.from && one.team === other.team
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
  const breakGlass = new Set([...access.breakGlass].filter((each) => each !== id))
  const delegations = access.delegations.filter(({ from, to }) => from !== id && to !== id)
  const left = { ...access, teams, bindings, breakGlass, delegations }
  return withPerson(left, { ...person, active: false })
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

/** Each pipeline's job leaves a token that ends within a quarter of an hour: they go as others come. */
function issueToken(
  access: Access,
  { type: _, token: id, ...rest }: Extract<AccessEvent, { type: 'token_issued' }>,
  at: Instant,
): Access {
  const secrets = new Map(
    [...access.secrets].filter(([, each]) => at < (access.tokens.get(each)?.expiresAt ?? at)),
  )
  const tokens = new Map(access.tokens).set(id, { ...rest, id, revoked: false })
  return { ...access, tokens, secrets: secrets.set(rest.secretSha256, id) }
}

function revokeToken(access: Access, id: TokenId): Access {
  const token = access.tokens.get(id)
  if (token === undefined) return access
  const secrets = new Map(access.secrets)
  secrets.delete(token.secretSha256)
  return { ...access, tokens: new Map(access.tokens).set(id, { ...token, revoked: true }), secrets }
}

function bindingOf(event: RoleBinding): RoleBinding {
  return { person: event.person, role: event.role, workspace: event.workspace }
}
