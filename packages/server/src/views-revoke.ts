/**
 * Whether the one who looks may stop what runs, by the very rule that decides. `null` means yes, and
 * only while it would stop something: of a grant that is over nobody is offered to end it.
 */
import { type Change, isLive, permits, type Refusal, whoMay } from '@holdpoint/core'
import type { Looker } from './views-you.ts'

export function revokeRefusal(change: Change, looker: Looker): Refusal | null {
  const { actor, access, now } = looker
  const action = 'revoke_grant'
  if (!permits(access, actor, { action, on: { workspace: change.workspace }, now }))
    return { code: 'not_permitted', action, needs: whoMay(action) }
  return isLive(change, now) ? null : { code: 'grant_not_live', why: whyNotLive(change) }
}

function whyNotLive({
  execution,
  status,
}: Change): Extract<Refusal, { code: 'grant_not_live' }>['why'] {
  if (execution === null) return 'not_started'
  if (execution.revoked !== null) return 'revoked'
  return status === 'executing' ? 'expired' : 'finished'
}
