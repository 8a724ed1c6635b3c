/** Broken glass in sentences: whom it passes by, what it never passes by, and who owes a review. */
import { GLASS_REASON_CHARACTERS_MIN } from '@holdpoint/core'
import { type Moment, moment } from './time.ts'
import type { ChangeView } from './wire.ts'
import { approverName, list } from './words.ts'

type Glass = NonNullable<ChangeView['glass']>

export const NEVER_SKIPPED = [
  'A rule that denies',
  'That exactly this plan runs, in the place its workspace is pinned to',
  'The log, with your name, your reason and your passkey',
] as const

/** The people who could still decide and are not waited for, each once. */
export function skippedPeople({ slots }: ChangeView): readonly string[] {
  return [...new Set(slots.flatMap((slot) => slot.candidates.map(({ name }) => name)))]
}

export function breakButton(change: ChangeView): string {
  const teams = [...new Set(change.missing.flatMap((slot) => slot.from.map(approverName)))]
  const does = change.runner.waiting ? 'apply now' : 'release now'
  return `Tell ${list(teams, 'and') || 'the others'}, and ${does}`
}

export interface Typed {
  readonly reason: string
  readonly workspace: string
}

/** What is still missing before it can be done; `null` when nothing is. */
export function whyNotBreak(typed: Typed, workspace: string): string | null {
  const missing = GLASS_REASON_CHARACTERS_MIN - [...typed.reason.trim()].length
  if (missing > 0) return `Say why: ${missing} more characters.`
  return typed.workspace.trim() === workspace ? null : `Type ${workspace} to confirm.`
}

export function brokenBy({ by, at }: Glass, when: Moment): string {
  return `${by.name ?? 'Somebody'} broke the glass ${moment(at, when)}`
}

/** Who owes what until when, or what was found. */
export function reviewWords(glass: Glass, when: Moment): string {
  const { reviewed, reviewers, review, reviewUntil } = glass
  if (reviewed !== null) {
    const found = reviewed.finding === 'justified' ? 'justified' : 'not justified'
    return `${reviewed.by.name ?? 'Somebody'} found it ${found} ${moment(reviewed.at, when)}.`
  }
  const names = reviewers.map(({ name, you }) => (you ? 'you' : name))
  const whom = list(names, 'or') || 'an owner of the workspace'
  const until = moment(reviewUntil, when)
  return review === 'overdue'
    ? `Its review by ${whom} is overdue since ${until}.`
    : `A review is owed until ${until}, by ${whom}.`
}
