/**
 * Previews of Pulumi (`pulumi preview --json`, in both of its forms) as a Plan. It fails closed:
 * a stream that ends early is refused, and steps that the tool counted and did not write make the
 * plan incomplete. A preview never shows whether a secret changes; the values say so.
 */
import { canonicalValue } from '../canonical.ts'
import type { Action, OutputChange, Plan, ResourceChange, Variable } from '../plan.ts'
import { field, Hidden, isList, isMap, type Value } from '../value.ts'
import type { PlanDocument } from './document.ts'
import { RESOURCE_CHANGES_MAX } from './limits.ts'
import { counted, EMPTY_PLAN, type ParsedPlan, refuse, warningsOfUnknown } from './parsed-plan.ts'
import { changeOfSteps, partsOf, STACK_TYPE } from './pulumi-change.ts'
import { readEvents } from './pulumi-events.ts'
import { type Preview, type PreviewStep, readDigest } from './pulumi-preview.ts'
import { pulumiReferences } from './pulumi-references.ts'
import { HIDDEN, restoreOutputs, restoreValue } from './pulumi-values.ts'
import { membersOf } from './terraform-configuration.ts'

export function parsePulumi(document: PlanDocument): ParsedPlan {
  const read = readForm(document)
  if (!read.ok) return refuse(read.message)
  const count = read.preview.steps.length
  if (count > RESOURCE_CHANGES_MAX) {
    return refuse(`The plan has ${count} steps; at most ${RESOURCE_CHANGES_MAX} are read`)
  }
  return { ok: true, plan: planOf(read.preview) }
}

/** A single event is a stream as well, if a short one. */
function readForm(document: PlanDocument): ReturnType<typeof readDigest> {
  if (document.kind === 'lines') return readEvents(document.items())
  const isEvent = document.keys.includes('sequence')
  return isEvent ? readEvents([document.whole()]) : readDigest(document)
}

function planOf(preview: Preview): Plan {
  const { steps, errored, unknownFields } = preview
  const resources = [...byUrn(steps)].map(([urn, own]) => changeOfSteps(urn, own))
  const missing = missingSteps(preview)
  return {
    ...EMPTY_PLAN,
    tool: 'pulumi',
    formatVersion: preview.form,
    resources,
    outputs: outputsOf(preview),
    drift: driftOf(preview),
    checks: preview.checks,
    ...pulumiReferences(resources),
    variables: membersOf(preview.config).map(([name, value]) => variableOf(name, value)),
    errored,
    complete: errored || missing > 0 ? false : preview.summary === null ? null : true,
    applyable: !errored,
    unknownFields,
    warnings: warningsOf(preview, missing, resources),
  }
}

function byUrn(steps: readonly PreviewStep[]): ReadonlyMap<string, readonly PreviewStep[]> {
  const groups = new Map<string, PreviewStep[]>()
  for (const step of steps) {
    const group = groups.get(step.urn)
    if (group === undefined) groups.set(step.urn, [step])
    else group.push(step)
  }
  return groups
}

/** Configuration in an object form is kept as it is, unless it says that it is secret. */
function variableOf(name: string, given: Value): Variable {
  const isSecret = (field(given, 'secret') ?? false) !== false
  const value = isSecret ? HIDDEN : restoreValue(given)
  return { name, value, sensitive: value instanceof Hidden }
}

/**
 * How many steps the tool counted and did not write. It counts what a refresh finds under what
 * that is, so a preview of nothing but a refresh cannot be compared.
 */
function missingSteps({ form, steps, summary }: Preview): number {
  // A digest without a summary cannot be compared; the engine never ends without one.
  if (summary === null && form === 'digest') return 0
  if (summary === null || !isMap(summary)) return 1
  const isRefresh = steps.some((step) => step.op === 'refresh')
  if (isRefresh && steps.every((step) => step.op === 'refresh' || step.op === 'same')) return 0
  const written = new Map<string, number>()
  for (const { op } of steps) written.set(op, (written.get(op) ?? 0) + 1)
  let missing = 0
  for (const [op, count] of Object.entries(summary)) {
    // The tool leaves unchanged resources out of a digest unless it is asked for them.
    if (op === 'same') continue
    const here = written.get(op) ?? 0
    missing += typeof count === 'number' ? Math.max(0, count - here) : 1
  }
  return missing
}

/** The outputs of the stack, where a preview tells them: once its program has run. */
function outputsOf({ steps, results }: Preview): readonly OutputChange[] {
  const isStack = (step: PreviewStep): boolean => {
    return partsOf(step.urn).type === STACK_TYPE && field(step.new, 'outputs') !== undefined
  }
  const last = [...steps, ...results].filter(isStack).at(-1)
  if (last === undefined) return []
  const before = new Map(membersOf(restoreOutputs(last.old)))
  const after = new Map(membersOf(restoreOutputs(last.new)))
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].map((name) => outputOf(name, before.get(name), after.get(name)))
}

function outputOf(name: string, before: Value | undefined, after: Value | undefined): OutputChange {
  const action = outputAction(before, after)
  return {
    name,
    action,
    actions: [action],
    before: before ?? null,
    after: after ?? null,
    beforeSensitive: null,
    afterSensitive: null,
    afterUnknown: null,
    extra: {},
  }
}

function outputAction(before: Value | undefined, after: Value | undefined): Action {
  if (before === undefined) return 'create'
  if (after === undefined) return 'delete'
  // Two secrets look alike, whatever they are.
  if (before instanceof Hidden && after instanceof Hidden) return 'unknown'
  return canonicalValue(before) === canonicalValue(after) ? 'noop' : 'update'
}

/** What a refresh found changed outside. */
function driftOf({ form, steps, results }: Preview): readonly ResourceChange[] {
  const found = (form === 'events' ? results : steps).filter((step) => step.op === 'refresh')
  return found.flatMap((step) => {
    const before = stateOf(step.old)
    const after = stateOf(step.new)
    if (canonicalValue(before) === canonicalValue(after)) return []
    const action: Action = after === null ? 'delete' : before === null ? 'create' : 'update'
    return [{ ...changeOfSteps(step.urn, [step]), action, before, after, extra: {} }]
  })
}

function stateOf(state: Value): Value {
  if (state === null) return null
  return {
    inputs: restoreValue(field(state, 'inputs') ?? {}),
    outputs: restoreOutputs(state) ?? {},
  }
}

function warningsOf(
  preview: Preview,
  missing: number,
  resources: readonly ResourceChange[],
): readonly string[] {
  const warnings: string[] = []
  const hidden = resources.some((entry) => holdsSecret(entry.before) || holdsSecret(entry.after))
  if (preview.errored) warnings.push('The tool reported an error; the preview is partial')
  if (missing > 0) {
    const steps = counted(missing, 'step that is', 'steps that are')
    warnings.push(`The tool counted ${steps} not in the preview`)
  }
  if (hidden) warnings.push('A preview of Pulumi does not tell whether a secret value changes')
  return [...warnings, ...warningsOfUnknown(preview.unknownFields)]
}

function holdsSecret(value: Value): boolean {
  if (value instanceof Hidden) return true
  if (isList(value)) return value.some(holdsSecret)
  return isMap(value) && Object.values(value).some(holdsSecret)
}
