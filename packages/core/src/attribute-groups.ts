/**
 * The attributes of one resource as pages show them: the rows of its difference, gathered under
 * their top-level attribute. What is decided at apply without having been anything folds into one line, except
 * where it forces a replacement.
 */
import { type AttributeRow, diffResource } from './attribute-diff.ts'
import type { ResourceChange } from './plan.ts'

export interface AttributeView {
  readonly name: string
  readonly rows: readonly AttributeRow[]
  readonly forces: boolean
  /** Rows below it that stay as they are and are not drawn. */
  readonly same: number
  readonly tags: readonly string[]
}

export interface AttributesView {
  readonly attributes: readonly AttributeView[]
  /** Labels of what is only decided at apply. */
  readonly folded: readonly string[]
  readonly unchanged: number
}

const cache = new WeakMap<ResourceChange, AttributesView>()

/** Computed once per resource: rows, sentences and groups all ask for it. */
export function attributesOf(change: ResourceChange): AttributesView {
  const known = cache.get(change)
  if (known !== undefined) return known
  const view = compute(change)
  cache.set(change, view)
  return view
}

function compute(change: ResourceChange): AttributesView {
  const diff = diffResource(change)
  const folds = (row: AttributeRow) => isComputed(change, row)
  const kept = diff.rows.filter((row) => !folds(row))
  return {
    attributes: gather(kept),
    folded: diff.rows.filter(folds).map((row) => row.label),
    unchanged: diff.unchanged,
  }
}

/** A new object's own computed values: nothing that exists is lost by them. */
function isComputed(change: ResourceChange, row: AttributeRow): boolean {
  if (row.after.kind !== 'unknown' || row.forcesReplacement) return false
  if (change.action === 'create') return true
  return change.action === 'replace' && !row.path.slice(1).includes('/')
}

function gather(rows: readonly AttributeRow[]): readonly AttributeView[] {
  const groups = new Map<string, AttributeRow[]>()
  for (const row of rows) {
    const name = topOf(row)
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  return [...groups].map(([name, members]) => {
    const rows = members.some(differs) ? members.filter(isWorthShowing) : members
    return {
      name,
      rows,
      forces: members.some((row) => row.forcesReplacement),
      same: members.length - rows.length,
      tags: tagsOf(members),
    }
  })
}

function differs(row: AttributeRow): boolean {
  return row.effect !== 'same'
}

/** What forces a replacement is all listed by core; beside what differs, equal parts only fold. */
function isWorthShowing(row: AttributeRow): boolean {
  return differs(row) || row.before.kind === 'hidden' || row.after.kind === 'hidden'
}

function topOf(row: AttributeRow): string {
  const step = row.path.split('/')[1] ?? row.label
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function tagsOf(rows: readonly AttributeRow[]): readonly string[] {
  const tags = new Set<string>()
  for (const row of rows) {
    if (row.insideJsonText) tags.add('JSON in text')
    if (row.matchedBy !== null) tags.add(`by ${row.matchedBy}`)
  }
  return [...tags]
}
