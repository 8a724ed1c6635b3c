/**
 * Pulumi's operations as one word for each resource. A resource may take several steps: those of a
 * replacement are one replacement, and an operation that changes nothing never covers one that
 * does. What is not in the table is `unknown`.
 */
import type { Action } from '../plan.ts'

const WORDS: ReadonlyMap<string, Action> = new Map([
  ['same', 'noop'],
  ['refresh', 'noop'],
  ['discard', 'noop'],
  ['remove-pending-replace', 'noop'],
  ['create', 'create'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['read', 'read'],
  ['import', 'import'],
  ['replace', 'replace'],
  ['create-replacement', 'replace'],
  ['delete-replaced', 'replace'],
  ['read-replacement', 'replace'],
  ['discard-replaced', 'replace'],
  ['import-replacement', 'replace'],
])

/** Where steps of one resource differ, the first of these that is among them. */
const WORST_FIRST: readonly Action[] = [
  'unknown',
  'replace',
  'delete',
  'update',
  'create',
  'import',
  'read',
]

export function actionOfOp(op: string): Action {
  return WORDS.get(op) ?? 'unknown'
}

export function actionOfOps(ops: readonly string[]): Action {
  const actions = new Set(ops.map(actionOfOp))
  if (actions.has('delete') && actions.has('create') && !actions.has('unknown')) return 'replace'
  return WORST_FIRST.find((action) => actions.has(action)) ?? 'noop'
}
