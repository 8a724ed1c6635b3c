/** A change as an agent reads it: what decides about it first, what others typed last. */
import type { Reply } from '@holdpoint/api/client'
import { isoInstant } from '@holdpoint/core'
import { plainInk } from '../render.ts'
import { statusLine } from '../render-change.ts'
import { askedBy } from '../render-text.ts'

export type ChangeView = Reply<'change'>
type Row = Reply<'changes'>['changes'][number]

/** Wide enough that nothing of it is left out. */
const MANNER = { ink: plainInk, columns: 10_000, full: true }

export function changeDocument(view: ChangeView, now: number): object {
  const { evaluation } = view
  return {
    ...rowDocument(view),
    /** Who moves next, in words. */
    next: statusLine(view, { ...MANNER, now }),
    allowedBy: evaluation?.allowedBy ?? null,
    requirement: evaluation?.requirement ?? null,
    needed: view.slots.map(({ slot, filledBy, candidates }) => ({
      from: slot.from,
      count: slot.count,
      filledBy: filledBy.map((each) => each.name),
      canBeFilledBy: candidates.map((each) => each.name),
    })),
    bindsTarget: view.bindsTarget,
    releasedUntil: instant(view.releasedUntil),
    runnerWaits: view.runner.waiting,
    outcome: view.outcome,
    resolution: view.resolution,
    supersededBy: view.supersededBy,
    unresolvedBefore: view.unresolvedBefore,
    fingerprint: view.binding.fingerprint,
    policyRevision: evaluation?.policyRevision ?? null,
    findings: view.findings,
    decisions: view.decisions.map(({ person, decision, assurance, at, reason }) => ({
      person: person.name,
      decision,
      assurance,
      at: instant(at),
      reason,
    })),
    words: view.words,
  }
}

export function rowDocument(row: Row | ChangeView): object {
  return {
    id: row.id,
    status: row.status,
    verdict: row.verdict,
    workspace: row.workspace.name,
    headline: row.headline,
    summary: row.summary,
    rules: row.rules,
    approvals: `${row.slotsFilled} of ${row.slotsTotal}`,
    openedBy: askedBy(row),
    agent: row.agent,
    yours: row.yours,
    openedAt: instant(row.openedAt),
    expiresAt: instant(row.dueAt),
    ...('url' in row ? { page: row.url } : {}),
  }
}

function instant(at: number | null): string | null {
  return at === null ? null : isoInstant(at)
}
