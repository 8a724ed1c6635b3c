/**
 * What can be asked of access, and the events it gives. In this version these are commands of the
 * `admin` role, recorded but not yet held for a second person (SECURITY.md says so). The system
 * itself may only pin what is not pinned yet: the target a released first change binds.
 */
import { type Access, type AccessEvent, type Role, sameBinding } from './access.ts'
import { accountProblem, isAccountEvent } from './access-accounts.ts'
import { connectionProblem, isConnectionEvent } from './access-connections.ts'
import { isProofEvent, proofProblem } from './access-people.ts'
import type { Actor } from './actor.ts'
import { unfitProblem } from './event-fit.ts'
import type { PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Refusal } from './refusals.ts'
import type { PinnedTarget } from './target.ts'

/** Commands are the events they ask for: an access change says what will be true. */
export interface AccessCommand {
  readonly type: 'change_access'
  readonly event: AccessEvent
}

export interface AccessContext {
  readonly now: Instant
  readonly actor: Actor
}

export type AccessAnswer =
  | { readonly ok: true; readonly events: readonly AccessEvent[] }
  | { readonly ok: false; readonly refusal: Refusal; readonly events: readonly [] }

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/
/** Labels and pins are part of an entry, which is at most 65,535 bytes. */
const LABELS_MAX = 50
const PIN_CHARACTERS_MAX = 16_000
const TOKEN_DAYS_MAX = 366
const TERMINAL_DAYS_MAX = 30
/** What a pipeline's own proof of identity is exchanged for ends with its job. */
const WORKLOAD_MS_MAX = 15 * 60 * 1000

export function decideAccess(
  access: Access,
  command: AccessCommand,
  context: AccessContext,
): AccessAnswer {
  const { event } = command
  const refusal = context.actor.kind === 'system' ? systemProblem(access, event, context.now) : null
  const found = refusal ?? eventProblem(access, event, context) ?? unfit(event)
  if (found !== null) return { ok: false, refusal: found, events: [] }
  return { ok: true, events: isNoChange(access, event) ? [] : [event] }
}

/**
 * What the system may record of itself: a first target and its lineage, a workspace first seen, the
 * admin token of the first start, short tokens of pipelines that proved themselves, who signs in
 * with what, and the end of tokens after a loss. Everything else is people's.
 */
function systemProblem(access: Access, event: AccessEvent, now: Instant): Refusal | null {
  switch (event.type) {
    case 'target_pinned':
      return access.workspaces.get(event.workspace)?.pin === null ? null : exists('pinned target')
    case 'lineage_pinned':
      return access.workspaces.get(event.workspace)?.lineage === null ? null : exists('lineage')
    case 'token_issued':
      return systemTokenProblem(access, event, now)
    case 'role_granted':
      return mayBeGranted(access, event.role) ? null : needsAdmin()
    case 'member_added':
    case 'member_removed':
      return access.directoryTeams.has(event.team) ? null : needsAdmin()
    case 'person_removed':
      return isLastAdmin(access, event.person) ? { code: 'last_admin' } : null
    case 'workspace_created':
    case 'token_revoked':
    case 'person_added':
    case 'identity_linked':
    case 'key_enrolled':
    case 'on_call_set':
    case 'plan_credentials_issued':
    case 'issuer_rotated':
      return null
    default:
      return needsAdmin()
  }
}

function systemTokenProblem(
  access: Access,
  event: Extract<AccessEvent, { type: 'token_issued' }>,
  now: Instant,
): Refusal | null {
  if (event.purpose === 'service')
    return event.expiresAt <= now + WORKLOAD_MS_MAX
      ? null
      : invalid('a token for a pipeline that proves itself is good for 15 minutes at most')
  if (event.purpose === 'person') return needsAdmin()
  return hasLiveAdminToken(access, now) ? exists('admin token') : null
}

function needsAdmin(): Refusal {
  return { code: 'not_permitted', action: 'change_access', needs: 'the role admin' }
}

/** Whoever signs in may ask; who may rule is given by the system to the first person only. */
function mayBeGranted(access: Access, role: Role): boolean {
  return role === 'viewer' || role === 'requester' || role === 'approver' || !hasAdmin(access)
}

export function hasAdmin(access: Access): boolean {
  return access.bindings.some(
    ({ role, person }) => role === 'admin' && access.people.get(person)?.active === true,
  )
}

/** Whoever alone may change who may what: without them nobody could let anybody in again. */
function isLastAdmin(access: Access, person: PersonId): boolean {
  const admins = access.bindings.filter(
    (each) =>
      each.role === 'admin' &&
      each.workspace === 'all' &&
      access.people.get(each.person)?.active === true,
  )
  return admins.length > 0 && admins.every((each) => each.person === person)
}

function hasLiveAdminToken(access: Access, now: Instant): boolean {
  return [...access.tokens.values()].some(
    (token) => token.purpose === 'admin' && !token.revoked && now < token.expiresAt,
  )
}

/** An entry that could not be read back would stop the log, so it is never written. */
function unfit(event: AccessEvent): Refusal | null {
  const problem = unfitProblem(event)
  return problem === null ? null : invalid(problem)
}

