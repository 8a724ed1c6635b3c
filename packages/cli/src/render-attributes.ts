/**
 * Attributes on the terminal. In short: one line that may be cut. Whole: every value, line by line,
 * because people approve what is written here; nothing is left out, and what is cut says its length.
 */
import {
  type AttributeRow,
  type DiffLine,
  diffResource,
  phraseText,
  type ResourceChange,
  safeLines,
  unknownFieldsWords,
} from '@holdpoint/core'
import { counted, cutEnd, safe } from './render-text.ts'

const SHORT_MAX = 36

export function shortAttribute(row: AttributeRow): string {
  return attributeText(row, shortSide)
}

export function shortSide(side: AttributeRow['before']): string {
  return side.kind === 'text' || side.kind === 'value'
    ? cutEnd(safe(side.text), SHORT_MAX)
    : opaqueText(side.kind)
}

/** Every attribute that comes, goes or changes; what a new object only gets at apply is one line. */
export function wholeAttributes(resource: ResourceChange): readonly string[] {
  const { rows } = diffResource(resource)
  const folds = (row: AttributeRow) => isComputed(row)
  const computed = rows.filter(folds).map((row) => labelOf(row))
  const lines = rows.filter((row) => !folds(row)).flatMap(wholeAttribute)
  return computed.length === 0 ? lines : [...lines, `decided at apply: ${computed.join(', ')}`]
}

/** What the entry says besides, in words that this version does not know: one line, or none. */
export function unknownFieldLines(resource: ResourceChange): readonly string[] {
  const words = unknownFieldsWords(resource)
  return words.length === 0 ? [] : [safe(phraseText(words))]
}

/** Nothing that exists is lost by it, and it forces nothing. */
function isComputed({ before, after, forcesReplacement }: AttributeRow): boolean {
  return before.kind === 'absent' && after.kind === 'unknown' && !forcesReplacement
}

function wholeAttribute(row: AttributeRow): readonly string[] {
  const forces = row.forcesReplacement ? ' (forces the replacement)' : ''
  if (row.lines.length > 0) {
    return [`${labelOf(row)} changes${forces}`, ...row.lines.map(differingLine)]
  }
  const { before, after } = row
  const several = [before, after].find((side) => side.kind === 'text' && side.text.includes('\n'))
  if (several?.kind === 'text' && (row.effect === 'added' || row.effect === 'removed')) {
    const end = row.effect === 'added' ? ' =' : ' is removed'
    const texts = safeLines(several.text).map((line) => `  | ${line.text}`)
    return [`${labelOf(row)}${end}${forces}`, ...texts]
  }
  return [`${attributeText(row, wholeSide)}${forces}`]
}

function differingLine(line: DiffLine): string {
  if (line.kind === 'fold') return `  … ${counted(line.count, 'line')} that stay`
  const sign = { same: ' ', removed: '-', added: '+' }[line.kind]
  return `  | ${sign} ${safe(line.text)}`
}

function wholeSide(side: AttributeRow['before']): string {
  return side.kind === 'text' || side.kind === 'value' ? safe(side.text) : opaqueText(side.kind)
}

/** A whole object can be hidden, and then nothing in it has a name. */
function labelOf(row: AttributeRow): string {
  return row.label === '' ? 'all of it' : safe(row.label)
}

function opaqueText(kind: 'absent' | 'hidden' | 'unknown'): string {
  if (kind === 'absent') return 'absent'
  return kind === 'hidden' ? '[hidden]' : 'decided at apply'
}

function attributeText(row: AttributeRow, text: (side: AttributeRow['before']) => string): string {
  const label = labelOf(row)
  const note = row.note === null ? '' : ` (only ${row.note} differs)`
  if (row.effect === 'undetermined') return `${label} [hidden]`
  const before = text(row.before)
  const after = text(row.after)
  if (row.effect === 'same') return `${label} = ${after}, as it is`
  if (row.effect === 'added') return `${label} = ${after}${note}`
  if (row.effect === 'removed') return `${label} ${before} -> removed${note}`
  return `${label} ${before} -> ${after}${note}`
}
