/** How one attribute row is drawn: which of the value cases it is, with its texts. */
import type { AttributeRow } from './attribute-diff.ts'
import type { DiffLine } from './line-diff.ts'

export interface Side {
  readonly before: string
  /** What differs between the two sides. */
  readonly part: string
  readonly after: string
}

export type ValueLook =
  | { readonly kind: 'inline'; readonly old: string; readonly now: string }
  | { readonly kind: 'two_lines'; readonly old: Side; readonly now: Side }
  | { readonly kind: 'one'; readonly sign: '+' | '-' | '='; readonly text: string }
  | { readonly kind: 'hidden'; readonly text: string; readonly by: 'tool' | 'detection' }
  | { readonly kind: 'unknown'; readonly old: string | null }
  | { readonly kind: 'lines'; readonly lines: readonly DiffLine[] }

const INLINE_MAX = 40

export function lookOf(row: AttributeRow): ValueLook {
  const hiddenBy = hiddenSide(row)
  if (hiddenBy !== null) return { kind: 'hidden', text: HIDDEN[row.effect], by: hiddenBy }
  if (row.after.kind === 'unknown') return { kind: 'unknown', old: textOf(row.before) }
  if (row.lines.length > 0) return { kind: 'lines', lines: row.lines }
  const old = textOf(row.before)
  const now = textOf(row.after)
  if (row.effect === 'same') return { kind: 'one', sign: '=', text: now ?? old ?? 'null' }
  if (row.effect === 'added') return { kind: 'one', sign: '+', text: now ?? 'null' }
  if (row.effect === 'removed') return { kind: 'one', sign: '-', text: old ?? 'null' }
  return changed(old ?? 'null', now ?? 'null')
}

const HIDDEN: { readonly [E in AttributeRow['effect']]: string } = {
  added: 'set, hidden',
  removed: 'removed, hidden',
  changed: 'changed, hidden',
  same: 'same, hidden',
  undetermined: 'hidden, cannot be compared',
}

function hiddenSide(row: AttributeRow): 'tool' | 'detection' | null {
  if (row.after.kind === 'hidden') return row.after.by
  return row.before.kind === 'hidden' ? row.before.by : null
}

function textOf(side: AttributeRow['before']): string | null {
  if (side.kind === 'value') return side.text
  if (side.kind === 'text') return side.text === '' ? '""' : side.text
  return null
}

function changed(old: string, now: string): ValueLook {
  const short = Math.max(old.length, now.length) <= INLINE_MAX
  if (short) return { kind: 'inline', old, now }
  return { kind: 'two_lines', ...splitDifference(old, now) }
}

/** The common beginning and end of two texts, never inside a surrogate pair. */
export function splitDifference(
  old: string,
  now: string,
): { readonly old: Side; readonly now: Side } {
  const left = [...old]
  const right = [...now]
  const most = Math.min(left.length, right.length)
  let start = 0
  while (start < most && left[start] === right[start]) start += 1
  let end = 0
  while (end < most - start && left.at(-1 - end) === right.at(-1 - end)) end += 1
  const side = (signs: readonly string[]): Side => ({
    before: signs.slice(0, start).join(''),
    part: signs.slice(start, signs.length - end).join(''),
    after: signs.slice(signs.length - end).join(''),
  })
  return { old: side(left), now: side(right) }
}

/** A whole object can be hidden, and then nothing in it has a name. */
export function attributeTitle(name: string): string {
  return name === '' ? 'all of it' : name
}

/** Which part of the attribute called `name` a row is: `Statement[0]`; null for the whole of it. */
export function labelWithin({ label }: AttributeRow, name: string): string | null {
  if (label === name) return null
  return label.startsWith(name) ? label.slice(name.length).replace(/^\./, '') : label
}

export function noteText(row: AttributeRow): string | null {
  if (row.note === 'formatting') return 'Only formatting differs.'
  if (row.note === 'white space') return 'Only white space differs.'
  if (row.note === 'order') return 'The tool lists it as changed, because the order moved.'
  return null
}
