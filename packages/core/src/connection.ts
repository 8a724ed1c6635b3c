/**
 * A connection: one cloud account or cluster that a workspace acts in, with what its credentials
 * become for planning and for applying. The same words for every kind; what a kind makes of them is
 * its adapter's. What a token is for is fixed here and never asked for by a caller (DESIGN §7).
 */
import type { ConnectionId, WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'

export const CONNECTION_KINDS = ['aws', 'google', 'azure', 'kubernetes', 'vault', 'oidc'] as const
export type ConnectionKind = (typeof CONNECTION_KINDS)[number]

export const PHASES = ['plan', 'apply'] as const
export type Phase = (typeof PHASES)[number]

export interface Connection {
  readonly id: ConnectionId
  readonly workspace: WorkspaceId
  readonly kind: ConnectionKind
  /** Account, project, subscription, cluster or address that it leads to. */
  readonly account: string
  /** What a credential becomes: role, service account, client. `plan: null`: none for planning. */
  readonly apply: string
  readonly plan: string | null
  /** The one audience of its tokens. */
  readonly audience: string
  /** What its kind needs besides, by name. */
  readonly settings: { readonly [name: string]: string }
  readonly since: Instant
}

/** A credential for planning lives so long at most (DESIGN §7). */
export const PLAN_CREDENTIAL_MS_MAX = 15 * 60_000
/** A token that leaves the server lives so long at most. */
export const RAW_TOKEN_MS_MAX = 5 * 60_000
/** No credential lives longer; whoever asks what a cloud still takes looks back no further. */
export const CREDENTIAL_MS_MAX = 60 * 60_000
/** The credential that only saves state, and the time in which it may be had after the grant's end. */
export const GRACE_MS_MAX = 10 * 60_000

/** Tokens of these kinds never leave the server; it exchanges them itself. */
export const KEPT_KINDS: readonly ConnectionKind[] = ['aws']

/** The `sub` of every token: ids only, so it may stand in a cloud's own log. */
export function subjectOf(connection: Pick<Connection, 'id' | 'workspace'>, phase: Phase): string {
  return `workspace:${connection.workspace}:phase:${phase}:to:${connection.id}`
}

/** What a role that trusts the server itself must demand (confused deputy). */
export function externalIdOf(workspace: WorkspaceId, phase: Phase): string {
  return `workspace:${workspace}:phase:${phase}`
}

export function connectionsOf(
  connections: ReadonlyMap<ConnectionId, Connection>,
  workspace: WorkspaceId,
): readonly Connection[] {
  return [...connections.values()]
    .filter((each) => each.workspace === workspace)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
}
