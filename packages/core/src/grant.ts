/**
 * A grant: the single-use permission to execute one change. It begins with `execution_started` and
 * ends with the outcome, when it is revoked, or when its time is up. Credentials are issued only while
 * it is live (change-credentials.ts); a workspace without a connection has none to issue, and there
 * the runner uses those it finds, as SECURITY.md says.
 *
 * What a runner says about its change is signed with the key it opened the change with, so that
 * another holder of the workspace's token cannot take the grant (threat: stolen token).
 */
import { canonicalText } from './canonical.ts'
import type { Change } from './change.ts'
import type { ChangeId, GrantId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Json } from './value.ts'

export interface Grant {
  readonly id: GrantId
  readonly change: ChangeId
  readonly issuedAt: Instant
  readonly until: Instant
}

export function grantOf(change: Change): Grant | null {
  const { execution } = change
  if (execution === null) return null
  const { grant: id, startedAt: issuedAt, until } = execution
  return { id, change: change.changeId, issuedAt, until }
}

/** A grant is live only while its change executes and its time is not up. */
export function isLive(change: Change, now: Instant): boolean {
  const grant = grantOf(change)
  const revoked = change.execution?.revoked ?? null
  return grant !== null && revoked === null && change.status === 'executing' && now < grant.until
}

export const RUNNER_ACTIONS = [
  'open',
  'adopt',
  'start',
  'refuse_start',
  'heartbeat',
  'finish',
  'credentials',
] as const
export type RunnerAction = (typeof RUNNER_ACTIONS)[number]

/**
 * The text a runner signs (Ed25519): domain, then the canonical statement. `body` is the request
 * as sent, so that no field of it can be exchanged.
 */
export function runnerStatement(statement: {
  readonly action: RunnerAction
  readonly change: ChangeId
  readonly body: Json
}): string {
  const { action, change, body } = statement
  return `holdpoint-runner-v1\n${canonicalText({ action, change, body })}`
}
