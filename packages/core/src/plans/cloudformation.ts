/**
 * Change sets of CloudFormation (DescribeChangeSet, as CLI and SDKs print it) as a Plan; CDK and
 * SAM deploy through them too. It fails closed: a set that is not finished, not whole or not
 * readable is a refusal or an incomplete plan, never a smaller one.
 */
import type { Plan, ProviderConfig, ResourceChange, Variable } from '../plan.ts'
import type { Primitives } from '../primitives.ts'
import { field, Hidden, isList, isMap, type Value, type ValueMap } from '../value.ts'
import { nestedSet, type ReadChange, readChange } from './cloudformation-change.ts'
import { type ChangeSet, isWarned, readChangeSets } from './cloudformation-pages.ts'
import { cloudformationReferences } from './cloudformation-references.ts'
import { maskValue } from './cloudformation-values.ts'
import type { PlanDocument } from './document.ts'
import { RESOURCE_CHANGES_MAX } from './limits.ts'
import {
  counted,
  EMPTY_PLAN,
  type ParsedPlan,
  quote,
  refuse,
  warningsOfUnknown,
} from './parsed-plan.ts'
import { fieldsBesides, textOr } from './terraform-change.ts'

/** What DescribeChangeSet answers with, as of 2026; every other field is counted as unknown. */
const KNOWN: ReadonlySet<string> = new Set([
  'Capabilities',
  'ChangeSetId',
  'ChangeSetName',
  'CreationTime',
  'DeploymentConfig',
  'DeploymentMode',
  'Description',
  'ExecutionStatus',
  'ImportExistingResources',
  'IncludeNestedStacks',
  'NotificationARNs',
  'OnStackFailure',
  'Parameters',
  'ParentChangeSetId',
  'ResponseMetadata',
  'RollbackConfiguration',
  'RootChangeSetId',
  'StackDriftStatus',
  'StackId',
  'StackName',
  'Status',
  'StatusReason',
  'Tags',
])

/** Not what the stack is given: read elsewhere, or different in every answer. */
const NO_SETTINGS: ReadonlySet<string> = new Set(['Parameters', 'ResponseMetadata', 'CreationTime'])

export function parseCloudformation(
  document: PlanDocument,
  { primitives }: { readonly primitives: Primitives },
): ParsedPlan {
  const read = readChangeSets(document)
  if (!read.ok) return refuse(read.message)
  const count = read.sets.reduce((sum, set) => sum + set.changes.length, 0)
  if (count > RESOURCE_CHANGES_MAX) {
    return refuse(
      `The plan has ${count} resource changes; at most ${RESOURCE_CHANGES_MAX} are read`,
    )
  }
  for (const set of read.sets) {
    const problem = statusProblem(field(set.fields, 'Status') ?? null)
    if (problem !== null) return refuse(problem)
  }
  const found = walk(read.sets, primitives)
  return typeof found === 'string' ? refuse(found) : { ok: true, plan: planOf(found, primitives) }
}

const UNFINISHED: ReadonlySet<Value> = new Set(['CREATE_PENDING', 'CREATE_IN_PROGRESS'])
const READABLE: ReadonlySet<Value> = new Set([null, 'CREATE_COMPLETE', 'FAILED'])

function statusProblem(status: Value): string | null {
  if (READABLE.has(status)) return null
  if (UNFINISHED.has(status)) {
    return `The change set is still being made (${quote(status)}); expected is CREATE_COMPLETE`
  }
  return `The change set's Status is ${quote(status)}; expected is CREATE_COMPLETE`
}

interface Found {
  readonly root: ChangeSet
  readonly sets: Set<ChangeSet>
  readonly changes: ReadChange[]
  /** Nested stacks whose own changes are not in the document. */
  unseen: number
}

interface Walk {
  readonly byId: ReadonlyMap<string | null, ChangeSet>
  readonly found: Found
  readonly primitives: Primitives
}

/** From the one set that is nested in no other, through all that are. */
function walk(sets: readonly ChangeSet[], primitives: Primitives): Found | string {
  const nested = new Set(sets.flatMap((set) => set.changes).map((entry) => nestedSet(entry)?.id))
  const root = sets.find((set) => set.id === null || !nested.has(set.id))
  if (root === undefined) return 'The list has no change set that is nested in none'
  const byId = new Map(sets.map((set) => [set.id, set]))
  const found: Found = { root, sets: new Set(), changes: [], unseen: 0 }
  const problem = visit(root, '', { byId, found, primitives })
  if (problem !== null) return problem
  if (found.sets.size === sets.length) return found
  return 'The list has change sets that do not belong to each other'
}

const DEPTH_MAX = 64

function visit(set: ChangeSet, module: string, { byId, found, primitives }: Walk): string | null {
  if (found.sets.has(set)) return 'A change set is nested in more than one place'
  if (module.split('/').length > DEPTH_MAX) return 'Change sets are nested too deep'
  found.sets.add(set)
  for (const [index, entry] of set.changes.entries()) {
    const read = readChange(entry, { index, module, primitives })
    found.changes.push(read)
    const nested = nestedSet(entry)
    if (nested === null) continue
    const inner = nested.id === null ? undefined : byId.get(nested.id)
    if (inner === undefined) found.unseen += 1
    const problem = inner && visit(inner, read.change.address, { byId, found, primitives })
    if (typeof problem === 'string') return problem
  }
  return null
}