function eventProblem(access: Access, event: AccessEvent, context: AccessContext): Refusal | null {
  if (isAccountEvent(event)) return accountProblem(access, event)
  if (isConnectionEvent(event)) return connectionProblem(access, event, context)
  if (isProofEvent(event)) return proofProblem(access, event, context)
  switch (event.type) {
    case 'person_added':
      return access.people.has(event.person) ? exists('person') : null
    case 'person_removed':
      return access.people.get(event.person)?.active === true ? null : missing('person')
    case 'member_added':
      return (
        nameProblem('team', event.team) ??
        directoryProblem(access, event.team, context) ??
        personProblem(access, event.person)
      )
    case 'member_removed':
      if (context.actor.kind !== 'system' && access.directoryTeams.has(event.team))
        return directoryProblem(access, event.team, context)
      return access.teams.get(event.team)?.some((m) => m.person === event.person) === true
        ? null
        : missing('member')
    case 'role_granted':
      return personProblem(access, event.person) ?? reachProblem(access, event.workspace)
    case 'role_revoked':
      return access.bindings.some((binding) => sameBinding(binding, event)) ? null : missing('role')
    case 'workspace_created':
      return nameProblem('workspace', event.name) ?? newWorkspaceProblem(access, event)
    case 'token_issued':
      return tokenProblem(access, event, context)
    case 'token_revoked':
      return access.tokens.has(event.token) ? null : missing('token')
    default:
      return workspaceProblem(access, event)
  }
}

type WorkspaceEvent = Extract<
  AccessEvent,
  { type: 'labels_set' | 'owners_set' | 'target_pinned' | 'lineage_pinned' }
>

function workspaceProblem(access: Access, event: WorkspaceEvent): Refusal | null {
  if (!access.workspaces.has(event.workspace)) return missing('workspace')
  if (event.type === 'owners_set')
    return event.owners.map((id) => personProblem(access, id)).find((each) => each !== null) ?? null
  if (event.type === 'labels_set') return labelsProblem(event.labels)
  return event.type === 'target_pinned' ? pinProblem(event.pin) : null
}

/** What a workspace could not be pinned to. */
export function pinProblem(pin: PinnedTarget): Refusal | null {
  return JSON.stringify(pin).length > PIN_CHARACTERS_MAX
    ? invalid('a pinned target is at most 16,000 characters')
    : null
}

function labelsProblem(labels: { readonly [key: string]: string }): Refusal | null {
  const entries = Object.entries(labels)
  if (entries.length > LABELS_MAX) return invalid('a workspace has at most 50 labels')
  const bad = entries.find(([key, value]) => !NAME.test(key) || value.length > 200)
  return bad === undefined ? null : invalid(`label ${bad[0]} is not a plain name of 200 characters`)
}

function tokenProblem(
  access: Access,
  event: Extract<AccessEvent, { type: 'token_issued' }>,
  { now, actor }: AccessContext,
): Refusal | null {
  const taken = [...access.tokens.values()].some((t) => t.secretSha256 === event.secretSha256)
  if (access.tokens.has(event.token) || taken) return exists('token')
  if (event.expiresAt <= now || event.expiresAt > now + TOKEN_DAYS_MAX * 86_400_000)
    return invalid(`a token expires in the future, within ${TOKEN_DAYS_MAX} days`)
  const owner = ownerProblem(event, actor, now)
  if (owner !== null) return owner
  if (event.purpose !== 'admin' && event.verbs.length === 0)
    return invalid('a token needs at least one verb: open, execute, read')
  const reach = event.workspaces === 'all' ? [] : event.workspaces
  return (
    nameProblem('token', event.name) ??
    reach.map((id) => reachProblem(access, id)).find((each) => each !== null) ??
    null
  )
}

/** A terminal acts as its person, so nobody makes one for another. */
function ownerProblem(
  event: Extract<AccessEvent, { type: 'token_issued' }>,
  actor: Actor,
  now: Instant,
): Refusal | null {
  if (event.purpose !== 'person')
    return event.person === null ? null : invalid('only a terminal belongs to a person')
  if (event.person === null || actor.kind !== 'person' || actor.id !== event.person)
    return invalid('a terminal is connected by the person whose it is')
  return event.expiresAt > now + TERMINAL_DAYS_MAX * 86_400_000
    ? invalid(`a terminal stays connected for ${TERMINAL_DAYS_MAX} days at most`)
    : null
}

function directoryProblem(access: Access, team: string, { actor }: AccessContext): Refusal | null {
  return actor.kind !== 'system' && access.directoryTeams.has(team)
    ? invalid(`the members of ${team} come from the directory: change them there`)
    : null
}

/** An id that is taken would empty the workspace it names: labels, owners and pin. */
function newWorkspaceProblem(
  access: Access,
  event: Extract<AccessEvent, { type: 'workspace_created' }>,
): Refusal | null {
  const taken = [...access.workspaces.values()].some(({ name }) => name === event.name)
  return taken || access.workspaces.has(event.workspace) ? exists('workspace') : null
}

function personProblem(access: Access, person: Parameters<Access['people']['get']>[0]) {
  return access.people.get(person)?.active === true ? null : missing('person')
}

function reachProblem(
  access: Access,
  workspace: Parameters<Access['workspaces']['get']>[0] | 'all',
): Refusal | null {
  return workspace === 'all' || access.workspaces.has(workspace) ? null : missing('workspace')
}

function nameProblem(what: string, name: string): Refusal | null {
  return NAME.test(name)
    ? null
    : invalid(`a ${what} name has 1 to 200 of letters, digits, dot, dash, underscore, slash`)
}

/** Asking for what is already so gives no event; it is not an error. */
function isNoChange(access: Access, event: AccessEvent): boolean {
  if (event.type === 'member_added')
    return access.teams.get(event.team)?.some((m) => m.person === event.person) === true
  if (event.type === 'token_revoked') return access.tokens.get(event.token)?.revoked === true
  if (event.type === 'role_granted')
    return access.bindings.some((binding) => sameBinding(binding, event))
  return false
}

function exists(what: string): Refusal {
  return { code: 'already_exists', what }
}

function missing(what: string): Refusal {
  return { code: 'not_found', what }
}

function invalid(problem: string): Refusal {
  return { code: 'invalid_input', problems: [problem] }
}
