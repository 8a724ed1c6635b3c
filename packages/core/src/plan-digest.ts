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
import { pointerStep } from './json.ts'
import { OUTLINED, type Outlined } from './json-outline.ts'
import type { OutputChange, Plan, ResourceChange } from './plan.ts'
import type { PlainChange } from './plans/plain-change.ts'
import type { PlanFrame } from './plans/plan-sink.ts'
import { hasTrue } from './plans/unknown-values.ts'
import type { Primitives } from './primitives.ts'
import { Hidden, isList, isMap, Unknown, type Value, type ValueMap } from './value.ts'

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

/** The lines of it, which say of two plans what is equal in both, hidden values apart. */
export function inspectLines(plan: Plan, primitives: Primitives): readonly PlanLine[] {
  const digester = new Digester({ primitives, prefix: INSPECT_PREFIX, print: printWithoutTokens })
  return plan.resources.flatMap((entry) => digester.change(entry) ?? [])
}

/** The same for a plan that is read one change at a time. */
export function inspectDigester(primitives: Primitives): PlanDigester {
  return new Digester({ primitives, prefix: INSPECT_PREFIX, print: printWithoutTokens })
}

export interface PlanDigester {
  /** Throws `NotCanonical`. */
  readonly change: (entry: ResourceChange) => void
  /** The same for a change by its own text, if it hides nothing. */
  readonly plain: (entry: PlainChange) => void
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
    const text = changeText(textsOf(entry, this.#manner.print))
    const line = { address, deposed, digest: digestText(this.#manner.primitives, text) }
    this.#lines.push(lineText(line))
    return line
  }

  plain({ address, digest }: PlainChange): void {
    if (digest !== null) this.#lines.push(lineText({ address, deposed: null, digest }))
  }

  finish(frame: PlanFrame): Digest {
    const { print, primitives, prefix } = this.#manner
    const state = { applyable: frame.applyable, complete: frame.complete, errored: frame.errored }
    const outputs = frame.outputs.filter(changesOutput)
    const parts = [
      section('resources', this.#lines),
      section(
        'outputs',
        outputs.map((entry) => print(withExtra({ ...entry }, entry.extra))),
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
        frame.provisioners.map((entry) => print(provisionerOf(entry))),
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
type FieldTexts = {
  readonly [Field in Exclude<keyof ResourceChange, 'address' | 'deposed'>]: string
}

function textsOf(change: ResourceChange, print: Manner['print']): FieldTexts {
  return {
    action: print(change.action),
    actions: print(change.actions),
    after: printAfter(change, print),
    afterSensitive: print(change.afterSensitive),
    afterUnknown: print(change.afterUnknown),
    before: print(change.before),
    beforeSensitive: print(change.beforeSensitive),
    extra: print(change.extra),
    importing: print(change.importing),
    mode: print(change.mode),
    module: print(change.module),
    name: print(change.name),
    previousAddress: print(change.previousAddress),
    provider: print(change.provider),
    reason: print(change.reason),
    replacePaths: print(change.replacePaths),
    type: print(change.type),
  }
}

/**
 * Members of `after` that are unknown are left out, because the mask beside it says the same: so
 * the text of most changes is the one that the tool wrote. Where the mask marks a member that is
 * not there at all, a tag says so: no two different plans may have one text.
 */
function printAfter({ after, afterUnknown }: ResourceChange, print: Manner['print']): string {
  if (!hasTrue(afterUnknown)) return print(after)
  const missing: string[] = []
  const text = print(withoutUnknown(after, afterUnknown, { path: '', missing }))
  return missing.length === 0 ? text : `{"$missing":${canonicalText(missing)},"after":${text}}`
}

interface Leaving {
  readonly path: string
  readonly missing: string[]
}

function withoutUnknown(value: Value, mask: Value, { path, missing }: Leaving): Value {
  const inside = (step: string | number): Leaving => ({ path: path + pointerStep(step), missing })
  if (isList(value) && isList(mask)) {
    return value.map((item, index) => withoutUnknown(item, mask[index] ?? null, inside(index)))
  }
  if (!isMap(value) || !isMap(mask)) return value
  for (const key in mask) {
    if (mask[key] === true && !Object.hasOwn(value, key)) missing.push(path + pointerStep(key))
  }
  const written: [string, Value][] = []
  for (const key in value) {
    const child = value[key] ?? null
    const mark = Object.hasOwn(mask, key) ? (mask[key] ?? null) : null
    if (mark !== true || !(child instanceof Unknown)) {
      written.push([key, withoutUnknown(child, mark, inside(key))])
    }
  }
  return Object.fromEntries(written)
}

/** Canonical: the names stand in their order. */
function changeText(texts: FieldTexts): string {
  return (
    `{"action":${texts.action},"actions":${texts.actions},"after":${texts.after},` +
    `"afterSensitive":${texts.afterSensitive},"afterUnknown":${texts.afterUnknown},` +
    `"before":${texts.before},"beforeSensitive":${texts.beforeSensitive},` +
    `"extra":${texts.extra},"importing":${texts.importing},"mode":${texts.mode},` +
    `"module":${texts.module},"name":${texts.name},` +
    `"previousAddress":${texts.previousAddress},"provider":${texts.provider},` +
    `"reason":${texts.reason},"replacePaths":${texts.replacePaths},"type":${texts.type}}`
  )
}

/** A member as it is written, or another text where there is none, or `null`; or its action. */
export interface PlainPiece {
  readonly before: string
  readonly member: Outlined | 'action'
  readonly instead: string
}

const piece = (before: string, member: PlainPiece['member'], instead = 'null'): PlainPiece => {
  return { before, member, instead }
}

/**
 * The text of `changeText` for a change in which nothing is marked, moved or imported, from what is
 * written: the compiled scan puts it together. `}` comes behind the last.
 */
export const PLAIN_PIECES: readonly PlainPiece[] = [
  piece('{"action":', 'action'),
  piece(',"actions":', OUTLINED.actions),
  piece(',"after":', OUTLINED.after),
  piece(',"afterSensitive":', OUTLINED.after_sensitive),
  piece(',"afterUnknown":', OUTLINED.after_unknown),
  piece(',"before":', OUTLINED.before),
  piece(',"beforeSensitive":', OUTLINED.before_sensitive),
  piece(',"extra":{},"importing":null,"mode":', OUTLINED.mode),
  piece(',"module":', OUTLINED.module_address, '""'),
  piece(',"name":', OUTLINED.name, '""'),
  piece(',"previousAddress":null,"provider":', OUTLINED.provider_name, '""'),
  piece(',"reason":', OUTLINED.action_reason),
  piece(',"replacePaths":', OUTLINED.replace_paths, '[]'),
  piece(',"type":', OUTLINED.type, '""'),
]

/** What reads nothing is digested as before reading was kept. */
function provisionerOf({ reads, ...entry }: Plan['provisioners'][number]): ValueMap {
  return reads.length === 0 ? entry : { ...entry, reads }
}

function deferredOf(entry: Plan['deferred'][number]): ValueMap {
  return withExtra({ reason: entry.reason, change: { ...entry.change } }, entry.extra)
}

/** Where there is none nothing is said of it: digests of before there were any stay what they are. */
function withExtra({ extra: _extra, ...record }: ValueMap, extra: ValueMap): ValueMap {
  for (const _key in extra) return { ...record, extra }
  return record
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
