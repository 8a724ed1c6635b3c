/**
 * Credentials of an execution: what may be issued, for how long, and when no more. Intent before
 * effect: `execution_started` is the intent; an issue is recorded before it is handed out, and never
 * holds the credential itself. After the grant's end only the state may still be saved (DESIGN §7).
 */
import type { Change, ChangeEvent } from './change.ts'
import {
  accept,
  type ChangeAnswer,
  type ChangeCommand,
  type DecideContext,
  refuse,
} from './change-commands.ts'
import { CREDENTIAL_MS_MAX, GRACE_MS_MAX } from './connection.ts'
import type { Instant } from './instant.ts'
import type { Refusal } from './refusals.ts'

export type IssuePurpose = 'apply' | 'state'

/** When the grant stopped: killed, at its time, or because nobody was heard of. `null`: it is live. */
export function grantEndedAt(change: Change, now: Instant): Instant | null {
  const { execution } = change
  if (execution === null) return null
  const ends = [execution.revoked?.at ?? null, execution.endedAt].filter((each) => each !== null)
  if (now >= execution.until) ends.push(execution.until)
  return ends.length === 0 ? null : Math.min(...ends)
}

/** Until when a credential of this purpose may live; a refusal where none may be had, now. */
export function credentialUntil(
  change: Change,
  purpose: IssuePurpose,
  now: Instant,
):
  | { readonly ok: true; readonly until: Instant }
  | { readonly ok: false; readonly refusal: Refusal } {
  const { execution, status } = change
  if (execution === null) return no({ code: 'grant_not_live', why: 'not_started' })
  if (status !== 'executing' && status !== 'outcome_unknown')
    return no({ code: 'grant_not_live', why: 'finished' })
  const endedAt = grantEndedAt(change, now)
  if (purpose === 'state') {
    const until = (endedAt ?? now) + GRACE_MS_MAX
    return now < until ? { ok: true, until } : no({ code: 'grant_not_live', why: 'expired' })
  }
  if (execution.revoked !== null) return no({ code: 'grant_not_live', why: 'revoked' })
  if (endedAt !== null) return no({ code: 'grant_not_live', why: 'expired' })
  return { ok: true, until: execution.until }
}

function no(refusal: Refusal) {
  return { ok: false, refusal } as const
}

type Issue = Extract<ChangeCommand, { type: 'issue_credentials' }>
type Revoke = Extract<ChangeCommand, { type: 'revoke_grant' }>

export function issueCredentials(
  change: Change,
  command: Issue,
  context: DecideContext,
): ChangeAnswer {
  if (command.runnerKey !== change.runner.publicKey) return refuse({ code: 'other_runner' })
  const { issue } = command
  const allowed = credentialUntil(change, issue.purpose, context.now)
  if (!allowed.ok) return refuse(allowed.refusal)
  const problem = issueProblem(change, { issue, until: allowed.until }, context)
  return problem === null ? accept({ type: 'credentials_issued', ...issue }) : refuse(problem)
}

type Issued = Omit<Extract<ChangeEvent, { type: 'credentials_issued' }>, 'type'>

/** What is wrong with an issue beside its time; also asked of the log. */
export function issueProblem(
  change: Change,
  asked: { readonly issue: Issued; readonly until: Instant },
  { access, now }: Pick<DecideContext, 'access' | 'now'>,
): Refusal | null {
  const { issue, until } = asked
  const connection = access.connections.get(issue.connection)
  if (connection === undefined || connection.workspace !== change.workspace)
    return { code: 'not_found', what: 'connection' }
  if (issue.ask <= (change.execution?.lastAsk ?? 0)) return { code: 'asked_before' }
  if (issue.until > until || issue.until <= now)
    return { code: 'invalid_input', problems: ['a credential ends with its grant'] }
  if (issue.until - now > CREDENTIAL_MS_MAX)
    return { code: 'invalid_input', problems: ['a credential lives one hour at most'] }
  return null
}

/** The kill switch: from here nothing is issued or renewed but what saves the state. */
export function revokeGrant(change: Change, command: Revoke, context: DecideContext): ChangeAnswer {
  if (change.execution === null) return refuse({ code: 'grant_not_live', why: 'not_started' })
  if (change.execution.revoked !== null) return accept()
  if (change.status !== 'executing' && change.status !== 'outcome_unknown')
    return refuse({ code: 'grant_not_live', why: 'finished' })
  if (grantEndedAt(change, context.now) !== null && context.now >= change.execution.until)
    return refuse({ code: 'grant_not_live', why: 'expired' })
  return accept({ type: 'grant_revoked', reason: command.reason })
}
