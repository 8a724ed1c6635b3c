/**
 * Many resources that change in the same way become one line with an example; what is odd stays
 * outside. Equal shape: same action, module, type and the very same attribute differences.
 */
import { attributesOf } from '@holdpoint/core'
import type { Row } from './rows.ts'

export interface Group {
  readonly kind: 'group'
  readonly key: string
  readonly rows: readonly Row[]
  readonly example: Row
}
export interface Single {
  readonly kind: 'row'
  readonly key: string
  readonly row: Row
}
export type ListItem = Group | Single

export const GROUP_MIN = 21

/** Keeps the order of the rows: a group stands where its first row stood. */
export function groupRows(rows: readonly Row[]): readonly ListItem[] {
  if (rows.length < GROUP_MIN) return rows.map(single)
  const byShape = new Map<string, Row[]>()
  for (const row of rows) {
    const shape = shapeOf(row)
    const members = byShape.get(shape)
    if (members === undefined) byShape.set(shape, [row])
    else members.push(row)
  }
  const items: ListItem[] = []
  for (const row of rows) {
    const members = byShape.get(shapeOf(row)) ?? [row]
    if (members.length < GROUP_MIN) items.push(single(row))
    else if (members[0] === row) items.push(group(members, row))
  }
  return items
}

function single(row: Row): Single {
  return { kind: 'row', key: row.key, row }
}

function group(rows: readonly Row[], example: Row): Group {
  return { kind: 'group', key: `group ${example.key}`, rows, example }
}

const shapes = new WeakMap<Row, string>()

function shapeOf(row: Row): string {
  const known = shapes.get(row)
  if (known !== undefined) return known
  const shape = JSON.stringify([row.action, row.module, row.change.type, row.rules, parts(row)])
  shapes.set(row, shape)
  return shape
}

/** A destroyed object differs from another by its values; what is lost is equal by kind. */
function parts(row: Row): readonly unknown[] {
  if (row.action === 'delete' || row.action === 'forget') return []
  const { attributes, folded } = attributesOf(row.change)
  const rows = attributes.flatMap((each) => each.rows)
  if (row.action === 'create') return [attributes.map((each) => each.name), folded]
  return rows.map((each) => [each.label, each.effect, each.before, each.after])
}

export const PAGE_ROWS = 300

/** How many of the items to draw: whole pages, never cutting what is destroyed on the first. */
export function page(items: readonly ListItem[], pages: number): readonly ListItem[] {
  return items.slice(0, PAGE_ROWS * pages)
}
