/**
 * All steps that one resource takes as a ResourceChange, one entry for each URN. `before` and
 * `after` are its inputs: what the program asks for; its outputs and whatever else a step says are
 * kept in `extra`. Left out are only times and places in the program, which differ in every run.
 */
import { canonicalValue } from '../canonical.ts'
import type { Action, ResourceChange } from '../plan.ts'
import { field, isList, isMap, UNKNOWN, type Value, type ValueMap } from '../value.ts'
import { actionOfOp, actionOfOps } from './pulumi-action.ts'
import type { PreviewStep } from './pulumi-preview.ts'
import { isUnknownText, pathSteps, restoreOutputs, restoreValue } from './pulumi-values.ts'
import { fieldsBesides, textOr } from './terraform-change.ts'

export const STACK_TYPE = 'pulumi:pulumi:Stack'

const STATE_FIELDS: ReadonlySet<string> = new Set([
  'urn',
  'type',
  'inputs',
  'outputs',
  'created',
  'modified',
  'sourcePosition',
  'stackTrace',
])

/** At least one step, all of one URN, in the order of the preview. */
export function changeOfSteps(urn: string, steps: readonly PreviewStep[]): ResourceChange {
  const ops = steps.map((step) => step.op)
  const action = actionOfOps(ops)
  const main = mainStep(steps, action)
  const { type, name } = partsOf(urn)
  const before = beforeOf(main, steps, action)
  const after = afterOf(main, steps, action)
  const previous = field(main?.old, 'urn')
  return {
    address: urn,
    deposed: null,
    previousAddress: typeof previous === 'string' && previous !== urn ? previous : null,
    module: parentOf(steps),
    mode: ops.every((op) => op === 'read') ? 'data' : 'managed',
    type,
    name,
    provider: providerOf(steps),
    action,
    actions: ops,
    reason: null,
    before,
    after,
    beforeSensitive: null,
    afterSensitive: null,
    afterUnknown: null,
    replacePaths: distinctPaths(steps.flatMap(forcingPaths)),
    importing: ops.some((op) => op.startsWith('import')) ? { id: idOf(steps) } : null,
    extra: { ...extraOf(main), ...otherSteps(steps, { main, before, after }) },
  }
}

/** What a URN says: `urn:pulumi:stack::project::parentType$type::name`. */
export function partsOf(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = '', ...names] = urn.split('::')
  return { type: types.slice(types.lastIndexOf('$') + 1), name: names.join('::') }
}

const REPLACING_FIRST: readonly string[] = ['replace', 'create-replacement', 'import-replacement']

/** The step that says most about the action. */
function mainStep(steps: readonly PreviewStep[], action: Action): PreviewStep | undefined {
  for (const op of action === 'replace' ? REPLACING_FIRST : []) {
    const found = steps.find((step) => step.op === op)
    if (found !== undefined) return found
  }
  return steps.find((step) => actionOfOp(step.op) === action) ?? steps.at(-1)
}

type Main = PreviewStep | undefined

function beforeOf(main: Main, steps: readonly PreviewStep[], action: Action): Value {
  const others = action === 'replace' ? steps.map((step) => step.old) : []
  const state = [main?.old ?? null, ...others].find((old) => old !== null) ?? null
  if (state !== null) return inputsOf(state)
  return action === 'create' || action === 'import' || action === 'read' ? null : UNKNOWN
}

/** A resource that is replaced under another URN has no state of its own afterwards. */
function afterOf(main: Main, steps: readonly PreviewStep[], action: Action): Value {
  const others = action === 'replace' ? steps.map((step) => step.new) : []
  const state = [main?.new ?? null, ...others].find((one) => one !== null) ?? null
  if (action === 'delete') return null
  if (state !== null) return inputsOf(state)
  return steps.every((step) => step.op === 'delete-replaced') ? null : UNKNOWN
}

/** The tool leaves empty inputs out. */
function inputsOf(state: Value): Value {
  return restoreValue(field(state, 'inputs') ?? {})
}

/** The component it belongs to, empty below the stack itself. */
function parentOf(steps: readonly PreviewStep[]): string {
  for (const step of steps) {
    const parent = textOr(field(step.new, 'parent'), textOr(field(step.old, 'parent'), ''))
    if (parent !== '') return partsOf(parent).type === STACK_TYPE ? '' : parent
  }
  return ''
}

/** A reference to a provider is its URN and its id, and the id may not be known yet. */
function providerOf(steps: readonly PreviewStep[]): string {
  const provider = steps.map((step) => step.provider).find((text) => text !== '') ?? ''
  return isUnknownText(provider) ? provider.slice(0, provider.lastIndexOf('::')) : provider
}

function idOf(steps: readonly PreviewStep[]): Value {
  const step = steps.find((one) => one.op.startsWith('import'))
  return restoreValue(field(step?.new, 'importID') ?? field(step?.new, 'id') ?? null)
}

/** Paths that force a replacement: marked as such, or named as the reason. */
function forcingPaths(step: PreviewStep): readonly Value[] {
  const rest = Object.fromEntries(step.rest)
  const diff = field(rest, 'detailedDiff')
  const marked = diff !== undefined && isMap(diff) ? Object.entries(diff) : []
  const paths = marked.filter(([, change]) => forces(change)).map(([path]) => path)
  const named = field(rest, 'replaceReasons') ?? field(rest, 'keys') ?? []
  const reasons = isList(named) ? named.filter((name) => typeof name === 'string') : []
  const covered = new Set(paths.map((path) => pathSteps(path)[0]))
  return [...paths, ...reasons.filter((name) => !covered.has(name))].map(pathSteps)
}

function forces(change: Value): boolean {
  const kind = field(change, 'kind') ?? field(change, 'diffKind')
  return typeof kind === 'string' && kind.endsWith('-replace')
}

function distinctPaths(paths: readonly Value[]): readonly Value[] {
  return [...new Map(paths.map((path) => [canonicalValue(path), path])).values()]
}

/** Names that are given here to what a step says of its states and of other steps. */
const OURS = /^(?:old|new|step)\.|^steps$/

function extraOf(main: Main): ValueMap {
  const extra: [string, Value][] = []
  for (const [key, value] of main?.rest ?? []) {
    extra.push([OURS.test(key) ? `step.${key}` : key, restoreValue(value)])
  }
  for (const side of ['old', 'new'] as const) {
    const state = main?.[side] ?? null
    for (const [key, value] of fieldsBesides(state, STATE_FIELDS)) {
      extra.push([`${side}.${key}`, restoreValue(value)])
    }
    const outputs = restoreOutputs(state)
    if (outputs !== undefined) extra.push([`${side}.outputs`, outputs])
  }
  return Object.fromEntries(extra)
}

/** What the other steps say of the resource, where it is not what the entry says already. */
function otherSteps(
  steps: readonly PreviewStep[],
  shown: { readonly main: Main; readonly before: Value; readonly after: Value },
): ValueMap {
  const sides = new Set([shown.before, shown.after].map(canonicalValue))
  const others: Value[] = []
  for (const step of steps) {
    if (step === shown.main || actionOfOp(step.op) === 'noop') continue
    const values = [step.old, step.new].map((state) => (state === null ? null : inputsOf(state)))
    const isNews = values.some((value) => value !== null && !sides.has(canonicalValue(value)))
    if (isNews) others.push({ op: step.op, old: values[0] ?? null, new: values[1] ?? null })
  }
  return others.length === 0 ? {} : { steps: others }
}