function planOf(found: Found, primitives: Primitives): Plan {
  const { fields } = found.root
  const resources = found.changes.map(({ change }) => change)
  const drift = found.changes.map((read) => read.drift)
  const sets = [...found.sets]
  const unknownFields = sets.flatMap((set) => {
    return Object.keys(set.fields).filter((key) => !KNOWN.has(key))
  })
  const errored = sets.some(hasFailed)
  const isWhole = !errored && isAllShown(found)
  const said = (field(fields, 'Status') ?? null) !== null
  const execution = field(fields, 'ExecutionStatus') ?? null
  return {
    ...EMPTY_PLAN,
    tool: 'cloudformation',
    formatVersion: 'DescribeChangeSet',
    resources,
    drift: drift.filter((entry) => entry !== null),
    providers: sets.map((set) => settingsOf(set, primitives)),
    variables: sets.flatMap((set) => variablesOf(set, primitives)),
    errored,
    complete: isWhole ? (said ? true : null) : false,
    ...cloudformationReferences(resources),
    applyable: execution === null ? null : execution === 'AVAILABLE' && !errored,
    unknownFields: [...new Set(unknownFields)],
    warnings: [...warningsOf(found, resources), ...warningsOfUnknown(unknownFields)],
  }
}

/** A set that lists no resource and can be executed changes something that it does not list. */
function isAllShown(found: Found): boolean {
  if (found.unseen > 0 || [...found.sets].some((set) => isWarned(set.fields))) return false
  return found.changes.length > 0 || isEmpty(found.root)
}

const NOTHING_TO_DO = [
  "The submitted information didn't contain changes",
  'No updates are to be performed',
] as const

/** A set without changes is FAILED too, and says so in words alone. */
function hasFailed(set: ChangeSet): boolean {
  return field(set.fields, 'Status') === 'FAILED' && !isEmpty(set)
}

function isEmpty(set: ChangeSet): boolean {
  const reason = textOr(field(set.fields, 'StatusReason'), '')
  return set.changes.length === 0 && NOTHING_TO_DO.some((words) => reason.startsWith(words))
}

/** Where it acts and what the stack is given: all that is no resource and no parameter. */
function settingsOf(set: ChangeSet, primitives: Primitives): ProviderConfig {
  const settings = Object.fromEntries(fieldsBesides(set.fields, NO_SETTINGS))
  const arn = textOr(field(set.fields, 'StackId'), textOr(field(set.fields, 'ChangeSetId'), ''))
  const [, , , region = '', account = ''] = arn.split(':')
  return {
    key: textOr(field(set.fields, 'StackName'), 'stack'),
    name: 'cloudformation',
    fullName: 'AWS::CloudFormation',
    alias: null,
    module: '',
    versionConstraint: null,
    config: { ...place(region, account), settings: maskValue(settings, primitives) },
  }
}

function place(region: string, account: string): ValueMap {
  return region === '' && account === '' ? {} : { region, account }
}

function variablesOf(set: ChangeSet, primitives: Primitives): readonly Variable[] {
  const parameters = field(set.fields, 'Parameters') ?? []
  if (!isList(parameters)) return [variable('Parameters', parameters, primitives)]
  return parameters.map((parameter, index) => {
    const name = textOr(field(parameter, 'ParameterKey'), `Parameters[${index}]`)
    const given = field(parameter, 'ParameterValue')
    const isPlain = isMap(parameter) && Object.keys(parameter).length === 2 && given !== undefined
    return variable(name, isPlain ? given : parameter, primitives)
  })
}

function variable(name: string, value: Value, primitives: Primitives): Variable {
  const masked = maskValue(value, primitives)
  return { name, value: masked, sensitive: holdsHidden(masked) }
}

function holdsHidden(value: Value): boolean {
  if (value instanceof Hidden) return true
  return isMap(value) && Object.values(value).some((item) => item instanceof Hidden)
}

function warningsOf(found: Found, resources: readonly ResourceChange[]): readonly string[] {
  const warnings: string[] = []
  const sets = [...found.sets]
  const addresses = new Set(resources.map((resource) => resource.address))
  const repeated = resources.length - addresses.size
  const cut = found.changes.filter((read) => read.isCut).length
  const unvalued = resources.filter((resource) => isUnvalued(resource)).length
  const execution = field(found.root.fields, 'ExecutionStatus') ?? null
  if (sets.some(hasFailed)) warnings.push('The change set failed; it cannot be executed')
  if (sets.some((set) => isWarned(set.fields))) {
    warnings.push('CloudFormation says that this description of the change set leaves data out')
  }
  if (found.changes.length === 0 && !sets.some((set) => isEmpty(set) || hasFailed(set))) {
    warnings.push('The change set lists no resource; whatever else it changes is not shown')
  }
  if (found.unseen > 0) {
    const stacks = counted(found.unseen, 'nested stack changes', 'nested stacks change')
    warnings.push(`${stacks}, and what changes inside is not in the document`)
  }
  if (execution !== null && execution !== 'AVAILABLE' && !sets.some(isEmpty)) {
    warnings.push(`The change set cannot be executed now: ${quote(execution)}`)
  }
  if (unvalued > 0) {
    const changes = counted(unvalued, 'resource changes', 'resources change')
    warnings.push(`${changes} without property values; describe with IncludePropertyValues`)
  }
  if (cut > 0) warnings.push(`The values of ${counted(cut, 'resource', 'resources')} are cut off`)
  if (repeated > 0) warnings.push(`${repeated} resource changes repeat the address of another`)
  return warnings
}

/** Resources of which nothing is told but that they change. */
function isUnvalued({ action, before, after }: ResourceChange): boolean {
  if (action === 'create') return after !== null && !isMap(after)
  if (action === 'delete' || action === 'forget') return false
  return !isMap(before) && !isMap(after)
}
