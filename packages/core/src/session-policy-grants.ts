/**
 * What one change needs: which actions on which resources, and why its credentials could not be
 * called narrowed. Nothing is guessed: a type without an entry in the table gives a reason and no
 * permission at all.
 */

import type { Reference, ResourceChange } from './plan.ts'
import {
  type Located,
  type Lookup,
  locate,
  locateValue,
  lookIn,
  type Place,
} from './session-policy-arn.ts'
import type { CallKind, IamCalls, IamExtra, IamTable, IamType } from './session-policy-table.ts'
import { field, isMap, Unknown, type Value } from './value.ts'

export interface Grant {
  readonly action: string
  readonly resource: string
}

/** Why credentials are not narrowed, or not wholly; what caused it is with it. */
export type NotNarrowed =
  | { readonly code: 'unmapped_type'; readonly address: string; readonly type: string }
  | OfAttribute<'unknown_value'>
  | OfAttribute<'unsafe_value'>
  | OfAttribute<'foreign_resource'>
  | OfAttribute<'unnamed_resource'>
  | {
      readonly code: 'grants_privileges'
      readonly address: string
      readonly type: string
      readonly actions: readonly string[]
      /** In words, where it is not the actions: `runs code with its role`. */
      readonly how: string | null
    }
  | {
      /** AWS lets these be permitted on everything or on nothing. */
      readonly code: 'unbounded_action'
      readonly address: string
      readonly type: string
      readonly actions: readonly string[]
    }
  | { readonly code: 'unknown_action'; readonly address: string; readonly type: string }
  | { readonly code: 'deferred'; readonly address: string }
  | { readonly code: 'invokes'; readonly address: string }
  | { readonly code: 'not_aws'; readonly address: string; readonly provider: string }
  | { readonly code: 'assumes_role'; readonly provider: string; readonly role: string | null }
  | { readonly code: 'own_credentials'; readonly provider: string }
  | { readonly code: 'unknown_account'; readonly account: string }
  | { readonly code: 'unclear_state'; readonly setting: string }
  | { readonly code: 'incomplete' }
  | { readonly code: 'too_long'; readonly characters: number }
  | { readonly code: 'nothing_known' }

interface OfAttribute<Code extends string> {
  readonly code: Code
  readonly address: string
  readonly type: string
  readonly attribute: string
}

export interface Needed {
  readonly grants: readonly Grant[]
  readonly because: readonly NotNarrowed[]
}

export interface GrantContext {
  readonly table: IamTable
  readonly place: Place
  /** Every change of the plan by its address, to look up what an undecided attribute refers to. */
  readonly changes: ReadonlyMap<string, ResourceChange>
  readonly references: ReadonlyMap<string, readonly Reference[]>
}

/** What a kind of change calls for, on which side of it. */
interface Step {
  readonly kinds: readonly CallKind[]
  readonly side: 'before' | 'after'
}

const MAKES: Step = { kinds: ['create', 'settle', 'read'], side: 'after' }
const REMOVES: Step = { kinds: ['delete', 'read'], side: 'before' }
const READS: Step = { kinds: ['read'], side: 'after' }

/** What an action of a plan does to the cloud; `null` is nothing. `unknown` is no key. */
const STEPS: { readonly [action: string]: readonly Step[] } = {
  create: [MAKES],
  update: [{ kinds: ['update', 'read'], side: 'before' }],
  replace: [REMOVES, MAKES],
  delete: [REMOVES],
  read: [READS],
  import: [READS],
  forget: [],
  move: [],
  noop: [],
}

export function neededBy(change: ResourceChange, context: GrantContext): Needed {
  const { address, type, provider } = change
  const steps = Object.hasOwn(STEPS, change.action) ? STEPS[change.action] : undefined
  if (steps === undefined) return only({ code: 'unknown_action', address, type })
  if (steps.length === 0) return { grants: [], because: [] }
  const { harmless, types } = context.table
  if (harmless.some((each) => isProvider(provider, each))) return { grants: [], because: [] }
  if (!isProvider(provider, 'aws') && !type.includes('::')) {
    return only({ code: 'not_aws', address, provider })
  }
  const name = change.mode === 'data' ? `data.${type}` : type
  const known = Object.hasOwn(types, name) ? types[name] : undefined
  if (known === undefined) return only({ code: 'unmapped_type', address, type })
  return merged(steps.map((step) => neededFor({ change, type: known, step }, context)))
}

