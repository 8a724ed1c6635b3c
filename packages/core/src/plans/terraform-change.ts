/**
 * One entry of `resource_changes`, `resource_drift` or `deferred_changes` as a ResourceChange.
 * Everything the entry says is kept: what this version does not know goes into `extra`, so that it
 * is shown and digested. Deliberately left out are only `index` (part of the address) and
 * `generated_config` (HCL for a file that nobody applies, and it may quote secrets).
 */
import type { Action, OutputChange, ResourceChange } from '../plan.ts'
import { field, isList, isMap, type Value, type ValueMap } from '../value.ts'
import { actionOf, actionWords } from './terraform-action.ts'
import { isContradicted, restoreUnknown } from './unknown-values.ts'

export type Parsed<Part> =
  | { readonly ok: true; readonly part: Part }
  | { readonly ok: false; readonly message: string }

const ENTRY_FIELDS: ReadonlySet<string> = new Set([
  'address',
  'previous_address',
  'module_address',
  'mode',
  'type',
  'name',
  'index',
  'provider_name',
  'deposed',
  'action_reason',
  'change',
])

const CHANGE_FIELDS: ReadonlySet<string> = new Set([
  'actions',
  'before',
  'after',
  'after_unknown',
  'before_sensitive',
  'after_sensitive',
  'replace_paths',
  'importing',
  'generated_config',
])

/** Fields that are text; where one is something else, `extra` keeps it. */
const TEXT_FIELDS = [
  'previous_address',
  'module_address',
  'type',
  'name',
  'provider_name',
  'deposed',
  'action_reason',
] as const

/** In `extra`: the whole `after` as written, where it gives values that it also calls undecided. */
export const CONTRADICTED_AFTER = 'change.after'

const MODES: ReadonlyMap<Value | undefined, 'managed' | 'data'> = new Map([
  ['managed', 'managed'],
  ['data', 'data'],
])

export function parseResourceChange(entry: Value): Parsed<ResourceChange> {
  if (!isMap(entry)) return { ok: false, message: 'is not an object' }
  const part = changeOf(entry)
  return part.address === '' ? { ok: false, message: 'has no address' } : { ok: true, part }
}

/** Drift has already happened, so an entry without an address is kept as one, not refused. */
export function parseDrift(entry: Value): Parsed<ResourceChange> {
  if (!isMap(entry)) return { ok: false, message: 'is not an object' }
  return { ok: true, part: changeOf(entry) }
}

const NO_CHANGE: ValueMap = {}

/** None of the names is one that every object has, so that they can be read directly. */
function changeOf(entry: ValueMap): ResourceChange {
  const address = textOr(entry['address'], '')
  const inner = entry['change']
  const change = inner !== undefined && isMap(inner) ? inner : NO_CHANGE
  const importing = change['importing'] ?? null
  const previousAddress = textOrNull(entry['previous_address'])
  const actions = actionWords(change['actions'])
  const moves = previousAddress !== null && previousAddress !== address
  return {
    address,
    deposed: textOrNull(entry['deposed']),
    previousAddress,
    module: textOr(entry['module_address'], ''),
    mode: modeOf(entry['mode'], address),
    type: textOr(entry['type'], ''),
    name: textOr(entry['name'], ''),
    provider: textOr(entry['provider_name'], ''),
    action: actionOf(actions, { imports: importing !== null, moves }),
    actions,
    reason: textOrNull(entry['action_reason']),
    before: change['before'] ?? null,
    after: restoreUnknown(change['after'], change['after_unknown']),
    beforeSensitive: change['before_sensitive'] ?? null,
    afterSensitive: change['after_sensitive'] ?? null,
    afterUnknown: change['after_unknown'] ?? null,
    replacePaths: listOr(change['replace_paths']),
    importing,
    extra: extraOf(entry, change),
  }
}

function modeOf(mode: Value | undefined, address: string): 'managed' | 'data' | 'other' {
  if (mode !== undefined) return MODES.get(mode) ?? 'other'
  return /(?:^|\.)data\.[^.]+\.[^.]+$/.test(address) ? 'data' : 'managed'
}

