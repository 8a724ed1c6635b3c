/**
 * When a change may execute: the question its requirement asks, the release that its evaluation and
 * decisions give, and when what is open expires. Shared by decide, start, effects and the page.
 */
import type { Access } from './access.ts'
import { liveKeys } from './access-people.ts'
import { type Question, standing } from './approval.ts'
import type { Change, ChangeEvent, Evaluated } from './change.ts'
import type { Instant } from './instant.ts'
import type { Slot } from './verdict.ts'

export type Released = Extract<ChangeEvent, { type: 'released' }>

/** The release that a change's evaluation and decisions give, or `null` while people are missing. */
export function releaseOf(
  change: Change,
  context: { readonly now: Instant; readonly access: Access },
): Released | null {
  const { evaluation } = change
  if (evaluation === null || evaluation.verdict === 'deny') return null
  if (evaluation.verdict === 'allow')
    return { type: 'released', by: 'allow', until: endOfRelease(change, allowedUntil(evaluation)) }
  const question = questionOf(change, context.now)
  if (question === null) return null
  if (standing(context.access, question, change.decisions).satisfied) {
    const until = context.now + evaluation.releaseForSeconds * 1000
    return { type: 'released', by: 'approvals', until: endOfRelease(change, until) }
  }
  const until = glassUntil(change, context)
  if (until === null) return null
  return { type: 'released', by: 'break_glass', until: endOfRelease(change, until) }
}

/** Broken glass lets a change go on for this long, whatever a policy says of releases. */
export const GLASS_RELEASE_MS = 15 * 60 * 1000

/** Whoever loses the right, or the passkey, before it starts has broken nothing. */
function glassUntil(
  { glass, binding }: Change,
  { access, now }: { readonly now: Instant; readonly access: Access },
): Instant | null {
  if (glass === null || glass.fingerprint !== binding.fingerprint) return null
  const { person, key } = glass
  const may = access.breakGlass.has(person)
  if (!may || !liveKeys(access, person).some((each) => each.id === key)) return null
  const until = glass.at + GLASS_RELEASE_MS
  return now < until ? until : null
}

/** The life of an `allow` begins when the rules were read, not when that was recorded (I11). */
export function allowedUntil(evaluation: Evaluated): Instant {
  return evaluation.evaluatedAt + evaluation.allowForSeconds * 1000
}

/** A re-evaluation never makes a release last longer than the one it replaces. */
function endOfRelease(change: Change, until: Instant): Instant {
  return Math.min(until, change.expiresAt, change.releaseCap ?? until)
}

/** What decisions on this change are held against; `null` when it asks nobody. */
export function questionOf(change: Change, now: Instant): Question | null {
  const requirement = change.evaluation?.requirement ?? null
  if (requirement === null) return null
  return {
    fingerprint: change.binding.fingerprint,
    requirement,
    excluded: change.requester.excluded,
    openedAt: change.openedAt,
    now,
  }
}

/** When an open change expires: its release if it has one, else the hold, never after the plan. */
export function dueAt(change: Change): Instant {
  if (change.releasedUntil !== null) return Math.min(change.releasedUntil, change.expiresAt)
  const requirement = change.evaluation?.requirement ?? null
  const hold = requirement === null ? null : change.openedAt + requirement.expiresSeconds * 1000
  return hold === null ? change.expiresAt : Math.min(hold, change.expiresAt)
}

/** Slots that are still open, with the count that is missing; empty when it asks nobody. */
export function missingSlots(
  change: Change,
  { access, now }: { readonly access: Access; readonly now: Instant },
): readonly Slot[] {
  const question = questionOf(change, now)
  return question === null ? [] : standing(access, question, change.decisions).missing
}
