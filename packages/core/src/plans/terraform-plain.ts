/**
 * An entry of `resource_changes` as a PlainChange, where it is one. Anything that is not exactly
 * what a plain entry has gives null, and the entry is read as a value: this is a shorter way to the
 * same digest and never a second opinion.
 */
import { bitsOf, type JsonParts, type JsonSlice, OUTLINED } from '../json-outline.ts'
import { marksNothing } from '../redact-value.ts'
import { isList, isMap, type Value, type ValueMap } from '../value.ts'
import type { PlainChange, PlainTexts } from './plain-change.ts'
import { actionOf, actionWords } from './terraform-action.ts'
import { hasTrue } from './unknown-values.ts'

const IN = OUTLINED
/** The first of all, in their order. */
const TEXTS = [
  IN.address,
  IN.module_address,
  IN.mode,
  IN.type,
  IN.name,
  IN.provider_name,
  IN.action_reason,
] as const
const TEXT_BITS = bitsOf(TEXTS)
const CHANGE_BITS = bitsOf([
  IN.actions,
  IN.before,
  IN.after,
  IN.after_unknown,
  IN.before_sensitive,
  IN.after_sensitive,
  IN.replace_paths,
])

export function plainChange(slice: JsonSlice): PlainChange | null {
  const parts = slice.parts()
  if (parts === null || !parts.isAll()) return null
  if (!parts.areCanonical(TEXT_BITS | CHANGE_BITS) || !parts.areOpen(CHANGE_BITS)) return null
  const written = parts.texts()
  const head = headOf(written)
  const mode = head?.[IN.mode]
  if (head === null || head[IN.address] === '') return null
  if (mode !== 'managed' && mode !== 'data') return null
  const { actions, action } = actedIn(written[IN.actions] ?? '')
  const texts = textsOf(written, parts)
  if (texts === null || actions.length === 0) return null
  return {
    address: fresh(written[IN.address] ?? ''),
    deposed: null,
    previousAddress: null,
    module: head[IN.module_address] ?? '',
    mode,
    type: head[IN.type] ?? '',
    name: head[IN.name] ?? '',
    provider: head[IN.provider_name] ?? '',
    action,
    actions,
    reason: saysSomething(written[IN.action_reason] ?? '') ? (head[IN.action_reason] ?? '') : null,
    importing: null,
    texts,
    closer: parts.areOpen(TEXT_BITS) ? NOTHING : closerOf(head, parts),
  }
}

const NOTHING: readonly string[] = []

/** Its texts without their quotes, empty where there is none; null where one is no text. */
function headOf(written: readonly string[]): readonly string[] | null {
  const head: string[] = []
  for (const member of TEXTS) {
    const text = written[member] ?? ''
    // It is canonical, so it has no escapes.
    if (text.startsWith('"')) head.push(text.slice(1, -1))
    else if (saysSomething(text)) return null
    else head.push('')
  }
  return head
}

function closerOf(head: readonly string[], parts: JsonParts): readonly string[] {
  return TEXTS.filter((member) => !parts.areOpen(1 << member)).map((member) => head[member] ?? '')
}

function saysSomething(text: string): boolean {
  return text !== '' && text !== 'null'
}

/** A text of its own: it is kept, and as a part of the entry's text would keep all of that. */
function fresh(text: string): string {
  const copy: unknown = JSON.parse(text)
  return typeof copy === 'string' ? copy : ''
}

type Acted = Pick<PlainChange, 'action' | 'actions'>

function actedIn(text: string): Acted {
  return ACTIONS.get(text) ?? actedOn(text || 'null')
}

function actedOn(text: string): Acted {
  const actions = actionWords(readText(text))
  return { actions, action: actionOf(actions, { imports: false, moves: false }) }
}

/** Of a large plan nearly all are one of these. */
const ACTIONS: ReadonlyMap<string, Acted> = new Map(
  ['["no-op"]', '["create"]', '["read"]', '["update"]', '["delete"]'].map((text) => {
    return [text, actedOn(text)]
  }),
)

function textsOf(written: readonly string[], parts: JsonParts): PlainTexts | null {
  const replacePaths = written[IN.replace_paths] ?? ''
  const texts = {
    actions: written[IN.actions] || 'null',
    after: written[IN.after] || 'null',
    afterSensitive: written[IN.after_sensitive] || 'null',
    afterUnknown: written[IN.after_unknown] || 'null',
    before: written[IN.before] || 'null',
    beforeSensitive: written[IN.before_sensitive] || 'null',
    replacePaths: saysSomething(replacePaths) ? replacePaths : '[]',
  }
  if (!hidesNothing(texts.beforeSensitive) || !hidesNothing(texts.afterSensitive)) return null
  if (!leavesUnknownOut(texts, parts)) return null
  return texts.replacePaths.startsWith('[') ? texts : null
}

/** What every mask that marks anything has: the word, or a text or number that is no mask. */
const MARK = /true|"[,}\]]|[:[,][-\d]/

function hidesNothing(mask: string): boolean {
  return (
    saysNothing(mask) || (/^[[{]/.test(mask) && !MARK.test(mask)) || marksNothing(readText(mask))
  )
}

/** How most masks are written. */
function saysNothing(mask: string): boolean {
  return mask === '{}' || mask === 'false' || mask === 'null'
}

/** Whether nothing is written where the mask says that a value is not decided yet. */
function leavesUnknownOut({ after, afterUnknown: mask }: PlainTexts, parts: JsonParts): boolean {
  if (saysNothing(mask) || !mask.includes('true')) return true
  const found = parts.leavesOut(IN.after, IN.after_unknown)
  return found ?? isLeftOut(readText(after), readText(mask))
}

/** Each part of the mask is looked at once. */
export function isLeftOut(value: Value | undefined, mask: Value): boolean {
  if (value !== undefined && isMap(mask) && isMap(value)) return isLeftOutOfMap(value, mask)
  if (value !== undefined && isList(mask) && isList(value)) {
    return mask.every((mark, index) => isLeftOut(value[index], mark))
  }
  return !hasTrue(mask)
}

function isLeftOutOfMap(map: ValueMap, mask: ValueMap): boolean {
  for (const key in mask) {
    const mark = mask[key] ?? null
    const isThere = Object.hasOwn(map, key)
    if (mark === true ? isThere : !isLeftOut(isThere ? map[key] : undefined, mark)) return false
  }
  return true
}

function readText(text: string): Value {
  const value: Value = JSON.parse(text)
  return value
}