function only(reason: NotNarrowed): Needed {
  return { grants: [], because: [reason] }
}

/** `registry.terraform.io/hashicorp/aws` is `aws`. */
function isProvider(fullName: string, name: string): boolean {
  return fullName === name || fullName.endsWith(`/${name}`)
}

function merged(all: readonly Needed[]): Needed {
  return {
    grants: all.flatMap((each) => each.grants),
    because: all.flatMap((each) => each.because),
  }
}

interface Asked {
  readonly change: ResourceChange
  readonly type: IamType
  readonly step: Step
}

function neededFor(asked: Asked, context: GrantContext): Needed {
  const { change, type, step } = asked
  const lookup = lookupOf(change, step.side, context)
  const kinds = kindsOf(change, step)
  const told: Told = { asked, lookup, context, place: context.place }
  const needed = kinds.flatMap((kind) => [
    grantsOf(type.calls[kind], kind, told),
    ...type.extras
      .filter((extra) => extra.kinds.includes(kind) && applies(extra, kind, told))
      .map((extra) => extraOf(extra, kind, told)),
  ])
  return merged([...needed, privilegedBy(kinds, told)])
}

interface Told {
  readonly asked: Asked
  readonly lookup: Lookup
  readonly place: Place
  readonly context: GrantContext
}

/** Tags are called for only where they are set or change. */
function kindsOf(change: ResourceChange, { kinds }: Step): readonly CallKind[] {
  const isTagged = kinds.includes('update') && differs(change, 'tags', 'tags_all')
  return isTagged ? [...kinds, 'tag'] : kinds
}

function differs({ before, after }: ResourceChange, ...names: readonly string[]): boolean {
  return names.some((name) => {
    const [old, next] = [field(before, name) ?? null, field(after, name) ?? null]
    return JSON.stringify(old) !== JSON.stringify(next)
  })
}

function grantsOf(calls: IamCalls, kind: CallKind, told: Told): Needed {
  const all = Object.entries(calls).map(([name, actions]): Needed => {
    if (name === '*') return everywhere(actions, { kind, told })
    const located = locate(told.asked.type, name, told)
    return granted(actions, located, { kind, told })
  })
  return merged(all)
}

/** Actions that know no resource: reading settings and making new things is bounded even so. */
function everywhere(
  actions: readonly string[],
  { kind, told }: { readonly kind: CallKind; readonly told: Told },
): Needed {
  const { address, type } = told.asked.change
  const unbounded = kind === 'create' ? [] : actions.filter((each) => !READING.test(each))
  const grants = actions.map((action) => ({ action, resource: '*' }))
  if (unbounded.length === 0) return { grants, because: [] }
  return { grants, because: [{ code: 'unbounded_action', address, type, actions: unbounded }] }
}

const READING = /^[a-z0-9-]+:(?:Describe|Get|List)[A-Z]/

function granted(
  actions: readonly string[],
  { arns, open }: Located,
  { kind, told }: { readonly kind: CallKind; readonly told: Told },
): Needed {
  if (actions.length === 0) return { grants: [], because: [] }
  const { address, type } = told.asked.change
  const grants = arns.flatMap((resource) => actions.map((action) => ({ action, resource })))
  // A pattern that only makes new things, or only reads settings, reaches nothing that is there.
  const isHarmless = kind === 'create' || kind === 'read'
  const because = open.flatMap(({ attribute, why }): readonly NotNarrowed[] => {
    if (why === 'invented' && isHarmless) return []
    return [{ code: arns.length === 0 ? 'unnamed_resource' : CODES[why], address, type, attribute }]
  })
  return { grants, because }
}

const CODES = {
  unknown: 'unknown_value',
  invented: 'unknown_value',
  unsafe: 'unsafe_value',
  foreign: 'foreign_resource',
} as const

