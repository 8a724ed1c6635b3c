/** Counts of the ten actions in words. */
import { ACTION_LOOKS, type Action, DANGER_ORDER } from '@holdpoint/core'
import { count, grouped } from './words.ts'

/** The looks of core, for every piece of the page. */
export const LOOKS = ACTION_LOOKS

/** Something that exists is lost. */
export function destroys(action: Action): boolean {
  return action === 'delete' || action === 'replace'
}

export type Counts = { readonly [action: string]: number }

/** Counts in order of danger, without what is zero, reads and no-ops. */
export function presentActions(
  counts: Counts,
): readonly { readonly action: Action; readonly count: number }[] {
  return DANGER_ORDER.filter((action) => action !== 'noop' && action !== 'read')
    .map((action) => ({ action, count: counts[action] ?? 0 }))
    .filter((each) => each.count > 0)
}

/** `delete 1, replace 1, update 3, run 1 program`. */
export function countsText(counts: Counts, programs: number): string {
  const parts = presentActions(counts).map(
    (each) => `${ACTION_LOOKS[each.action].verb} ${grouped(each.count)}`,
  )
  const invoked = counts['invoke'] ?? 0
  if (invoked > 0) parts.push(`invoke ${invoked}`)
  // Part of what is approved: a program can do more than every resource beside it.
  if (programs > 0) parts.push(`run ${count(programs, 'program')}`)
  return parts.join(', ')
}

export function approveLabel(counts: Counts, programs: number): string {
  const text = countsText(counts, programs)
  return text === '' ? 'Approve: change no resource' : `Approve: ${text}`
}
