/**
 * Connections in access: who may set what credentials become, and what is recorded when one for
 * planning is issued. A role typed into a workspace does not make it that workspace's: the cloud has
 * to trust exactly this workspace and phase, and `doctor --cloud` shows whether it does (threat C3).
 */
import type { Access, AccessEvent } from './access.ts'
import type { Actor } from './actor.ts'
import { type Connection, KEPT_KINDS, PLAN_CREDENTIAL_MS_MAX } from './connection.ts'
import { sameSettings } from './credential-scope.ts'
import type { Instant } from './instant.ts'
import type { Refusal } from './refusals.ts'

const CONNECTION_EVENTS = [
  'connection_set',
  'connection_removed',
  'plan_credentials_issued',
  'connection_tried',
  'issuer_rotated',
] as const

export type ConnectionEvent = Extract<AccessEvent, { type: (typeof CONNECTION_EVENTS)[number] }>

const SETTINGS_MAX = 20
const SETTINGS_CHARACTERS_MAX = 16_000

export function isConnectionEvent(event: AccessEvent): event is ConnectionEvent {
  return CONNECTION_EVENTS.some((each) => each === event.type)
}

export function connectionProblem(
  access: Access,
  event: ConnectionEvent,
  { now, actor }: { readonly now: Instant; readonly actor: Actor },
): Refusal | null {
  switch (event.type) {
    case 'connection_set':
      return settingProblem(access, event)
    case 'connection_removed':
    case 'connection_tried':
      return access.connections.has(event.connection) ? null : missing('connection')
    case 'plan_credentials_issued': {
      if (actor.kind !== 'system') return invalid('only the server issues credentials')
      const connection = access.connections.get(event.connection)
      if (connection === undefined) return missing('connection')
      if (connection.plan === null)
        return { code: 'no_plan_credentials', connection: connection.id }
      return event.until > now + PLAN_CREDENTIAL_MS_MAX
        ? invalid('a credential for planning lives for 15 minutes at most')
        : null
    }
    case 'issuer_rotated':
      return event.dropped.includes(event.key) ? invalid('the new key is among the old') : null
  }
}

type Setting = Extract<ConnectionEvent, { type: 'connection_set' }>

function settingProblem(access: Access, event: Setting): Refusal | null {
  if (!access.workspaces.has(event.workspace)) return missing('workspace')
  const before = access.connections.get(event.connection)
  if (before !== undefined && before.workspace !== event.workspace)
    return invalid('a connection stays with its workspace: set another one')
  if (before !== undefined && before.kind !== event.kind)
    return invalid('a connection stays of its kind: set another one')
  if (before !== undefined && leadsElsewhere(before, event))
    return invalid(
      'this workspace has a connection of this kind, and its address and settings stay as they are, ' +
        'because its tokens are trusted there: remove it and set another one, which nobody trusts yet',
    )
  const names = [event.account, event.apply, event.audience]
  if (names.some((each) => each.trim() === '') || event.plan?.trim() === '')
    return invalid('account, identities and audience are not empty')
  if (event.plan === event.apply)
    return invalid('planning and applying have identities of their own: one may only read')
  const pairs = Object.entries(event.settings)
  const isLong = JSON.stringify(event.settings).length > SETTINGS_CHARACTERS_MAX
  if (pairs.length > SETTINGS_MAX || isLong)
    return invalid(`a connection has at most ${SETTINGS_MAX} settings of 16,000 characters in all`)
  return sameKindProblem(access, event) ?? audienceProblem(access, event)
}

/**
 * Whoever could send the tokens of a trusted subject to an address of his own could show them where
 * they are trusted. A cloud that the server asks itself never sees another's.
 */
function leadsElsewhere(before: Connection, { kind, account, settings }: Setting): boolean {
  if (KEPT_KINDS.includes(kind)) return false
  return before.account !== account || !sameSettings(before.settings, settings)
}

/** The tool has one source of credentials of a kind, so a workspace has one connection of it. */
function sameKindProblem(access: Access, event: Setting): Refusal | null {
  const others = [...access.connections.values()].filter((each) => each.id !== event.connection)
  return others.some(({ workspace, kind }) => workspace === event.workspace && kind === event.kind)
    ? invalid(
        `this workspace has a connection of the kind ${event.kind} already: set that one anew`,
      )
    : null
}

/**
 * A token that leaves the server must never be one that a cloud takes which the server asks itself
 * (threat C2), so the two never share an audience.
 */
function audienceProblem(access: Access, event: Setting): Refusal | null {
  const isKept = (kind: Connection['kind']) => KEPT_KINDS.includes(kind)
  const clash = [...access.connections.values()].find(
    (each) => each.audience === event.audience && isKept(each.kind) !== isKept(event.kind),
  )
  if (clash !== undefined)
    return invalid(`the audience ${event.audience} is that of a connection whose tokens stay here`)
  const isStsAudience = !isKept(event.kind) && /(?:^|\.|\/)sts\.amazonaws\.com/.test(event.audience)
  return isStsAudience ? invalid('tokens for AWS never leave the server') : null
}

export function evolveConnections(access: Access, event: ConnectionEvent, at: Instant): Access {
  switch (event.type) {
    case 'connection_set': {
      const { type: _, connection: id, ...rest } = event
      return {
        ...access,
        connections: new Map(access.connections).set(id, { ...rest, id, since: at }),
      }
    }
    case 'connection_removed': {
      const connections = new Map(access.connections)
      connections.delete(event.connection)
      return { ...access, connections }
    }
    case 'plan_credentials_issued':
    case 'connection_tried':
    case 'issuer_rotated':
      return access
  }
}

function missing(what: string): Refusal {
  return { code: 'not_found', what }
}

function invalid(problem: string): Refusal {
  return { code: 'invalid_input', problems: [problem] }
}
