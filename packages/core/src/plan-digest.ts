/**
 * The digest of a redacted plan: what people approve when they approve a plan. Equal for the same
 * plan however its file is written, different for any other action, value, mask or address.
 * It leaves out what changes nothing: no-ops, timestamps, versions, order. It must be given a
 * redacted plan, because the digest of a clear secret could be guessed.
 */
import { canonicalText, canonicalValue, plainCanonicalText } from './canonical.ts'
import { mapMarkers, mayHaveMarker } from './hidden-text.ts'
import { OFFLINE_TOKEN } from './hiders.ts'
import { type Digest, digestText } from './ids.ts'
import type { OutputChange, Plan, ResourceChange } from './plan.ts'
import type { PlanFrame } from './plans/plan-sink.ts'
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
  const digester = new Digester({ primitives, prefix: PLAN_PREFIX, print: canonicalValue })
  const lines: PlanLine[] = []
  for (const entry of plan.resources) {
    const line = digester.change(entry)
    if (line !== null) lines.push(line)
  }
  return { plan: digester.finish(plan), lines: lines.toSorted(byLine) }
}

/**
 * The digest that `inspect` prints: every hidden value counts as one constant, so that it is the
 * same on every machine and says nothing about a secret. Never equal to a part of a fingerprint.
 */
export function inspectDigest(plan: Plan, primitives: Primitives): Digest {
  const digester = inspectDigester(primitives)
  for (const entry of plan.resources) digester.change(entry)
  return digester.finish(plan)
}

/** The same for a plan that is read one change at a time. */
export function inspectDigester(primitives: Primitives): PlanDigester {
  return new Digester({ primitives, prefix: INSPECT_PREFIX, print: printWithoutTokens })
}

export interface PlanDigester {
  /** Throws `NotCanonical`. */
  readonly change: (entry: ResourceChange) => void
  /** After all changes; throws `NotCanonical`. */
  readonly finish: (frame: PlanFrame) => Digest
}

interface Manner {
  readonly primitives: Primitives
  readonly prefix: string
  /** Canonical text of a value. */
  readonly print: (value: Value) => string
}

class Digester {
  readonly #manner: Manner
  readonly #lines: string[] = []

  constructor(manner: Manner) {
    this.#manner = manner
  }

  /** Null for a no-op, which is not digested. */
  change(entry: ResourceChange): PlanLine | null {
    if (entry.action === 'noop') return null
    const { address, deposed } = entry
    const digest = digestText(this.#manner.primitives, changeText(entry, this.#manner))
    this.#lines.push(lineText({ address, deposed, digest }))
    return { address, deposed, digest }
  }

  finish(frame: PlanFrame): Digest {
    const { print, primitives, prefix } = this.#manner
    const state = { applyable: frame.applyable, complete: frame.complete, errored: frame.errored }
    const outputs = frame.outputs.filter(changesOutput)
    const parts = [
      section('resources', this.#lines),
      section(
        'outputs',
        outputs.map((entry) => print({ ...entry })),
      ),
      section(
        'deferred',
        frame.deferred.map((entry) => print(deferredOf(entry))),
      ),
      section(
        'invocations',
        frame.invocations.map((entry) => print({ ...entry })),
      ),
      section(
        'provisioners',
        frame.provisioners.map((entry) => print({ ...entry })),
      ),
      section(
        'drift',
        frame.drift.filter(hasDrifted).map((entry) => print({ ...entry })),
      ),
      `state ${canonicalText(state)}\n`,
    ]
    return digestText(primitives, prefix + parts.join(''))
  }
}

function lineText({ address, deposed, digest }: PlanLine): string {
  return canonicalText([address, deposed, digest])
}

function byLine(left: PlanLine, right: PlanLine): number {
  return lineText(left) < lineText(right) ? -1 : 1
}

/** Sorted, counted, and each line is canonical JSON without a line break: nothing can be moved. */
function section(name: string, lines: readonly string[]): string {
  const sorted = lines.toSorted()
  return `${[`${name} ${sorted.length}`, ...sorted].join('\n')}\n`
}

/** A change without its address and deposed key, which stand in the line itself. */
const CHANGE_FIELDS: {
  readonly [Field in Exclude<keyof ResourceChange, 'address' | 'deposed'>]: (
    change: ResourceChange,
  ) => Value
} = {
  action: (change) => change.action,
  actions: (change) => change.actions,
  after: (change) => change.after,
  afterSensitive: (change) => change.afterSensitive,
  afterUnknown: (change) => change.afterUnknown,
  before: (change) => change.before,
  beforeSensitive: (change) => change.beforeSensitive,
  extra: (change) => change.extra,
  importing: (change) => change.importing,
  mode: (change) => change.mode,
  module: (change) => change.module,
  name: (change) => change.name,
  previousAddress: (change) => change.previousAddress,
  provider: (change) => change.provider,
  reason: (change) => change.reason,
  replacePaths: (change) => change.replacePaths,
  type: (change) => change.type,
}

/** In canonical order; the compiler knows that none is missing. */
const FIELDS = Object.entries(CHANGE_FIELDS).toSorted(([left], [right]) => (left < right ? -1 : 1))

/** Field by field: values without tags then take the fast way through canonical.ts. */
function changeText(entry: ResourceChange, { print }: Manner): string {
  let text = ''
  for (const [name, read] of FIELDS) {
    text += `${text === '' ? '{' : ','}"${name}":${print(read(entry))}`
  }
  return `${text}}`
}

function deferredOf(entry: Plan['deferred'][number]): ValueMap {
  return { reason: entry.reason, change: { ...entry.change } }
}

function changesOutput(output: OutputChange): boolean {
  return output.action !== 'noop'
}

/** Drift that changes nothing is left out: both sides and their masks are equal. */
function hasDrifted(entry: ResourceChange): boolean {
  const before = canonicalValue([entry.before, entry.beforeSensitive])
  return before !== canonicalValue([entry.after, entry.afterSensitive])
}

/** Most values have no token: their text says so, and nothing is made anew. */
function printWithoutTokens(value: Value): string {
  const text = plainCanonicalText(value)
  if (text !== null && !mayHaveMarker(text)) return text
  return canonicalValue(hasToken(value) ? replaceTokens(value) : value)
}

function hasToken(value: Value): boolean {
  if (typeof value === 'string') return mayHaveMarker(value)
  if (typeof value !== 'object' || value === null) return false
  if (isList(value)) {
    for (const item of value) if (hasToken(item)) return true
    return false
  }
  if (!isMap(value)) return value instanceof Hidden
  for (const key in value) if (hasToken(value[key] ?? null)) return true
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
