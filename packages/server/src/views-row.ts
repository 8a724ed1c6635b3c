/** One change as a row of the inbox and of lists. */
import type { views } from '@holdpoint/api'
import {
  type Change,
  type Digest,
  dueAt,
  isOpen,
  permits,
  questionOf,
  type Resource,
  remindedAt,
  type SlotState,
  standing,
} from '@holdpoint/core'
import type { z } from 'zod'
import type { PlanLines } from './plan-lines.ts'
import { glassRow, owesReview } from './views-glass.ts'
import type { Names } from './views-names.ts'
import { decisionRefusal, type Looker } from './views-you.ts'

export type ChangeRowView = z.input<typeof views.ChangeRow>

export interface Viewer extends Looker {
  readonly names: Names
  readonly planLines: PlanLines
  /** What somebody typed; `null` once it was erased. */
  readonly text: (digest: Digest) => Promise<string | null>
}

export function mayReadHidden({ access, actor, now }: Looker, on: Resource): boolean {
  return permits(access, actor, { action: 'read_hidden', on, now })
}

export async function rowOf(change: Change, viewer: Viewer): Promise<ChangeRowView> {
  const { names } = viewer
  const line = await viewer.planLines.of(change)
  const slots = slotsOf(change, viewer)
  return {
    id: change.changeId,
    workspace: { id: change.workspace, name: names.workspace(change.workspace) },
    tool: change.tool,
    door: change.door,
    status: change.status,
    headline: line.headline,
    summary: line.summary,
    requester: names.actor(change.openedBy),
    agent: change.requester.kind === 'agent',
    agentName: change.agentName === undefined ? null : await viewer.text(change.agentName),
    openedAt: change.openedAt,
    dueAt: isOpen(change.status) ? dueAt(change) : null,
    verdict: change.evaluation?.verdict ?? null,
    rules: change.evaluation?.rules ?? [],
    slotsFilled: slots.reduce((sum, slot) => sum + slot.filledBy.length, 0),
    slotsTotal: slots.reduce((sum, slot) => sum + slot.slot.count, 0),
    glass: glassRow(change, viewer),
    needsYou: needsYou(change, viewer),
    remindedAt: viewer.actor.kind === 'person' ? remindedAt(change, viewer.actor.id, viewer) : null,
    yours: isYours(change, viewer),
  }
}

export type HistoryRowView = z.input<typeof views.HistoryRow>

/** The row with what became of it and who decided; a decision that was taken back is gone. */
export async function historyRowOf(change: Change, viewer: Viewer): Promise<HistoryRowView> {
  return {
    ...(await rowOf(change, viewer)),
    decided: change.decisions.map(({ person, decision, at }) => ({
      person: viewer.names.actor({ kind: 'person', id: person }),
      decision,
      at,
    })),
    outcome: change.outcome,
    resolution: change.resolution,
  }
}

export function slotsOf(change: Change, looker: Looker): readonly SlotState[] {
  const question = questionOf(change, looker.now)
  return question === null ? [] : standing(looker.access, question, change.decisions).slots
}

/** A decision, an outcome or a review is missing that is yours to give. */
export function needsYou(change: Change, looker: Looker): boolean {
  if (owesReview(change, looker)) return true
  if (change.status === 'outcome_unknown') return mayResolve(change, looker)
  return change.status === 'held' && decisionRefusal(change, looker, 'approve') === null
}

function mayResolve(change: Change, { actor, access }: Looker): boolean {
  if (actor.kind !== 'person' || change.requester.excluded.includes(actor.id)) return false
  return access.workspaces.get(change.workspace)?.owners.includes(actor.id) === true
}

export function isYours(change: Change, { actor }: Looker): boolean {
  if (actor.kind === 'system') return false
  return change.requester.id === actor.id || change.openedBy.id === actor.id
}
