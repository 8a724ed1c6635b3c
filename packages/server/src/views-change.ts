/** The whole change page, but for the plan: findings, who is needed, who decided, what happened. */

import type { views } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Change,
  type Decision,
  type Digest,
  HEARTBEAT_LOST_MS,
  missingSlots,
  parseEntry,
  permits,
  sharesState,
  withoutHidden,
} from '@holdpoint/core'
import { z } from 'zod'
import { issuedViews, revokedView } from './grants-view.ts'
import { pageOrigin } from './relying-party.ts'
import type { Services } from './services.ts'
import { findEvidence } from './store/evidence.ts'
import { findTexts } from './store/texts.ts'
import { glassFactsFor, glassView } from './views-glass.ts'
import type { Names } from './views-names.ts'
import { findHeartbeat, leavesOfStream, unresolvedIn } from './views-queries.ts'
import { mayReadHidden, rowOf, type Viewer } from './views-row.ts'
import { slotViews } from './views-slots.ts'
import { isLastForRelease, youOf } from './views-you.ts'

export type ChangeViewValue = z.input<typeof views.ChangeView>
type FindingView = ChangeViewValue['findings'][number]

export async function changeView(
  change: Change,
  viewer: Viewer,
  services: Services,
): Promise<ChangeViewValue> {
  const { names } = viewer
  const { kysely } = services.database
  const texts = await findTexts(kysely, digestsOf(change))
  return {
    ...(await rowOf(change, viewer)),
    glass: glassView(change, viewer, texts),
    binding: change.binding,
    flags: change.flags,
    target: change.target,
    bindsTarget: bindsNow(change, viewer),
    sameStateAs: sameStateAs(change, viewer),
    runner: { trust: change.runner.trust, waiting: await isWaiting(change, viewer, services) },
    words: change.words === null ? null : (texts.get(change.words) ?? null),
    pipeline: change.pipeline,
    evaluation: await evaluationOf(change, viewer, services),
    findings: await findingsOf(change, viewer, services),
    slots: await slotViews(change, viewer, services),
    missing: missingSlots(change, viewer),
    decisions: change.decisions.map((decision) => decisionView(decision, names, texts)),
    releasedUntil: change.releasedUntil,
    execution: executionOf(change, viewer, texts),
    outcome: change.outcome,
    resolution: change.resolution,
    supersededBy: change.supersededBy,
    unresolvedBefore: await unresolvedIn(kysely, change),
    timeline: await timelineOf(change, names, services),
    you: youOf(change, viewer, await glassFactsFor(change, viewer, services)),
    lastForRelease: isLastForRelease(change, viewer),
    url: `${pageOrigin(services)}/c/${change.changeId}`,
  }
}

/** It was opened where nothing was bound, and nothing is since: its release will bind. */
function bindsNow({ bindsTarget, workspace }: Change, { access }: Viewer): boolean {
  return bindsTarget && access.workspaces.get(workspace)?.pin === null
}

function sameStateAs(change: Change, viewer: Viewer): readonly (string | null)[] {
  if (!bindsNow(change, viewer)) return []
  const { access, actor, now } = viewer
  const sharing = [...access.workspaces.values()].filter(
    ({ id, pin, lineage }) =>
      id !== change.workspace && pin !== null && sharesState({ ...pin, lineage }, change.target),
  )
  return sharing.map(({ id, name }) => {
    const asked = { action: 'see_change', on: { workspace: id }, now } as const
    return permits(access, actor, asked) ? name : null
  })
}

function digestsOf(change: Change): readonly Digest[] {
  const reasons = change.decisions.map((decision) => decision.reason)
  const glass = [change.glass?.reason ?? null, change.glass?.review?.reason ?? null]
  const revoked = change.execution?.revoked?.reason ?? null
  return [change.words, ...reasons, ...glass, revoked].filter((digest) => digest !== null)
}

/** A runner waits when it listens, or when it beat less than a minute ago. */
async function isWaiting(change: Change, viewer: Viewer, services: Services): Promise<boolean> {
  const opener = change.openedBy.id
  if (opener !== null && services.streams.isListening(change.changeId, opener)) return true
  const heartbeat = await findHeartbeat(services.database.kysely, change.changeId)
  return heartbeat !== null && viewer.now - heartbeat.at < HEARTBEAT_LOST_MS
}

async function evaluationOf(
  { evaluation, workspace }: Change,
  { access, actor, now }: Viewer,
  { database }: Services,
): Promise<ChangeViewValue['evaluation']> {
  if (evaluation === null) return null
  const { scope: digest } = evaluation
  // It names what the plan names.
  const mayRead = permits(access, actor, { action: 'read_plan', on: { workspace }, now })
  const bytes =
    digest === undefined || !mayRead
      ? null
      : await findEvidence(database.kysely, { workspace, digest })
  const scope = bytes === null ? null : nodePrimitives.text(bytes)
  const { verdict, allowedBy, requirement, policyRevision, evaluatedAt } = evaluation
  return { verdict, allowedBy, requirement, policyRevision, evaluatedAt, scope }
}

function executionOf(
  change: Change,
  viewer: Viewer,
  texts: ReadonlyMap<Digest, string>,
): ChangeViewValue['execution'] {
  if (change.execution === null) return null
  const { startedAt, until, verifiedBy, endedAt } = change.execution
  const credentials = issuedViews(change, viewer.access)
  const revoked = revokedView(change.execution, viewer.names, texts)
  return { startedAt, until, verifiedBy, ...revoked, endedAt, credentials }
}

const KeptFindings = z.object({
  findings: z.array(
    z.object({
      rule: z.string(),
      outcome: z.enum(['allow', 'hold', 'deny']),
      message: z.string(),
      resources: z.array(z.string()),
      error: z.string().nullable(),
      hidden: z.literal(true).exactOptional(),
    }),
  ),
})

async function findingsOf(
  change: Change,
  viewer: Viewer,
  services: Services,
): Promise<readonly FindingView[]> {
  if (change.evaluation === null) return []
  const place = { workspace: change.workspace, digest: change.evaluation.findings }
  const bytes = await findEvidence(services.database.kysely, place)
  if (bytes === null) return []
  const { findings } = KeptFindings.parse(JSON.parse(nodePrimitives.text(bytes)))
  return mayReadHidden(viewer, { workspace: change.workspace }) ? findings : withoutHidden(findings)
}

function decisionView(
  decision: Decision,
  names: Names,
  texts: ReadonlyMap<Digest, string>,
): ChangeViewValue['decisions'][number] {
  return {
    person: names.actor({ kind: 'person', id: decision.person }),
    decision: decision.decision,
    assurance: decision.assurance,
    at: decision.at,
    reason: decision.reason === null ? null : (texts.get(decision.reason) ?? null),
  }
}

async function timelineOf(
  change: Change,
  names: Names,
  services: Services,
): Promise<ChangeViewValue['timeline']> {
  const leaves = await leavesOfStream(services.database.kysely, change.changeId)
  return leaves.map((leaf) => {
    const parsed = parseEntry(leaf.data, nodePrimitives)
    if (!parsed.ok) throw new Error(`entry ${leaf.seq} cannot be read: ${parsed.problem}`)
    const { seq, at, actor, event } = parsed.entry
    return { seq, at, actor: names.actor(actor), type: event.type, event }
  })
}
