/**
 * From answers of DescribeChangeSet to whole change sets. An answer may be one page of several, and
 * a page that is not followed by its next is refused: it would read as a smaller change. A list of
 * answers may hold pages, nested change sets, and the same set described with and without values.
 */
import { field, isList, isMap, type Value, type ValueMap } from '../value.ts'
import type { PlanDocument } from './document.ts'
import { quote } from './parsed-plan.ts'
import { fieldsBesides, textOr, textOrNull } from './terraform-change.ts'

/** One change set, described once. */
export interface ChangeSet {
  readonly id: string | null
  /** All fields but `Changes` and `NextToken`, of its first page. */
  readonly fields: ValueMap
  readonly changes: readonly Value[]
}

export type ChangeSets =
  | { readonly ok: true; readonly sets: readonly ChangeSet[] }
  | { readonly ok: false; readonly message: string }

const PAGE_FIELDS: ReadonlySet<string> = new Set(['Changes', 'NextToken'])

const UNRESOLVED =
  'The change set goes on: it has a NextToken, and the page after it is not here; expected are ' +
  'all pages'

export function readChangeSets(document: PlanDocument): ChangeSets {
  const pages = document.kind === 'array' ? [...document.items()] : [document.whole()]
  const sets: ChangeSet[] = []
  let open: OpenSet | null = null
  for (const page of pages) {
    const problem = pageProblem(page, document.kind === 'array')
    if (problem !== null) return { ok: false, message: problem }
    const read = readPage(page)
    if (open !== null && open.id !== read.id) return { ok: false, message: UNRESOLVED }
    if (open === null) open = read
    else for (const change of read.changes) open.changes.push(change)
    if (goesOn(page)) continue
    sets.push(open)
    open = null
  }
  if (open !== null) return { ok: false, message: UNRESOLVED }
  return mergeDescriptions(sets)
}

function pageProblem(page: Value, isOneOfMany: boolean): string | null {
  if (!isMap(page)) return 'A change set is a JSON object; the list has something else in it'
  if (isOneOfMany && typeof field(page, 'ChangeSetId') !== 'string') {
    return 'One of the change sets in the list has no ChangeSetId'
  }
  const changes = field(page, 'Changes') ?? null
  if (changes === null) {
    return field(page, 'Status') === 'FAILED' ? null : 'The change set has no list of Changes'
  }
  if (!isList(changes)) return "The change set's Changes is not a list"
  const odd = changes.findIndex((change) => !isMap(change))
  return odd < 0 ? null : `Changes[${odd}] is not an object`
}

/** A change set of which more pages may follow. */
interface OpenSet extends ChangeSet {
  readonly changes: Value[]
}

function readPage(page: Value): OpenSet {
  const changes = field(page, 'Changes') ?? []
  return {
    id: textOrNull(field(page, 'ChangeSetId')),
    fields: Object.fromEntries(fieldsBesides(page, PAGE_FIELDS)),
    changes: isList(changes) ? [...changes] : [],
  }
}

/** Anything but an absent token is one. */
function goesOn(page: Value): boolean {
  return (field(page, 'NextToken') ?? null) !== null
}

/**
 * The same set may be described with and without property values, because the description with
 * them can leave resources out: each resource then stands in the plan once, and none is lost.
 */
function mergeDescriptions(sets: readonly ChangeSet[]): ChangeSets {
  const merged = new Map<string | null, ChangeSet>()
  for (const set of sets) {
    const other = merged.get(set.id)
    if (other === undefined) {
      merged.set(set.id, set)
      continue
    }
    const union = unite(other, set)
    if (typeof union === 'string') return { ok: false, message: union }
    merged.set(set.id, union)
  }
  return { ok: true, sets: [...merged.values()] }
}

function unite(one: ChangeSet, two: ChangeSet): ChangeSet | string {
  if (field(one.fields, 'Status') !== field(two.fields, 'Status')) return disagrees('Status')
  const byKey = new Map<string, Value>()
  for (const set of [one, two]) {
    const seen = new Set<string>()
    for (const change of set.changes) {
      const key = keyOf(change)
      if (seen.has(key)) return `A change set describes ${quote(key)} twice`
      seen.add(key)
      const other = byKey.get(key)
      const different = other === undefined ? null : differenceOf(other, change)
      if (different !== null) return disagrees(different)
      if (other === undefined || !hasValues(other)) byKey.set(key, change)
    }
  }
  const fields = isWarned(one.fields) ? two.fields : one.fields
  return { id: one.id, fields, changes: [...byKey.values()] }
}

function disagrees(what: string): string {
  return `Two descriptions of one change set disagree about ${what}`
}

function keyOf(change: Value): string {
  return textOr(field(field(change, 'ResourceChange'), 'LogicalResourceId'), '')
}

const MUST_AGREE = ['Action', 'Replacement', 'PolicyAction', 'ResourceType', 'ChangeSetId'] as const

function differenceOf(one: Value, two: Value): string | null {
  const [left, right] = [field(one, 'ResourceChange'), field(two, 'ResourceChange')]
  const different = MUST_AGREE.find((key) => {
    return (field(left, key) ?? null) !== (field(right, key) ?? null)
  })
  return different ?? null
}

function hasValues(change: Value): boolean {
  const given = field(change, 'ResourceChange')
  return ['BeforeContext', 'AfterContext'].some((key) => (field(given, key) ?? null) !== null)
}

/** CloudFormation says only here that it left something out of a description with values. */
export function isWarned(fields: ValueMap): boolean {
  return textOr(field(fields, 'StatusReason'), '').includes('[WARN]')
}
