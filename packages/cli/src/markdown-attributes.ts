/**
 * The values of one change as lines for a `diff` fence: what goes with `-`, what comes with `+`,
 * what nobody can see with `!`. Texts are quoted, so that none of them can be taken for our words.
 * The lines are as the plan has them, hostile until the fence rendered them.
 */
import {
  type AttributeRow,
  attributesOf,
  type DiffLine,
  type ResourceChange,
  type Shown,
} from '@holdpoint/core'
import { counted } from './render-text.ts'

export function attributeLines(change: ResourceChange): readonly string[] {
  const { attributes, folded, unchanged } = attributesOf(change)
  const lines = attributes.flatMap((attribute) => attribute.rows.flatMap(rowLines))
  const same = unchanged + attributes.reduce((sum, attribute) => sum + attribute.same, 0)
  return [
    ...lines,
    ...(folded.length === 0 ? [] : [`+ decided at apply: ${folded.join(', ')}`]),
    ...(same === 0 ? [] : [`  ${counted(same, 'value')} unchanged`]),
  ]
}

function rowLines(row: AttributeRow): readonly string[] {
  const label = row.label === '' ? 'all of it' : row.label
  const after = tail(row)
  if (row.effect === 'undetermined') return [`! ${label} is hidden, cannot be compared${after}`]
  if (row.effect === 'same') return [`  ${label} = ${sideText(row.after)}${after}`]
  const hidden = row.before.kind === 'hidden' && row.after.kind === 'hidden'
  if (hidden) return [`! ${label} changes, hidden${after}`]
  if (row.lines.length > 0) return [`! ${label} changes${after}`, ...row.lines.map(diffLine)]
  const removed = `- ${label} = ${sideText(row.before)}`
  const added = `+ ${label} = ${sideText(row.after)}`
  if (row.effect === 'added') return [added + after]
  if (row.effect === 'removed') return [removed + after]
  return [removed, added + after]
}

function tail(row: AttributeRow): string {
  const note = row.note === null ? '' : `  # only ${row.note} differs`
  return row.forcesReplacement ? `${note}  # forces the replacement` : note
}

function diffLine(line: DiffLine): string {
  if (line.kind === 'fold') return `      ${counted(line.count, 'line')} that stay`
  return `${{ same: ' ', removed: '-', added: '+' }[line.kind]}     ${line.text}`
}

function sideText(side: Shown): string {
  switch (side.kind) {
    case 'absent':
      return 'not set'
    case 'hidden':
      return 'hidden'
    case 'unknown':
      return 'decided at apply'
    case 'text':
      return JSON.stringify(side.text)
    case 'value':
      return side.text
  }
}
