/**
 * Single-key shortcuts. None of them signs anything: `A` opens the sheet and no more. Off while
 * typing, with a modifier, and by one switch.
 */
export type Command =
  | 'next'
  | 'previous'
  | 'open'
  | 'up'
  | 'next_destroyed'
  | 'approve_sheet'
  | 'reject'
  | 'copy_id'
  | 'previous_tab'
  | 'next_tab'
  | 'filter'
  | 'go_inbox'
  | 'go_history'
  | 'go_grants'
  | 'go_log'
  | 'keys'

export interface Press {
  readonly key: string
  readonly modifier: boolean
  /** In a field, or on a control that uses the key itself. */
  readonly typing: boolean
}

export interface KeyState {
  /** `G` was pressed and waits for where to. */
  readonly going: boolean
}

export const AT_REST: KeyState = { going: false }

const SINGLE: { readonly [key: string]: Command } = {
  j: 'next',
  k: 'previous',
  o: 'open',
  enter: 'open',
  u: 'up',
  d: 'next_destroyed',
  a: 'approve_sheet',
  r: 'reject',
  c: 'copy_id',
  '[': 'previous_tab',
  ']': 'next_tab',
  '/': 'filter',
  '?': 'keys',
}
const AFTER_G: { readonly [key: string]: Command } = {
  i: 'go_inbox',
  h: 'go_history',
  g: 'go_grants',
  l: 'go_log',
}

export function pressKey(
  state: KeyState,
  press: Press,
): { readonly state: KeyState; readonly command: Command | null } {
  if (press.modifier || press.typing) return { state: AT_REST, command: null }
  const key = press.key.toLowerCase()
  if (state.going) return { state: AT_REST, command: own(AFTER_G, key) }
  if (key === 'g') return { state: { going: true }, command: null }
  return { state: AT_REST, command: own(SINGLE, key) }
}

function own(table: { readonly [key: string]: Command }, key: string): Command | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null
}

export interface KeyLine {
  readonly keys: readonly string[]
  readonly does: string
}

export const KEY_LIST: readonly KeyLine[] = [
  { keys: ['J', 'K'], does: 'next, previous' },
  { keys: ['Enter', 'O'], does: 'open' },
  { keys: ['U'], does: 'back' },
  { keys: ['D'], does: 'next destroyed that was not shown yet' },
  { keys: ['[', ']'], does: 'previous, next tab' },
  { keys: ['/'], does: 'filter' },
  { keys: ['A'], does: 'open the approve sheet; it never approves' },
  { keys: ['R'], does: 'reject with a reason' },
  { keys: ['C'], does: 'copy the change’s id' },
  { keys: ['G', 'I'], does: 'inbox' },
  { keys: ['G', 'H'], does: 'history' },
  { keys: ['G', 'G'], does: 'grants' },
  { keys: ['G', 'L'], does: 'log' },
  { keys: ['?'], does: 'this list' },
]
