/**
 * Terraform's and OpenTofu's action lists as one word each. What is not in the table is `unknown`,
 * never `noop`: a tool of next year must not slip a change past a rule of today.
 */
import type { Action } from '../plan.ts'
import { isList, type Value } from '../value.ts'

const WORDS: ReadonlyMap<string, Action> = new Map([
  ['no-op', 'noop'],
  ['create', 'create'],
  ['read', 'read'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['forget', 'forget'],
  ['delete create', 'replace'],
  ['create delete', 'replace'],
  ['create forget', 'replace'],
])

/** The lists of actions that Terraform itself writes, and the word for each; first, no change. */
export const ACTION_TEXTS: readonly (readonly [text: string, action: Action])[] = [
  ...WORDS.entries(),
].map(([words, action]) => [JSON.stringify(words.split(' ')), action])

/** A no-op that imports or moves is a change of state, and counts as what it does. */
export function actionOf(
  actions: readonly string[],
  also: { readonly imports: boolean; readonly moves: boolean },
): Action {
  const action = WORDS.get(actions.join(' ')) ?? 'unknown'
  if (action !== 'noop') return action
  if (also.imports) return 'import'
  return also.moves ? 'move' : 'noop'
}

/** The tool's own words. A list with anything but text in it is no list of actions. */
export function actionWords(value: Value | undefined): readonly string[] {
  if (value === undefined || !isList(value)) return []
  const words: string[] = []
  for (const word of value) {
    if (typeof word !== 'string') return []
    words.push(word)
  }
  return words
}
