/**
 * One entry of a change set's `Changes` as a ResourceChange. Property values are there only if they
 * were asked for; without them both sides are `Unknown` as a whole, because a rule that reads a
 * half-known resource would take what it does not find for absent.
 */
import type { ResourceChange } from '../plan.ts'
import type { Primitives } from '../primitives.ts'
import { field, isList, isMap, UNKNOWN, type Value } from '../value.ts'
import { cloudformationAction, cloudformationWords } from './cloudformation-action.ts'
import { type Context, maskValue, readContext } from './cloudformation-values.ts'
import { fieldsBesides, textOr, textOrNull } from './terraform-change.ts'

/** Where an entry stands; `module` is the path of nested stacks, empty for the root. */
export interface ChangePlace {
  readonly index: number
  readonly module: string
  readonly primitives: Primitives
}

export interface ReadChange {
  readonly change: ResourceChange
  /** What was found changed outside, for change sets that look for drift. */
  readonly drift: ResourceChange | null
  /** A context was there and could not be read. */
  readonly isCut: boolean
}

const NESTED = 'AWS::CloudFormation::Stack'

/** Fields that have a place of their own; where one is no text, `extra` keeps it. */
const TEXTS = [
  'Action',
  'LogicalResourceId',
  'ResourceType',
  'PhysicalResourceId',
  'Replacement',
  'PolicyAction',
] as const
const CONTEXTS = ['BeforeContext', 'AfterContext', 'PreviousDeploymentContext'] as const
const CHANGE_FIELDS: ReadonlySet<string> = new Set([...TEXTS, ...CONTEXTS, 'Details'])
const ENTRY_FIELDS: ReadonlySet<string> = new Set(['Type', 'ResourceChange'])

/** The nested change set of an entry; `unnamed` for a nested stack that has none. */
export function nestedSet(entry: Value): { readonly id: string | null } | null {
  const change = field(entry, 'ResourceChange')
  const id = textOrNull(field(change, 'ChangeSetId'))
  if (id !== null) return { id }
  return field(change, 'ResourceType') === NESTED ? { id: null } : null
}

export function readChange(entry: Value, place: ChangePlace): ReadChange {
  const { module, primitives } = place
  const given = field(entry, 'ResourceChange') ?? null
  const logicalId = textOr(field(given, 'LogicalResourceId'), '')
  const name = logicalId === '' ? `Changes[${place.index}]` : logicalId
  const type = textOr(field(given, 'ResourceType'), '')
  const contexts = readContexts(given, primitives)
  const action = isResource(entry) ? cloudformationAction(given) : 'unknown'
  const details = field(given, 'Details') ?? null
  const physicalId = field(given, 'PhysicalResourceId') ?? null
  const change: ResourceChange = {
    address: module === '' ? name : `${module}/${name}`,
    deposed: null,
    previousAddress: null,
    module: moduleOf(given, module),
    mode: isResource(entry) ? 'managed' : 'other',
    type,
    name: logicalId,
    provider: type.split('::')[0] ?? '',
    action,
    actions: cloudformationWords(given),
    reason: reasonOf(details),
    before: action === 'create' ? createdFrom(contexts.before) : sideOf(contexts.before),
    after: goes(action) ? createdFrom(contexts.after) : sideOf(contexts.after),
    beforeSensitive: null,
    afterSensitive: null,
    afterUnknown: null,
    replacePaths: replacePaths(details),
    importing: action === 'import' ? { id: physicalId } : null,
    extra: extraOf(entry, contexts, primitives),
  }
  const isCut = Object.values(contexts).some((context) => context.kind === 'unreadable')
  return { change, drift: driftOf(change, given, contexts.previous), isCut }
}

interface Contexts {
  readonly before: Context
  readonly after: Context
  readonly previous: Context
}

function readContexts(given: Value, primitives: Primitives): Contexts {
  const read = (key: string): Context => readContext(field(given, key), primitives)
  return {
    before: read('BeforeContext'),
    after: read('AfterContext'),
    previous: read('PreviousDeploymentContext'),
  }
}

function isResource(entry: Value): boolean {
  const type = field(entry, 'Type') ?? null
  return isMap(field(entry, 'ResourceChange') ?? null) && (type === null || type === 'Resource')
}

function goes(action: ResourceChange['action']): boolean {
  return action === 'delete' || action === 'forget'
}

/** What is not told is not absent. */
function sideOf(context: Context): Value {
  return context.kind === 'read' ? context.value : UNKNOWN
}

/** The side on which there is no object, unless the tool shows one there. */
function createdFrom(context: Context): Value {
  return context.kind === 'absent' ? null : sideOf(context)
}

function moduleOf(given: Value, module: string): string {
  const inside = textOr(field(field(given, 'ModuleInfo'), 'LogicalIdHierarchy'), '')
  if (module === '' || inside === '') return module + inside
  return `${module}/${inside}`
}

/** `changes KeyName (requires recreation), Tags`: all that is told where values are not. */
function reasonOf(details: Value): string | null {
  if (details === null || !isList(details)) return null
  const names = details.map((detail) => {
    const target = field(detail, 'Target')
    const name = nameOf(target)
    const recreation = field(target, 'RequiresRecreation')
    if (recreation === 'Always') return `${name} (requires recreation)`
    return recreation === 'Conditionally' ? `${name} (may require recreation)` : name
  })
  const distinct = [...new Set(names)].filter((name) => name !== '')
  return distinct.length === 0 ? null : `changes ${distinct.join(', ')}`
}