function applies(extra: IamExtra, kind: CallKind, told: Told): boolean {
  const { change } = told.asked
  const value = told.lookup(extra.attribute)
  if (extra.computed && isLeftOpen(value, extra.attribute, told)) return false
  if (kind === 'update') {
    // What stays as it is is not sent; what comes or changes is.
    const after = lookIn(change.after, extra.attribute)
    const isSame = JSON.stringify(value ?? null) === JSON.stringify(after ?? null)
    if (isSame && extra.value === null) return false
    return hasValue(isSame ? value : after, extra.value)
  }
  return hasValue(value, extra.value)
}

/** Undecided, and nothing of the plan decides it: AWS does. */
function isLeftOpen(value: Value | undefined, attribute: string, told: Told): boolean {
  if (!(value instanceof Unknown)) return false
  const { context, asked } = told
  const all = context.references.get(asked.change.address) ?? []
  return !all.some((each) => each.attribute.split('.')[0] === attribute.split('.')[0])
}

function hasValue(value: Value | undefined, wanted: Value): boolean {
  if (value === undefined || value === null || value === '') return false
  if (Array.isArray(value) && value.length === 0) return false
  // Undecided and hidden values may be anything.
  if (wanted === null || (typeof value === 'object' && !isMap(value))) return true
  return value === wanted
}

function extraOf(extra: IamExtra, kind: CallKind, told: Told): Needed {
  const { change, type } = told.asked
  // An update sends the new value.
  const lookup: Lookup =
    kind === 'update' ? (name) => lookIn(change.after, name) ?? told.lookup(name) : told.lookup
  if (extra.on === '*') return everywhere(extra.actions, { kind, told })
  const located =
    extra.on === '='
      ? locateValue(extra.attribute, lookup)
      : locate(type, extra.on, { lookup, place: told.place })
  return granted(extra.actions, located, { kind, told })
}

/** Privileges by the actions of the change itself, or by what its kind says of the type. */
function privilegedBy(kinds: readonly CallKind[], told: Told): Needed {
  const { change, type } = told.asked
  const calls = kinds.flatMap((kind) => [
    ...Object.values(type.calls[kind]).flat(),
    ...type.extras
      .filter((extra) => extra.kinds.includes(kind) && applies(extra, kind, told))
      .flatMap((extra) => extra.actions),
  ])
  const names = new Set(calls.map((action) => action.split('?')[0] ?? action))
  const actions = told.context.table.privileges.filter((each) => names.has(each))
  const how = kinds.map((kind) => type.privileged[kind]).find((each) => each !== undefined) ?? null
  if (actions.length === 0 && how === null) return { grants: [], because: [] }
  const { address, type: name } = change
  return only({ code: 'grants_privileges', address, type: name, actions, how })
}

/** Attributes of one side; what it does not tell, of the other, and of what it refers to. */
function lookupOf(change: ResourceChange, side: 'before' | 'after', context: GrantContext): Lookup {
  const [first, second] = side === 'before' ? [change.before, change.after] : [change.after, null]
  return (path) => {
    const own = lookIn(first, path)
    const value = own === undefined || own === null ? lookIn(second, path) : own
    if (!(value instanceof Unknown)) return value
    return referred(change, path, context) ?? value
  }
}

/**
 * An attribute that another new resource decides: the name of that one, where the plan has it. Only
 * where the attribute refers to one thing.
 */
function referred(
  change: ResourceChange,
  attribute: string,
  context: GrantContext,
): Value | undefined {
  const all = context.references.get(change.address) ?? []
  const own = all.filter((each) => each.attribute === attribute)
  const [reference] = own
  if (reference === undefined || own.length !== 1) return undefined
  const target = context.changes.get(reference.to)
  if (target === undefined) return undefined
  const type = Object.hasOwn(context.table.types, target.type)
    ? context.table.types[target.type]
    : undefined
  if (type === undefined) return undefined
  const lookup: Lookup = (path) => lookIn(target.after, path)
  const { arns, open } = locate(type, 'self', { lookup, place: context.place })
  return open.length === 0 && arns.length === 1 ? arns[0] : undefined
}
