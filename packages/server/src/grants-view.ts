/** Grants that are live or that a cloud still honours: for the page and the terminal of the operator. */
import type { credentials as schemas } from '@holdpoint/api'
import {
  type Access,
  type Change,
  CREDENTIAL_MS_MAX,
  type Digest,
  describe,
  type Execution,
  type Instant,
  isLive,
  permits,
  type WorkspaceId,
} from '@holdpoint/core'
import type { z } from 'zod'
import type { Services } from './services.ts'
import { findTexts } from './store/texts.ts'
import type { Names } from './views-names.ts'
import { EVERY_CHANGE, firstEntryAt, type Sight } from './views-queries.ts'
import { revokeRefusal } from './views-revoke.ts'
import type { Viewer } from './views-row.ts'

type GrantView = z.input<typeof schemas.GrantView>
export type IssuedView = z.input<typeof schemas.IssuedCredentialView>

/** What has ended, or was given up: it matters only as long as a cloud takes what it was given. */
const OVER = ['outcome_unknown', 'applied', 'failed'] as const
const GRANTS_MAX = 1_000

export async function grantViews(
  viewer: Viewer,
  services: Services,
): Promise<readonly GrantView[]> {
  const sight = sightOfGrants(viewer)
  const { kysely } = services.database
  const filter = { ...EVERY_CHANGE, sight, limit: GRANTS_MAX }
  const issuedFrom = await firstEntryAt(kysely, viewer.now - CREDENTIAL_MS_MAX)
  const running = await services.gate.changes({ ...filter, statuses: ['executing'] })
  const ended = await services.gate.changes({ ...filter, statuses: OVER, issuedFrom })
  const started = [...running, ...ended].flatMap(({ change }) => startedOf(change, viewer.now))
  const reasons = started.flatMap(({ execution }) => execution.revoked?.reason ?? [])
  const texts = await findTexts(kysely, reasons)
  return Promise.all(started.map((each) => grantView(each, viewer, texts)))
}

/** Where one may see changes, and where one may stop them: an admin stops what they may not read. */
function sightOfGrants(viewer: Viewer): Sight {
  return [...viewer.access.workspaces.keys()].filter(
    (workspace) => may(viewer, 'see_change', workspace) || may(viewer, 'revoke_grant', workspace),
  )
}

function may(
  { access, actor, now }: Viewer,
  action: 'see_change' | 'revoke_grant',
  workspace: WorkspaceId,
): boolean {
  return permits(access, actor, { action, on: { workspace }, now })
}

async function grantView(
  { change, execution }: Started,
  viewer: Viewer,
  texts: ReadonlyMap<Digest, string>,
): Promise<GrantView> {
  const { grant, startedAt, until, endedAt } = execution
  const { workspace } = change
  const isSeen = may(viewer, 'see_change', workspace)
  const refusal = revokeRefusal(change, viewer)
  return {
    grant,
    change: change.changeId,
    workspace: viewer.names.workspace(workspace),
    headline: isSeen ? (await viewer.planLines.of(change)).headline : null,
    requester: viewer.names.actor(change.openedBy),
    door: change.door,
    startedAt,
    until,
    ...revokedView(execution, viewer.names, texts),
    endedAt,
    live: isLive(change, viewer.now),
    credentials: issuedViews(change, viewer.access),
    you: { revoke: refusal === null ? null : describe(refusal) },
  }
}

interface Started {
  readonly change: Change
  readonly execution: Execution
}

function startedOf(change: Change, now: Instant): readonly Started[] {
  const { execution, status } = change
  if (execution === null) return []
  const matters = status === 'executing' || execution.credentials.some(({ until }) => until > now)
  return matters ? [{ change, execution }] : []
}

export function revokedView(
  { revoked }: Execution,
  names: Names,
  texts: ReadonlyMap<Digest, string>,
): Pick<GrantView, 'revokedAt' | 'revokedBy' | 'revokedBecause'> {
  if (revoked === null) return { revokedAt: null, revokedBy: null, revokedBecause: null }
  const { at, by, reason } = revoked
  const revokedBecause = reason === null ? null : (texts.get(reason) ?? null)
  return { revokedAt: at, revokedBy: names.actor(by), revokedBecause }
}

export function issuedViews(change: Change, access: Access): readonly IssuedView[] {
  return (change.execution?.credentials ?? []).map((each) => {
    const connection = access.connections.get(each.connection)
    return { ...each, kind: connection?.kind ?? null, account: connection?.account ?? null }
  })
}
