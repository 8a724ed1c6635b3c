/**
 * The digest of a redacted plan: what people approve when they approve a plan. Equal for the same
 * plan however its file is written, different for any other action, value, mask or address.
 * It leaves out what changes nothing: no-ops, timestamps, versions, order. It must be given a
 * redacted plan, because the digest of a clear secret could be guessed.
 */
import { canonicalText, canonicalValue } from './canonical.ts'
import { mapMarkers, mayHaveMarker } from './hidden-text.ts'
import { OFFLINE_TOKEN } from './hiders.ts'
import { type Digest, digestText } from './ids.ts'
import type { ActionInvocation, OutputChange, Plan, ResourceChange } from './plan.ts'
import type { Primitives } from './primitives.ts'
import { Hidden, isList, isMap, type Value, type ValueMap } from './value.ts'

/** One entry's own digest: two plans are compared entry by entry with these. */
export interface PlanLine {
  readonly address: string
  readonly deposed: string | null
  readonly digest: Digest
}

export interface PlanDigest {
  readonly plan: Digest
  /** Sorted as they are digested. */
  readonly lines: readonly PlanLine[]
}

const PLAN_PREFIX = 'holdpoint-plan-v1\n'
const INSPECT_PREFIX = 'holdpoint-inspect-v1\n'

/** The `plan` part of a fingerprint (DESIGN §5). Throws `NotCanonical` (see canonical.ts). */
export function digestPlan(plan: Plan, primitives: Primitives): PlanDigest {
  return digestWith(plan, { primitives, prefix: PLAN_PREFIX, prepare: (value) => value })
}

/**
 * The digest that `inspect` prints: every hidden value counts as one constant, so that it is the
 * same on every machine and says nothing about a secret. Never equal to a part of a fingerprint.
 */
export function inspectDigest(plan: Plan, primitives: Primitives): Digest {
  const prepare = (value: Value): Value => withoutTokens(value)
  return digestWith(plan, { primitives, prefix: INSPECT_PREFIX, prepare }).plan
}

interface Manner {
  readonly primitives: Primitives
  readonly prefix: string
  readonly prepare: (value: Value) => Value
}

function digestWith(plan: Plan, manner: Manner): PlanDigest {
  const resources = plan.resources.filter((entry) => entry.action !== 'noop')
  const { lines, text } = linesOf(resources, manner)
  const state = { applyable: plan.applyable, complete: plan.complete, errored: plan.errored }
  const parts = [
    section('resources', text),
    section(
      'outputs',
      plan.outputs.filter(changesOutput).map((o) => print(outputOf(o), manner)),
    ),
    section(
      'deferred',
      plan.deferred.map((entry) => print(deferredOf(entry), manner)),
    ),
    section(
      'invocations',
      plan.invocations.map((entry) => print(invocationOf(entry), manner)),
    ),
    section(
      'provisioners',
      plan.provisioners.map((entry) => print({ ...entry }, manner)),
    ),
    section('drift', driftOf(plan, manner)),
    `state ${canonicalText(state)}\n`,
  ]
  return { plan: digestText(manner.primitives, manner.prefix + parts.join('')), lines }
}

/** Sorted, counted, and each line is canonical JSON without a line break: nothing can be moved. */
function section(name: string, lines: readonly string[]): string {
  const sorted = lines.toSorted()
  return `${[`${name} ${sorted.length}`, ...sorted].join('\n')}\n`
}

function linesOf(
  entries: readonly ResourceChange[],
  manner: Manner,
): { readonly lines: readonly PlanLine[]; readonly text: readonly string[] } {
  const texts = entries.map((entry) => {
    const { address, deposed } = entry
    const digest = digestText(manner.primitives, changeText(entry, manner))
    return { line: { address, deposed, digest }, text: canonicalText([address, deposed, digest]) }
  })
  texts.sort((left, right) => (left.text < right.text ? -1 : 1))
  return { lines: texts.map(({ line }) => line), text: texts.map(({ text }) => text) }
}

function print(value: ValueMap, manner: Manner): string {
  return canonicalValue(manner.prepare(value))
}

/** A change without its address and deposed key, which stand in the line itself. */
const CHANGE_FIELDS: { readonly [Field in Exclude<keyof ResourceChange, LineField>]: true } = {
  action: true,
  actions: true,
  after: true,
  afterSensitive: true,
  afterUnknown: true,
  before: true,
  beforeSensitive: true,
  extra: true,
  importing: true,
  mode: true,
  module: true,
  name: true,
  previousAddress: true,
  provider: true,
  reason: true,
  replacePaths: true,
  type: true,
}
type LineField = 'address' | 'deposed'

/** In canonical order, as they stand above; the compiler knows that none is missing. */
const FIELD_NAMES: readonly string[] = Object.keys(CHANGE_FIELDS).toSorted()

/** Field by field: values without tags then take the fast way through canonical.ts. */
function changeText(entry: ResourceChange, { prepare }: Manner): string {
  const fields: ValueMap = { ...entry }
  let text = ''
  for (const name of FIELD_NAMES) {
    const value = canonicalValue(prepare(fields[name] ?? null))
    text += `${text === '' ? '{' : ','}"${name}":${value}`
  }
  return `${text}}`
}

function deferredOf(entry: Plan['deferred'][number]): ValueMap {
  return { reason: entry.reason, change: { ...entry.change } }
}

function outputOf(output: OutputChange): ValueMap {
  return { ...output }
}

function invocationOf(invocation: ActionInvocation): ValueMap {
  return { ...invocation }
}

function changesOutput(output: OutputChange): boolean {
  return output.action !== 'noop'
}

/** Drift that changes nothing is left out: both sides and their masks are equal. */
function driftOf(plan: Plan, manner: Manner): readonly string[] {
  const changed = plan.drift.filter((entry) => {
    const before = canonicalValue([entry.before, entry.beforeSensitive])
    return before !== canonicalValue([entry.after, entry.afterSensitive])
  })
  return changed.map((entry) => print({ ...entry }, manner))
}

/** Most values have no token: those are only looked through, and nothing is made anew. */
function withoutTokens(value: Value): Value {
  return hasToken(value) ? replaceTokens(value) : value
}

function hasToken(value: Value): boolean {
  if (typeof value === 'string') return mayHaveMarker(value)
  if (typeof value !== 'object' || value === null) return false
  if (isList(value)) return value.some(hasToken)
  if (value instanceof Hidden) return true
  if (!isMap(value)) return false
  for (const key in value) {
    const child = value[key]
    if (child !== undefined && hasToken(child)) return true
  }
  return false
}

function replaceTokens(value: Value): Value {
  if (typeof value === 'string') return mapMarkers(value, () => OFFLINE_TOKEN)
  // Who hid it is left out too: the tool on one machine may mark what we detect on another.
  if (value instanceof Hidden) return new Hidden(OFFLINE_TOKEN, 'tool')
  if (isList(value)) return value.map(replaceTokens)
  if (!isMap(value)) return value
  const entries = Object.entries(value).map(([key, child]) => [key, replaceTokens(child)] as const)
  return Object.fromEntries(entries)
}
