/** Grants that are live or that a cloud still honours: for the page and the terminal of the operator. */
import type { credentials as schemas } from '@holdpoint/api'
import type { Access, Change, Instant } from '@holdpoint/core'
import type { z } from 'zod'
import type { Services } from './services.ts'
import { EVERY_CHANGE, type Sight } from './views-queries.ts'
import type { Viewer } from './views-row.ts'

type GrantView = z.input<typeof schemas.GrantView>
export type IssuedView = z.input<typeof schemas.IssuedCredentialView>

/** Changes whose grant may still matter, newest first. */
const STATUSES = ['executing', 'outcome_unknown', 'applied', 'failed'] as const
const LOOKED_AT_MAX = 200

export async function grantViews(
  sight: Sight,
  viewer: Viewer,
  services: Services,
): Promise<readonly GrantView[]> {
  const filter = { ...EVERY_CHANGE, sight, statuses: STATUSES, limit: LOOKED_AT_MAX }
  const records = await services.gate.changes(filter)
  const views: GrantView[] = []
  for (const { change } of records) {
    const view = await grantView(change, viewer)
    if (view !== null) views.push(view)
  }
  return views
}

async function grantView(change: Change, viewer: Viewer): Promise<GrantView | null> {
  const { execution } = change
  if (execution === null || !matters(change, viewer.now)) return null
  const { grant, startedAt, until, revokedAt, endedAt } = execution
  return {
    grant,
    change: change.changeId,
    workspace: viewer.names.workspace(change.workspace),
    headline: (await viewer.planLines.of(change)).headline,
    startedAt,
    until,
    revokedAt,
    endedAt,
    credentials: issuedViews(change, viewer.access),
  }
}

function matters(change: Change, now: Instant): boolean {
  if (change.status === 'executing') return true
  return change.execution?.credentials.some(({ until }) => until > now) === true
}

export function issuedViews(change: Change, access: Access): readonly IssuedView[] {
  return (change.execution?.credentials ?? []).map((each) => {
    const connection = access.connections.get(each.connection)
    return { ...each, kind: connection?.kind ?? null, account: connection?.account ?? null }
  })
}
