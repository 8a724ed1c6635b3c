/**
 * An entry of `resource_changes` as a PlainChange, where it is one. Anything that is not exactly
 * what a plain entry has gives null, and the entry is read as a value: this is a shorter way to the
 * same digest and never a second opinion.
 */
import type { JsonMembers, JsonSlice } from '../json-outline.ts'
import { marksNothing } from '../redact-value.ts'
import { isList, isMap, type Value, type ValueMap } from '../value.ts'
import type { PlainChange, PlainTexts } from './plain-change.ts'
import { actionOf, actionWords } from './terraform-action.ts'
import { hasTrue } from './unknown-values.ts'

export function plainChange(slice: JsonSlice): PlainChange | null {
  const members = slice.members()
  if (members === null) return null
  const head: Head = { ...EMPTY_HEAD, closer: [] }
  const parts: Parts = { texts: { ...NO_TEXTS }, afterRow: null, unknownRow: null }
  for (let row = members.firstRow; row < members.endRow; row += 1) {
    const isTaken = members.isInner(row)
      ? takePart(parts, members, row)
      : takeHead(head, members, row)
    if (!isTaken) return null
  }
  const texts = head.hasChange ? textsOf(parts, members) : null
  return texts === null ? null : withTexts(head, texts)
}

interface Head {
  address: string
  module: string
  mode: string
  type: string
  name: string
  provider: string
  reason: string | null
  hasChange: boolean
  closer: string[]
}

const EMPTY_HEAD: Omit<Head, 'closer'> = {
  address: '',
  module: '',
  mode: '',
  type: '',
  name: '',
  provider: '',
  reason: null,
  hasChange: false,
}

/** False where the member is no part of a plain entry, or is written in another way. */
function takeHead(head: Head, members: JsonMembers, row: number): boolean {
  const name = members.name(row)
  const text = members.text(row)
  // It is part of the address; members of an object would be taken for the change's own.
  if (name === 'index') return !text.startsWith('{')
  if (name === 'change') {
    head.hasChange = text.startsWith('{')
    return head.hasChange
  }
  if (text === 'null') return HEAD.has(name)
  if (!text.startsWith('"') || !members.isCanonical(row)) return false
  if (!members.isOpen(row)) head.closer.push(text.slice(1, -1))
  return putHead(head, name, text)
}

const HEAD: ReadonlySet<string> = new Set([
  'address',
  'module_address',
  'mode',
  'type',
  'name',
  'provider_name',
  'action_reason',
])

function putHead(head: Head, name: string, text: string): boolean {
  if (name === 'address') head.address = fresh(text)
  else if (name === 'module_address') head.module = text.slice(1, -1)
  else if (name === 'mode') head.mode = text.slice(1, -1)
  else if (name === 'type') head.type = text.slice(1, -1)
  else if (name === 'name') head.name = text.slice(1, -1)
  else if (name === 'provider_name') head.provider = text.slice(1, -1)
  else if (name === 'action_reason') head.reason = text.slice(1, -1)
  else return false
  return true
}

/** A text of its own: it is kept, and as a part of the entry's text would keep all of that. */
function fresh(text: string): string {
  const copy: unknown = JSON.parse(text)
  return typeof copy === 'string' ? copy : ''
}

type Texts = { -readonly [Field in keyof PlainTexts]: string }

interface Parts {
  readonly texts: Texts
  afterRow: number | null
  unknownRow: number | null
}

const NO_TEXTS: Texts = {
  actions: 'null',
  after: 'null',
  afterSensitive: 'null',
  afterUnknown: 'null',
  before: 'null',
  beforeSensitive: 'null',
  replacePaths: '[]',
}

function takePart(parts: Parts, members: JsonMembers, row: number): boolean {
  if (!members.isCanonical(row) || !members.isOpen(row)) return false
  const { texts } = parts
  const name = members.name(row)
  const text = members.text(row)
  if (name === 'actions') texts.actions = text
  else if (name === 'before') texts.before = text
  else if (name === 'after') {
    texts.after = text
    parts.afterRow = row
  } else if (name === 'after_unknown') {
    texts.afterUnknown = text
    parts.unknownRow = row
  } else if (name === 'before_sensitive') texts.beforeSensitive = text
  else if (name === 'after_sensitive') texts.afterSensitive = text
  else if (name !== 'replace_paths') return false
  else if (text !== 'null') texts.replacePaths = text
  return true
}

function withTexts(head: Head, texts: PlainTexts): PlainChange | null {
  const { address, module, mode, type, name, provider, reason } = head
  const { actions, action } = ACTIONS.get(texts.actions) ?? actedOn(texts.actions)
  if (address === '' || actions.length === 0) return null
  if (mode !== 'managed' && mode !== 'data') return null
  return {
    address,
    deposed: null,
    previousAddress: null,
    module,
    mode,
    type,
    name,
    provider,
    action,
    actions,
    reason,
    importing: null,
    texts,
    closer: head.closer,
  }
}

type Acted = Pick<PlainChange, 'action' | 'actions'>

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

function textsOf(parts: Parts, members: JsonMembers): PlainTexts | null {
  const { texts } = parts
  if (!hidesNothing(texts.beforeSensitive) || !hidesNothing(texts.afterSensitive)) return null
  if (!leavesUnknownOut(parts, members)) return null
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
function leavesUnknownOut(parts: Parts, members: JsonMembers): boolean {
  const { texts, afterRow, unknownRow } = parts
  const { after, afterUnknown: mask } = texts
  if (saysNothing(mask)) return true
  if (!mask.includes('true')) return true
  const found =
    afterRow === null || unknownRow === null ? null : members.leavesOut(afterRow, unknownRow)
  return found ?? isLeftOut(readText(after), readText(mask))
}

export function isLeftOut(value: Value | undefined, mask: Value): boolean {
  if (isMap(mask)) return value !== undefined && isMap(value) && isLeftOutOfMap(value, mask)
  if (!isList(mask)) return !hasTrue(mask)
  if (value === undefined || !isList(value)) return false
  return mask.every((mark, index) => !hasTrue(mark) || isLeftOut(value[index], mark))
}

function isLeftOutOfMap(map: ValueMap, mask: ValueMap): boolean {
  for (const key in mask) {
    const mark = mask[key] ?? null
    if (mark === true ? Object.hasOwn(map, key) : hasTrue(mark) && !isLeftOut(map[key], mark)) {
      return false
    }
  }
  return true
}

function readText(text: string): Value {
  const value: Value = JSON.parse(text)
  return value
}
