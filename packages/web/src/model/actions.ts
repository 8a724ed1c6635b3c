/** The ten actions: word, glyph, fill. The three always come together; hue is only the fourth. */
import { type Action, DANGER_ORDER } from '@holdpoint/core'
import { grouped } from './words.ts'

export interface ActionLook {
  readonly word: string
  readonly glyph:
    | 'minus'
    | 'replace'
    | 'leave'
    | 'question'
    | 'plus'
    | 'tilde'
    | 'enter'
    | 'arrow'
    | 'dot'
  readonly fill: 'solid' | 'outline' | 'dashed' | 'none'
  /** As on the approve button: `delete 1`. */
  readonly verb: string
}

export const LOOKS: { readonly [A in Action]: ActionLook } = {
  delete: { word: 'Delete', glyph: 'minus', fill: 'solid', verb: 'delete' },
  replace: { word: 'Replace', glyph: 'replace', fill: 'solid', verb: 'replace' },
  forget: { word: 'Forget', glyph: 'leave', fill: 'dashed', verb: 'forget' },
  unknown: { word: 'Unknown', glyph: 'question', fill: 'dashed', verb: 'unknown' },
  create: { word: 'Create', glyph: 'plus', fill: 'outline', verb: 'create' },
  update: { word: 'Update', glyph: 'tilde', fill: 'outline', verb: 'update' },
  import: { word: 'Import', glyph: 'enter', fill: 'outline', verb: 'import' },
  move: { word: 'Move', glyph: 'arrow', fill: 'outline', verb: 'move' },
  read: { word: 'Read', glyph: 'dot', fill: 'none', verb: 'read' },
  noop: { word: 'No change', glyph: 'dot', fill: 'none', verb: 'leave' },
}

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
    ({ action, count }) => `${LOOKS[action].verb} ${grouped(count)}`,
  )
  const invoked = counts['invoke'] ?? 0
  if (invoked > 0) parts.push(`invoke ${invoked}`)
  return parts.join(', ')
}

export function approveLabel(counts: Counts): string {
  const text = countsText(counts)
  return text === '' ? 'Approve: change no resource' : `Approve: ${text}`
}
