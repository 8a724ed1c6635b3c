/**
 * When a hold that is still open speaks up again. A reminder changes nothing about who counts, so it
 * is neither an event nor in what people sign: it follows from the requirement and the time.
 */
import type { Access } from './access.ts'
import { standing } from './approval.ts'
import type { Change } from './change.ts'
import type { PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import { questionOf } from './release.ts'
import type { Slot } from './verdict.ts'

/** When a slot reminds, in order. */
function remindersOf(
  { remindSeconds }: Slot,
  { openedAt }: Pick<Change, 'openedAt'>,
): readonly Instant[] {
  return (remindSeconds ?? []).map((seconds) => openedAt + seconds * 1000)
}

/** The last reminder of a slot that was due, or else its first; `null` where it has none. */
export function reminderOf(
  slot: Slot,
  { openedAt, now }: Pick<Change, 'openedAt'> & { readonly now: Instant },
): { readonly at: Instant; readonly isDue: boolean } | null {
  const times = remindersOf(slot, { openedAt })
  const last = times.findLast((at) => at <= now)
  const at = last ?? times[0]
  return at === undefined ? null : { at, isDue: last !== undefined }
}

/** When whoever looks at a change has to look again, though nothing was recorded. */
export function wakesOf(change: Change): readonly Instant[] {
  const slots = change.evaluation?.requirement?.slots ?? []
  const times = slots.flatMap((slot) => [
    ...remindersOf(slot, change),
    ...(slot.escalate === undefined ? [] : [change.openedAt + slot.escalate.afterSeconds * 1000]),
  ])
  return [...new Set(times)].toSorted((one, other) => one - other)
}

/** The newest reminder of a slot that is open and that this person could fill; `null` without one. */
export function remindedAt(
  change: Change,
  person: PersonId,
  { access, now }: { readonly access: Access; readonly now: Instant },
): Instant | null {
  const question = change.status === 'held' ? questionOf(change, now) : null
  if (question === null) return null
  const { slots } = standing(access, question, change.decisions)
  const due = slots.flatMap(({ slot, filledBy, candidates }) =>
    filledBy.length < slot.count && candidates.includes(person)
      ? remindersOf(slot, change).filter((at) => at <= now)
      : [],
  )
  return due.length === 0 ? null : Math.max(...due)
}
