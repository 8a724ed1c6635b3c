/**
 * One CEL expression of a rule: checked when the policy is loaded, evaluated with hidden values
 * opaque and steps counted. An expression that does not give true or false gives a reason, and
 * never a value (I14). Regular expressions run on RE2 only: JavaScript's can hang.
 */
import { Environment, ParseError, TypeError as TypeProblem } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import type { ResourceChange } from '../plan.ts'
import { Hidden, Unknown } from '../value.ts'
import { cidrContains } from './cidr.ts'
import { Decimal } from './decimal.ts'
import { CannotEvaluate, reasonOf } from './error.ts'
import { onlyEffects, type Variables } from './facts.ts'
import { matchesGlob } from './glob.ts'
import { guard, Meter } from './guard.ts'
import { readJsonText } from './json.ts'
import { findLoadProblems, type LoadProblem } from './load.ts'
import { changedAt, type Path, readPath, sensitiveAt, unknownAt } from './path.ts'
import { isNode } from './tree.ts'
import { isList, isOpaque, NotKnown, opaqueReason, PartlyHidden } from './value.ts'
import { VARIABLES, VIEW_TYPES } from './vocabulary.ts'

export type Answer =
  | { readonly ok: true; readonly value: boolean }
  /** `reason` is a sentence that quotes no value. */
  | { readonly ok: false; readonly reason: string }

export interface Expression {
  readonly text: string
  /** `change` is the entry that path functions ask about, `null` outside `match`. */
  readonly evaluate: (variables: Variables, change: ResourceChange | null) => Answer
}

export type Scope = 'change' | 'resource'

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly LoadProblem[] }

export type Compile = (text: string, scope: Scope) => Compiled

const LIMITS = {
  maxAstNodes: 2_000,
  maxDepth: 60,
  maxListElements: 1_000,
  maxMapEntries: 200,
  maxCallArguments: 8,
} as const

/** A compiler for the expressions of one policy. */
export function createCompiler(): Compile {
  const state: State = { meter: new Meter(), change: null, patterns: new Map() }
  const base = createEnvironment(state)
  const environments: Readonly<Record<Scope, Environment>> = {
    change: base,
    resource: withResource(base.clone(), state),
  }
  return (text, scope) => compile(text, { environment: environments[scope], scope, state })
}

interface State {
  readonly meter: Meter
  readonly patterns: Map<string, RE2JS>
  change: ResourceChange | null
}

interface Kit {
  readonly environment: Environment
  readonly scope: Scope
  readonly state: State
}

function compile(text: string, { environment, scope, state }: Kit): Compiled {
  try {
    const parsed = environment.parse(text)
    const tree: unknown = parsed.ast
    if (!isNode(tree)) return refuse(0, 'the expression has a form that this version does not know')
    const problems = findLoadProblems(tree, scope)
    if (problems.length > 0) return { ok: false, problems }
    const unguarded = guard(tree, state.meter)
    if (unguarded !== null) return refuse(0, `${unguarded} is not in this version`)
    const checked = parsed.check()
    if (!checked.valid) return refuse(checked.error?.range?.start ?? 0, sentenceOf(checked.error))
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return refuse(0, `a condition must be true or false, this one is of type ${checked.type}`)
    return { ok: true, expression: { text, evaluate: evaluator(parsed, state) } }
  } catch (error) {
    if (error instanceof ParseError || error instanceof TypeProblem)
      return refuse(error.range?.start ?? 0, sentenceOf(error))
    if (error instanceof RangeError) return refuse(0, 'the expression is nested too deeply')
    throw error
  }
}

function evaluator(
  parsed: (variables: Variables) => unknown,
  state: State,
): Expression['evaluate'] {
  return (variables, change) => {
    state.meter.reset()
    state.change = change
    try {
      const value = parsed(variables)
      if (typeof value === 'boolean') return { ok: true, value }
      const reason = isOpaque(value) ? opaqueReason(value) : 'gives no true or false'
      return { ok: false, reason }
    } catch (error) {
      // The edge at which every failure of a rule, foreseen or not, becomes one that holds.
      return { ok: false, reason: reasonOf(error) }
    }
  }
}

function refuse(offset: number, message: string): Compiled {
  return { ok: false, problems: [{ offset, message }] }
}

function sentenceOf(error: ParseError | TypeProblem | undefined): string {
  const unknown = /^(?:Unknown variable|No such key): (\w+)$/.exec(error?.summary ?? '')
  if (unknown !== null) return `${unknown[1]} is not a word that rules know here`
  return `the expression is not valid: ${error?.summary ?? 'it does not fit its types'}`
}

const SYNC = { async: false } as const

function createEnvironment(state: State): Environment {
  const environment = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false })
    .registerType('Hidden', { ctor: Hidden, fields: {} })
    .registerType('Unknown', { ctor: Unknown, fields: {} })
    .registerType('NotKnown', { ctor: NotKnown, fields: {} })
    .registerType('PartlyHidden', { ctor: PartlyHidden, fields: {} })
    .registerType('Decimal', { ctor: Decimal, fields: {} })
  for (const { name, fields, constructedBy } of VIEW_TYPES)
    environment.registerType(name, { ctor: constructedBy, fields })
  for (const [name, type] of Object.entries(VARIABLES)) environment.registerVariable(name, type)
  return environment
    .registerFunction('json(string): dyn', readJson, SYNC)
    .registerFunction('json(PartlyHidden): dyn', readJson, SYNC)
    .registerFunction('glob(string, string): bool', matchGlob, SYNC)
    .registerFunction('cidrContains(string, string): bool', containsRange, SYNC)
    .registerFunction('re2(string, string): bool', searchWith(state), SYNC)
    .registerFunction('Summary.only(list): bool', only, SYNC)
}

function withResource(environment: Environment, state: State): Environment {
  const asks = (question: (change: ResourceChange, path: Path) => boolean) => (text: unknown) => {
    const path = typeof text === 'string' ? readPath(text) : null
    if (path === null) throw new CannotEvaluate('names a path that is not one')
    if (state.change === null) throw new CannotEvaluate('asks about a resource outside match')
    return question(state.change, path)
  }
  return environment
    .registerVariable('resource', 'Resource')
    .registerFunction('changed(string): bool', asks(changedAt), SYNC)
    .registerFunction('unknown(string): bool', asks(unknownAt), SYNC)
    .registerFunction('sensitive(string): bool', asks(sensitiveAt), SYNC)
}

function readJson(text: unknown): unknown {
  return readJsonText(text instanceof PartlyHidden ? text : asText(text))
}

function matchGlob(text: unknown, pattern: unknown): boolean {
  return matchesGlob(asText(text), asText(pattern))
}

function containsRange(outer: unknown, inner: unknown): boolean {
  return cidrContains(asText(outer), asText(inner))
}

function searchWith({ patterns }: State) {
  return (text: unknown, pattern: unknown): boolean => {
    const source = asText(pattern)
    const compiled = patterns.get(source) ?? RE2JS.compile(source)
    patterns.set(source, compiled)
    return compiled.test(asText(text))
  }
}

function only(summary: unknown, allowed: unknown): boolean {
  if (typeof summary !== 'object' || summary === null || !isList(allowed))
    throw new CannotEvaluate('could not be evaluated')
  return onlyEffects(summary, allowed)
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value
  throw new CannotEvaluate('calls a function with values of a type it does not take')
}
