/** Counts of the ten actions in words. */
import { ACTION_LOOKS, type Action, DANGER_ORDER } from '@holdpoint/core'
import { grouped } from './words.ts'

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

/** `delete 1, replace 1, update 3`. */
export function countsText(counts: Counts): string {
  const parts = presentActions(counts).map(
    ({ action, count }) => `${ACTION_LOOKS[action].verb} ${grouped(count)}`,
  )
  const invoked = counts['invoke'] ?? 0
  if (invoked > 0) parts.push(`invoke ${invoked}`)
  return parts.join(', ')
}

export function approveLabel(counts: Counts): string {
  const text = countsText(counts)
  return text === '' ? 'Approve: change no resource' : `Approve: ${text}`
}
