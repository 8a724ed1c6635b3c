/**
 * A Pulumi preview as both of its forms tell it: the digest of `preview --json`, one document, and
 * the events of the engine, one a line. What either form does not understand is refused or told,
 * and a step is never left out.
 */
import type { CheckResult } from '../plan.ts'
import { field, isMap, type Value } from '../value.ts'
import type { PlanDocument } from './document.ts'
import { quote } from './parsed-plan.ts'
import { fieldsBesides, textOr } from './terraform-change.ts'

/** One step, with the names of fields that both forms share. */
export interface PreviewStep {
  readonly op: string
  readonly urn: string
  readonly provider: string
  /** The state on either side, null where the tool gives none. */
  readonly old: Value
  readonly new: Value
  /** Every other field, as the tool names it. */
  readonly rest: readonly [string, Value][]
}

export interface Preview {
  readonly form: 'digest' | 'events'
  readonly steps: readonly PreviewStep[]
  /** States after a step, which only events tell: stack outputs, and what a refresh found. */
  readonly results: readonly PreviewStep[]
  readonly config: Value
  /** How many steps of each operation the tool itself counted, null where it does not say. */
  readonly summary: Value
  readonly errored: boolean
  readonly checks: readonly CheckResult[]
  readonly unknownFields: readonly string[]
}

export type ReadPreview =
  | { readonly ok: true; readonly preview: Preview }
  | { readonly ok: false; readonly message: string }

const DIGEST_FIELDS: ReadonlySet<string> = new Set([
  'config',
  'steps',
  'diagnostics',
  'duration',
  'changeSummary',
  'maybeCorrupt',
])

export function readDigest(document: PlanDocument): ReadPreview {
  const given = document.read('steps') ?? null
  if (given !== null && document.count('steps') === null) {
    return { ok: false, message: "The preview's steps is not a list" }
  }
  const summary = document.read('changeSummary') ?? null
  if (summary !== null && !isMap(summary)) {
    return { ok: false, message: "The preview's changeSummary is not an object" }
  }
  const steps: PreviewStep[] = []
  for (const entry of document.elements('steps')) {
    const step = readStep(entry, 'oldState', 'newState')
    if (typeof step === 'string') return { ok: false, message: `steps[${steps.length}] ${step}` }
    steps.push(step)
  }
  // Every stack counts at least itself; a preview that counts nothing is not a small one.
  if (steps.length === 0 && Object.keys(summary ?? {}).length === 0) {
    return { ok: false, message: 'The preview has no steps, and its changeSummary counts none' }
  }
  const diagnostics = [...document.elements('diagnostics')]
  const preview: Preview = {
    form: 'digest',
    steps,
    results: [],
    config: document.read('config') ?? null,
    summary,
    errored: isCorrupt(document.read('maybeCorrupt')) || diagnostics.some(isError),
    checks: [],
    unknownFields: document.keys.filter((key) => !DIGEST_FIELDS.has(key)),
  }
  return { ok: true, preview }
}

export function isError(diagnostic: Value | undefined): boolean {
  return field(diagnostic, 'severity') === 'error'
}

/** Anything but an absent or false mark is a mark. */
export function isCorrupt(mark: Value | undefined): boolean {
  return (mark ?? false) !== false
}

/** A step, or what is wrong with it. */
export function readStep(entry: Value, oldKey: string, newKey: string): PreviewStep | string {
  if (!isMap(entry)) return 'is not an object'
  const urn = field(entry, 'urn')
  if (typeof urn !== 'string' || urn === '') return 'has no urn'
  for (const key of [oldKey, newKey]) {
    const state = field(entry, key) ?? null
    if (state !== null && !isMap(state)) return `has ${quote(key)} that is not an object`
  }
  const own = new Set(['op', 'urn', 'type', 'provider', oldKey, newKey])
  const rest = [...fieldsBesides(entry, own)]
  const op = field(entry, 'op')
  const provider = field(entry, 'provider') ?? null
  if (op !== undefined && typeof op !== 'string') rest.push(['op', op])
  if (provider !== null && typeof provider !== 'string') rest.push(['provider', provider])
  return {
    op: textOr(op, ''),
    urn,
    provider: textOr(provider, ''),
    old: field(entry, oldKey) ?? null,
    new: field(entry, newKey) ?? null,
    rest: rest.filter(([, value]) => value !== null),
  }
}
