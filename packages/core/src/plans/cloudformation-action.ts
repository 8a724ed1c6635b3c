/**
 * What a change set says of one resource as one word. What may replace counts as a replacement,
 * and words that do not fit together, or are not known, are `unknown`: a change set must not look
 * smaller than it can turn out.
 */
import type { Action } from '../plan.ts'
import { field, isList, type Value } from '../value.ts'

const REPLACES: ReadonlySet<Value> = new Set(['True', 'Conditional'])
const REPLACING_POLICIES: ReadonlySet<Value> = new Set([
  'ReplaceAndDelete',
  'ReplaceAndRetain',
  'ReplaceAndSnapshot',
])
/** What happens to the object of a resource that is removed. */
const REMOVAL: ReadonlyMap<Value, Action> = new Map<Value, Action>([
  [null, 'delete'],
  ['Delete', 'delete'],
  ['Snapshot', 'delete'],
  ['Retain', 'forget'],
])

/** `change` is a ResourceChange of DescribeChangeSet. */
export function cloudformationAction(change: Value): Action {
  const replacement = field(change, 'Replacement') ?? null
  const policy = field(change, 'PolicyAction') ?? null
  switch (field(change, 'Action')) {
    case 'Add':
      return 'create'
    case 'Remove':
      return REMOVAL.get(policy) ?? 'unknown'
    case 'Import':
      return replacement === null || replacement === 'False' ? 'import' : 'unknown'
    case 'Modify':
      return modification(change, replacement, policy)
    default:
      return 'unknown'
  }
}

function modification(change: Value, replacement: Value, policy: Value): Action {
  if (REPLACES.has(replacement) || REPLACING_POLICIES.has(policy)) return 'replace'
  if (policy !== null) return 'unknown'
  if (replacement !== null && replacement !== 'False') return 'unknown'
  const details = field(change, 'Details') ?? []
  if (!isList(details)) return 'unknown'
  return details.some((detail) => recreates(detail, replacement)) ? 'replace' : 'update'
}

/** Where nothing is said of the whole, what may recreate does; else only what surely does. */
function recreates(detail: Value, replacement: Value): boolean {
  const recreation = field(field(detail, 'Target'), 'RequiresRecreation')
  if (replacement === null) return recreation === 'Always' || recreation === 'Conditionally'
  const isSure = field(detail, 'Evaluation') === 'Static'
  return recreation === 'Always' && isSure && field(detail, 'ChangeSource') !== 'NoModification'
}

/** The tool's own words. */
export function cloudformationWords(change: Value): readonly string[] {
  const words: string[] = []
  const action = field(change, 'Action')
  const replacement = field(change, 'Replacement')
  const policy = field(change, 'PolicyAction')
  if (typeof action === 'string') words.push(action)
  if (typeof replacement === 'string') words.push(`Replacement ${replacement}`)
  if (typeof policy === 'string') words.push(policy)
  return words
}
