/** Broken glass in the terminal: whom it would pass by, and what became of it where it was broken. */
import type { Reply } from '@holdpoint/api/client'
import { clock, safe } from './render-text.ts'

type ChangeView = Reply<'change'>
type Glass = NonNullable<ChangeView['glass']>

export const GLASS_NEVER =
  'It never passes by a rule that denies, the plan’s fingerprint, the pinned target, or the log'

/** What breaking it would do, for whoever thinks of it. */
export function breakLines({ slots, workspace }: ChangeView): readonly string[] {
  const people = [...new Set(slots.flatMap((slot) => slot.candidates.map(({ name }) => name)))]
  const whom = people.length === 0 ? 'nobody who could decide now' : people.map(safe).join(', ')
  return [
    `Passes by  ${whom}; they see it at once`,
    GLASS_NEVER,
    `Needs a reason of 20 characters, the name ${safe(workspace.name)} typed, and your passkey`,
    'Somebody else reviews it within 72 hours, or you cannot do it again',
  ]
}

/** On a change whose glass was broken; nothing on every other. */
export function glassLines(glass: Glass | null, now: number): readonly string[] {
  if (glass === null) return []
  const by = glass.by.name ?? glass.by.id ?? 'somebody'
  const reason = glass.reason === null ? 'the reason was erased' : safe(glass.reason)
  const head = `BREAK-GLASS  by ${safe(by)} at ${clock(glass.at, now)}: ${reason}`
  return [head, `      ${reviewText(glass, now)}`]
}

function reviewText({ review, reviewed, reviewUntil, reviewers }: Glass, now: number): string {
  if (reviewed !== null) {
    const by = reviewed.by.name ?? reviewed.by.id ?? 'somebody'
    const said = reviewed.reason === null ? '' : `: ${safe(reviewed.reason)}`
    return `reviewed by ${safe(by)}, ${reviewed.finding.replace('_', ' ')}${said}`
  }
  const names = reviewers.map(({ name }) => safe(name)).join(', ')
  const whom = names === '' ? 'an owner' : names
  const until = clock(reviewUntil, now)
  return review === 'overdue'
    ? `review OVERDUE since ${until}: ${whom}`
    : `review owed until ${until}: ${whom}`
}