function nameOf(target: Value | undefined): string {
  return textOr(field(target, 'Name'), textOr(field(target, 'Attribute'), ''))
}

function replacePaths(details: Value): readonly Value[] {
  if (details === null || !isList(details)) return []
  const targets = details.map((detail) => field(detail, 'Target'))
  return targets
    .filter((target) => {
      const recreation = field(target, 'RequiresRecreation')
      return recreation === 'Always' || recreation === 'Conditionally'
    })
    .map(pathOf)
    .filter((path) => path.length > 0)
}

function pathOf(target: Value | undefined): readonly Value[] {
  const path = field(target, 'Path')
  if (typeof path === 'string' && path.startsWith('/')) {
    const steps = path.slice(1).split('/')
    return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  const steps = [field(target, 'Attribute'), field(target, 'Name')]
  return steps.filter((step) => typeof step === 'string')
}

function extraOf(
  entry: Value,
  contexts: Contexts,
  primitives: Primitives,
): ResourceChange['extra'] {
  const given = field(entry, 'ResourceChange')
  const extra: [string, Value][] = []
  for (const [key, value] of fieldsBesides(entry, ENTRY_FIELDS)) extra.push([`entry.${key}`, value])
  const type = field(entry, 'Type') ?? null
  if (type !== null && type !== 'Resource') extra.push(['entry.Type', type])
  if (given !== undefined && !isMap(given)) extra.push(['entry.ResourceChange', given])
  for (const [key, value] of fieldsBesides(given, CHANGE_FIELDS)) {
    // What stands around the change has its names in the same place.
    extra.push([/^(?:entry|change)\./.test(key) ? `change.${key}` : key, value])
  }
  for (const key of TEXTS) {
    const value = field(given, key) ?? null
    if (value !== null && typeof value !== 'string') extra.push([key, value])
  }
  const physicalId = textOrNull(field(given, 'PhysicalResourceId'))
  if (physicalId !== null) extra.push(['PhysicalResourceId', physicalId])
  const details = field(given, 'Details')
  if (details !== undefined) extra.push(['Details', namedDetails(details)])
  const masked = extra.map(([key, value]): [string, Value] => [key, maskValue(value, primitives)])
  return Object.fromEntries([...masked, ...unreadContexts(given, contexts, primitives)])
}

/** A context that could not be read is kept as it was written, and one that was read as read. */
function unreadContexts(
  given: Value | undefined,
  contexts: Contexts,
  primitives: Primitives,
): readonly [string, Value][] {
  const kept: [string, Value][] = []
  for (const [at, key] of CONTEXTS.entries()) {
    const context = [contexts.before, contexts.after, contexts.previous][at]
    const value = field(given, key)
    if (value === undefined || context === undefined) continue
    if (context.kind === 'unreadable') kept.push([key, maskValue(value, primitives)])
    else if (context.kind === 'read' && key === 'PreviousDeploymentContext') {
      kept.push([key, context.value])
    }
  }
  return kept
}

/** What a target says of a property besides values of it; whatever else it has may be one. */
const TARGET_WORDS: ReadonlySet<string> = new Set([
  'Attribute',
  'Name',
  'Path',
  'RequiresRecreation',
  'AttributeChangeType',
  'BeforeValueFrom',
  'AfterValueFrom',
])

/** Values stand under the name of their property, by which redaction knows a password. */
function namedDetails(details: Value): Value {
  if (!isList(details)) return details
  return details.map((detail) => {
    const target = field(detail, 'Target')
    if (!isMap(detail) || target === undefined || !isMap(target)) return detail
    const path = pathOf(target).at(-1)
    const name = typeof path === 'string' && path !== '__proto__' ? path : 'value'
    const named = Object.entries(target).map(([key, value]): [string, Value] => {
      return [key, TARGET_WORDS.has(key) ? value : underName(value, name)]
    })
    return { ...detail, Target: Object.fromEntries(named) }
  })
}

function underName(value: Value, name: string): Value {
  if (!isMap(value)) return Object.fromEntries([[name, value]])
  const inner = Object.entries(value)
  return Object.fromEntries(
    inner.map(([key, item]): [string, Value] => [key, Object.fromEntries([[name, item]])]),
  )
}

const NO_DRIFT: ReadonlySet<Value> = new Set([null, 'IN_SYNC', 'NOT_CHECKED'])

function driftOf(change: ResourceChange, given: Value, previous: Context): ResourceChange | null {
  const status = field(given, 'ResourceDriftStatus') ?? null
  if (NO_DRIFT.has(status)) return null
  const isGone = status === 'DELETED'
  return {
    ...change,
    action: isGone ? 'delete' : status === 'MODIFIED' ? 'update' : 'unknown',
    actions: typeof status === 'string' ? [status] : [],
    reason: null,
    before: sideOf(previous),
    after: isGone ? null : change.before,
    replacePaths: [],
    importing: null,
    extra: {},
  }
}
