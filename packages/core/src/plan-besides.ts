/**
 * What a plan holds besides resources: outputs, actions it would invoke, changes it puts off,
 * programs that run, drift. All of it is in the fingerprint, so all of it is shown, on the page and
 * in the terminal alike. Titles and notes hold the plan's own texts: hostile until rendered.
 */
import type { OutputChange, Plan, ResourceChange } from './plan.ts'
import { programsThatRun } from './programs.ts'
import { isMap, type Value, type ValueMap } from './value.ts'

export interface AlsoRow {
  readonly key: string
  readonly title: string
  /** Ours: what it is about. */
  readonly note: string
  readonly change: ResourceChange
}

export interface AlsoSection {
  readonly kind: 'programs' | 'invocations' | 'deferred' | 'outputs' | 'drift'
  readonly title: string
  readonly explains: string
  readonly rows: readonly AlsoRow[]
}

export function alsoIn(plan: Plan): readonly AlsoSection[] {
  const sections: readonly AlsoSection[] = [
    { kind: 'programs', ...PROGRAMS, rows: programs(plan) },
    { kind: 'invocations', ...INVOKES, rows: invocations(plan) },
    { kind: 'deferred', ...DEFERS, rows: deferred(plan) },
    { kind: 'outputs', ...OUTPUTS, rows: outputs(plan) },
    { kind: 'drift', ...DRIFT, rows: drift(plan) },
  ]
  return sections.filter((section) => section.rows.length > 0)
}

const PROGRAMS = {
  title: 'Programs that run',
  explains: 'They run on the runner or the machine, with whatever rights those have.',
}
/** Terraform 1.11 does not write whether a provisioner runs on create or on destroy. */
const UNSAID = 'the plan does not say whether on create or on destroy'
const INVOKES = {
  title: 'Actions it invokes',
  explains: 'They act at once; the plan does not say what they change.',
}
const DEFERS = {
  title: 'Put off to a later plan',
  explains: 'The tool cannot plan these yet; they are not part of what is applied.',
}
const OUTPUTS = { title: 'Outputs', explains: 'Values it hands to others.' }
const DRIFT = {
  title: 'Changed outside',
  explains: 'Somebody changed these since the last apply; the plan starts from what is there now.',
}

function outputs(plan: Plan): readonly AlsoRow[] {
  const changing = plan.outputs.filter((output) => output.action !== 'noop')
  return changing.map((output) => ({
    key: `output ${output.name}`,
    title: output.name,
    note: output.action,
    change: {
      ...blank(output.name),
      ...sides(output),
      action: output.action,
      extra: output.extra,
    },
  }))
}

function sides(output: OutputChange): Pick<ResourceChange, 'before' | 'after'> {
  const wrap = (value: Value): ValueMap => ({ value })
  return {
    before: output.action === 'create' ? null : wrap(output.before),
    after: output.action === 'delete' ? null : wrap(output.after),
  }
}

function invocations(plan: Plan): readonly AlsoRow[] {
  return plan.invocations.map((each, at) => ({
    key: `invocation ${at}`,
    title: each.address,
    note: each.deferred ? 'put off' : each.type,
    change: { ...blank(each.address), after: asMap(each.config) },
  }))
}

function deferred(plan: Plan): readonly AlsoRow[] {
  return plan.deferred.map((each, at) => ({
    key: `deferred ${at}`,
    title: each.change.address,
    note: each.reason.replaceAll('_', ' '),
    change: each.change,
  }))
}

function programs(plan: Plan): readonly AlsoRow[] {
  return programsThatRun(plan).map((each, at) => ({
    key: `provisioner ${at}`,
    title: `${each.resource} ${each.type}`,
    note: `${each.when === '' ? UNSAID : `on ${each.when}`}${readsText(each.reads)}`,
    change: { ...blank(each.resource), after: asMap(each.config) },
  }))
}

const READS_SHOWN = 8

/** Its computed settings are made of these, and nobody knows them before the apply. */
function readsText(reads: readonly string[]): string {
  if (reads.length === 0) return ''
  const rest = reads.length - READS_SHOWN
  return `; reads ${reads.slice(0, READS_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

function drift(plan: Plan): readonly AlsoRow[] {
  return plan.drift.map((change, at) => ({
    key: `drift ${at}`,
    title: change.address,
    note: change.action,
    change,
  }))
}

function asMap(value: Value): ValueMap {
  return isMap(value) ? value : { value }
}

function blank(address: string): ResourceChange {
  return {
    address,
    deposed: null,
    previousAddress: null,
    module: '',
    mode: 'other',
    type: '',
    name: '',
    provider: '',
    action: 'update',
    actions: [],
    reason: null,
    before: null,
    after: null,
    beforeSensitive: false,
    afterSensitive: false,
    afterUnknown: false,
    replacePaths: [],
    importing: null,
    extra: {},
  }
}

/** Flags of the whole plan that a reader must know before deciding. */
export function planWarnings(plan: Plan): readonly string[] {
  const found: string[] = []
  if (plan.errored) found.push('The tool ended this plan with an error: it is not whole.')
  if (plan.complete === false) found.push('The tool says this plan is not complete.')
  if (plan.applyable === false) found.push('The tool says this plan cannot be applied.')
  const failed = plan.checks.filter(({ status }) => status === 'fail' || status === 'error')
  const [first] = failed
  if (first !== undefined) {
    const more = failed.length === 1 ? '' : ` and ${failed.length - 1} more`
    found.push(`A check of the configuration fails: ${first.address}${more}.`)
  }
  return [...found, ...plan.warnings]
}
