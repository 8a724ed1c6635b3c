/**
 * The events of a preview's engine, one object a line. The stream ends with the engine's own
 * summary: without one it was cut off or cancelled, and what did not arrive cannot be told from
 * what does not change.
 */
import type { CheckResult } from '../plan.ts'
import { field, isMap, type Value } from '../value.ts'
import {
  isCorrupt,
  isError,
  type PreviewStep,
  type ReadPreview,
  readStep,
} from './pulumi-preview.ts'
import { textOr } from './terraform-change.ts'

const ENVELOPE: ReadonlySet<string> = new Set(['sequence', 'timestamp'])

/** Events that say nothing of what changes. */
const TELLING_NOTHING: ReadonlySet<string> = new Set([
  'cancelEvent',
  'stdoutEvent',
  'progressEvent',
  'startDebuggingEvent',
  'policyLoadEvent',
  'policyAnalyzeSummaryEvent',
  'policyRemediateSummaryEvent',
  'policyAnalyzeStackSummaryEvent',
])

interface Found {
  readonly steps: PreviewStep[]
  readonly results: PreviewStep[]
  readonly checks: CheckResult[]
  readonly unknown: Set<string>
  config: Value
  summary: Value | undefined
  errored: boolean
}

export function readEvents(events: Iterable<Value>): ReadPreview {
  const found: Found = {
    steps: [],
    results: [],
    checks: [],
    unknown: new Set(),
    config: null,
    summary: undefined,
    errored: false,
  }
  let count = 0
  for (const event of events) {
    count += 1
    const problem = take(event, found)
    if (problem !== null) return { ok: false, message: `Event ${count} ${problem}` }
  }
  if (found.summary === undefined) {
    const message = 'The stream of preview events ends before its summary; it was cut off'
    return { ok: false, message }
  }
  const { steps, results, checks, config, summary, errored } = found
  const told = { steps: [...steps, ...unannounced(found)], results, checks, config, errored }
  const unknownFields = [...found.unknown]
  return { ok: true, preview: { form: 'events', summary, unknownFields, ...told } }
}

/** Takes one event; a text is what is wrong with it. */
function take(event: Value, found: Found): string | null {
  const names = isMap(event) ? Object.keys(event).filter((key) => !ENVELOPE.has(key)) : []
  if (names.length === 0) return 'says nothing'
  for (const name of names) {
    const content = field(event, name) ?? null
    const problem = takeNamed(name, content, found)
    if (problem !== null) return problem
  }
  return null
}

function takeNamed(name: string, content: Value, found: Found): string | null {
  switch (name) {
    case 'resourcePreEvent':
      return takeStep(content, found.steps)
    case 'resOutputsEvent':
      return takeStep(content, found.results)
    case 'resOpFailedEvent':
      found.errored = true
      return takeStep(content, found.results)
    case 'preludeEvent':
      found.config = field(content, 'config') ?? null
      return null
    case 'diagnosticEvent':
      if (isError(content)) found.errored = true
      return null
    case 'errorEvent':
      found.errored = true
      return null
    case 'policyEvent':
      found.checks.push(checkOf(content))
      return null
    case 'summaryEvent':
      return takeSummary(content, found)
    default:
      if (!TELLING_NOTHING.has(name)) found.unknown.add(name)
      return null
  }
}

function takeStep(content: Value, steps: PreviewStep[]): string | null {
  const step = readStep(field(content, 'metadata') ?? null, 'old', 'new')
  if (typeof step === 'string') return step
  if (field(content, 'planning') === false) return 'is of an update that ran, not of a preview'
  steps.push(step)
  return null
}

function takeSummary(content: Value, found: Found): string | null {
  if (found.summary !== undefined) return 'begins a second summary; expected is one preview'
  if (field(content, 'isPreview') !== true) return 'is the summary of an update, not of a preview'
  const result = field(content, 'result') ?? null
  if (isCorrupt(field(content, 'maybeCorrupt'))) found.errored = true
  // Older versions do not write a result; any word but the good one is a bad one.
  if (result !== null && result !== 'succeeded') found.errored = true
  found.summary = field(content, 'resourceChanges') ?? null
  return null
}

/** A result without the step it belongs to is a step too: something happens there. */
function unannounced(found: Found): readonly PreviewStep[] {
  const announced = new Set(found.steps.map(keyOf))
  return found.results.filter((step) => !announced.has(keyOf(step)))
}

function keyOf(step: PreviewStep): string {
  return `${step.op}\n${step.urn}`
}

function checkOf(content: Value): CheckResult {
  const name = textOr(field(content, 'policyName'), '')
  const urn = textOr(field(content, 'resourceUrn'), '')
  return { address: urn === '' ? name : `${name} ${urn}`, kind: 'policy', status: 'fail' }
}
