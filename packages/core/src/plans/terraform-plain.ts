/**
 * An entry of `resource_changes` as a PlainChange, where the scan told it by its own text. Whatever
 * it did not is read as a value: this is a shorter way to the same digest, never a second opinion.
 */
import { type JsonSlice, OUTLINED, type ToldElement } from '../json-outline.ts'
import type { Action } from '../plan.ts'
import type { PlainChange } from './plain-change.ts'
import { ACTION_TEXTS, actionWords } from './terraform-action.ts'

const IN = OUTLINED

interface Acted {
  readonly actions: readonly string[]
  readonly action: Action
}

const ACTED: readonly Acted[] = ACTION_TEXTS.map(([text, action]) => ({
  actions: actionWords(JSON.parse(text)),
  action,
}))

export function plainChange(slice: JsonSlice): PlainChange | null {
  const told = slice.told()
  const acted = told === null ? undefined : ACTED[told.actions]
  if (told === null || acted === undefined) return null
  const { written, digest } = told
  // Without its digest it would be missing among those of the plan.
  if (digest === null && acted.action !== 'noop') return null
  const reason = written[IN.action_reason] ?? ''
  return {
    address: fresh(written[IN.address] ?? ''),
    deposed: null,
    previousAddress: null,
    module: inQuotes(written[IN.module_address]),
    mode: written[IN.mode] === '"data"' ? 'data' : 'managed',
    type: inQuotes(written[IN.type]),
    name: inQuotes(written[IN.name]),
    provider: inQuotes(written[IN.provider_name]),
    action: acted.action,
    actions: acted.actions,
    reason: reason.startsWith('"') ? inQuotes(reason) : null,
    importing: null,
    digest,
    closer: told.caught === 0 ? NOTHING : closerOf(told),
  }
}

const NOTHING: readonly string[] = []

function closerOf({ written, caught }: ToldElement): readonly string[] {
  return written.filter((_text, member) => (caught & (1 << member)) !== 0).map(inQuotes)
}

/** Of a text that is canonical and has no escapes; empty where there is none, or `null`. */
function inQuotes(text = ''): string {
  return text.startsWith('"') ? text.slice(1, -1) : ''
}

/** A text of its own: it is kept, and as a piece of a large one would keep all of that. */
function fresh(text: string): string {
  const copy: unknown = JSON.parse(text)
  return typeof copy === 'string' ? copy : ''
}