function extraOf(entry: ValueMap, change: ValueMap): { readonly [key: string]: Value } {
  const extra: [string, Value][] = []
  for (const [key, value] of fieldsBesides(entry, ENTRY_FIELDS)) {
    extra.push([/^change|^entry\./.test(key) ? `entry.${key}` : key, value])
  }
  for (const [key, value] of fieldsBesides(change, CHANGE_FIELDS)) {
    extra.push([`change.${key}`, value])
  }
  for (const key of TEXT_FIELDS) {
    const value = entry[key] ?? null
    if (value !== null && typeof value !== 'string') extra.push([key, value])
  }
  const mode = entry['mode']
  if (mode !== undefined && !MODES.has(mode)) extra.push(['mode', mode])
  const inner = entry['change']
  if (inner !== undefined && !isMap(inner)) extra.push(['change', inner])
  const after = change['after']
  if (after !== undefined && isContradicted(after, change['after_unknown'])) {
    extra.push([CONTRADICTED_AFTER, after])
  }
  extra.push(...notWhatTheyShouldBe(change))
  return extra.length === 0 ? NO_EXTRA : Object.fromEntries(extra)
}

/** Actions that are no words and paths that are no list, which would else count as none. */
function notWhatTheyShouldBe(change: ValueMap): readonly [string, Value][] {
  const odd: [string, Value][] = []
  const actions = change['actions']
  if (actions !== undefined && actionWords(actions).length === 0) {
    odd.push(['change.actions', actions])
  }
  const paths = change['replace_paths'] ?? null
  if (paths !== null && !isList(paths)) odd.push(['change.replace_paths', paths])
  return odd
}

export function fieldsBesides(
  value: Value | undefined,
  known: ReadonlySet<string>,
): readonly [string, Value][] {
  if (value === undefined || !isMap(value)) return NOTHING
  let found: [string, Value][] | null = null
  for (const key in value) {
    if (known.has(key)) continue
    found ??= []
    found.push([key, value[key] ?? null])
  }
  return found ?? NOTHING
}

/** Nearly always: made once, not for each of a hundred thousand changes. */
const NOTHING: readonly [string, Value][] = []
const NO_EXTRA: { readonly [key: string]: Value } = {}

/** One member of `output_changes`. */
export function parseOutputChange(name: string, change: Value): OutputChange {
  const actions = actionWords(field(change, 'actions'))
  const action: Action = actionOf(actions, { imports: false, moves: false })
  return {
    name,
    action,
    actions,
    before: field(change, 'before') ?? null,
    after: restoreUnknown(field(change, 'after'), field(change, 'after_unknown')),
    beforeSensitive: field(change, 'before_sensitive') ?? null,
    afterSensitive: field(change, 'after_sensitive') ?? null,
    afterUnknown: field(change, 'after_unknown') ?? null,
    extra: outputExtra(change),
  }
}

const OUTPUT_FIELDS: ReadonlySet<string> = new Set([
  'actions',
  'before',
  'after',
  'after_unknown',
  'before_sensitive',
  'after_sensitive',
])

function outputExtra(change: Value): { readonly [key: string]: Value } {
  if (!isMap(change)) return { change }
  const after = change['after']
  const isOdd = isContradicted(after, change['after_unknown'])
  const extra: [string, Value][] = [
    ...fieldsBesides(change, OUTPUT_FIELDS).map(([key, value]): [string, Value] => {
      return [`change.${key}`, value]
    }),
    ...notWhatTheyShouldBe({ actions: change['actions'] ?? [] }),
  ]
  if (isOdd) extra.push([CONTRADICTED_AFTER, after ?? null])
  return extra.length === 0 ? NO_EXTRA : Object.fromEntries(extra)
}

export function textOr(value: Value | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

export function textOrNull(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null
}

export function listOr(value: Value | undefined): readonly Value[] {
  return value !== undefined && isList(value) ? value : []
}
