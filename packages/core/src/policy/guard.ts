/**
 * Stands at every node of an expression, so that hidden and undecided values are opaque to all of
 * CEL: comparing, searching, indexing, calling with or going through one throws. It also counts
 * steps, because CEL has no limit of its own. What is new in cel-js must never pass unguarded: an
 * operator that is not named here refuses the policy.
 */
import { compareNumbers, Decimal } from './decimal.ts'
import { CannotEvaluate } from './error.ts'
import { calendarField, isCalendarField } from './time.ts'
import {
  type Checker,
  callOf,
  childrenOf,
  type Evaluate,
  isComprehension,
  isNode,
  operandsOf,
  type Runner,
  type TreeNode,
} from './tree.ts'
import {
  entriesOf,
  equals,
  hasKey,
  isList,
  isOpaque,
  listHolds,
  opaqueReason,
  PartlyHidden,
  refuseOpaque,
} from './value.ts'

/** Steps that one rule may take over one subject. Reached by nested loops, not by honest rules. */
export const STEPS_MAX = 10_000_000
const TEXT_LENGTH_MAX = 1_048_576

/** Counts steps of one evaluation; a rule that is too expensive errs, and so demands people. */
export class Meter {
  #left = STEPS_MAX
  reset(): void {
    this.#left = STEPS_MAX
  }
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new CannotEvaluate('takes too many steps')
  }
}

/** Guards a parsed expression in place, before its type check. Returns an operator it refuses. */
export function guard(root: TreeNode, meter: Meter): string | null {
  const seen = new Set<TreeNode>()
  const visit = (node: TreeNode): string | null => {
    if (seen.has(node)) return null
    seen.add(node)
    const problem = guardNode(node, meter)
    if (problem !== null) return problem
    for (const child of childrenOf(node)) {
      const below = visit(child)
      if (below !== null) return below
    }
    return null
  }
  return visit(root)
}

function guardNode(node: TreeNode, meter: Meter): string | null {
  if (isNode(node.meta.alternate)) return null
  if (node.meta.macro !== undefined) return guardHas(node, meter)
  const guarded = GUARDS[node.op]
  if (guarded === undefined) return UNGUARDED.has(node.op) ? null : node.op
  const original = node.meta.evaluate
  const evaluate = guarded({ original, meter })
  node.setMeta('evaluate', (runner: Runner, at: TreeNode, context: unknown) => {
    meter.spend(1)
    return evaluate(runner, at, context)
  })
  return null
}

/** What a comprehension keeps its state in: made by macros, never written by a rule. */
const UNGUARDED = new Set(['accuValue', 'accuInc', 'accuPush'])

interface Given {
  readonly original: Evaluate
  readonly meter: Meter
}

const keep = ({ original }: Given): Evaluate => original

const ordered = (accept: (order: number) => boolean): ((given: Given) => Evaluate) =>
  binary((left, right) => {
    if (!(left instanceof Decimal || right instanceof Decimal)) return null
    const order = compareNumbers(left, right)
    return order === null ? null : { value: accept(order) }
  })

const GUARDS: Readonly<Record<string, (given: Given) => Evaluate>> = {
  value: keep,
  id: keep,
  '&&': keep,
  '||': keep,
  list: keep,
  map: () => buildMap,
  '.': () => access,
  '[]': () => access,
  '?:': () => choose,
  call: ({ meter }) => callWith(meter),
  rcall: ({ meter }) => callWith(meter),
  comprehension: ({ meter }) => goThrough(meter),
  '!_': () => unary,
  '-_': () => unary,
  '==': () => compare(true),
  '!=': () => compare(false),
  in: () => search,
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  '+': ({ meter }) => add(meter),
  '-': binary(() => null),
  '*': binary(() => null),
  '/': binary(() => null),
  '%': binary(() => null),
}

/** An operator on two plain values: ours where it answers, else the one of cel-js. */
function binary(
  ours: (left: unknown, right: unknown) => { readonly value: unknown } | null,
): (given: Given) => Evaluate {
  return () => (runner, node, context) => {
    const [left, right] = runBoth(runner, node, context)
    refuseOpaque(left)
    refuseOpaque(right)
    const answer = ours(left, right)
    return answer === null ? apply(node, [left, right, node, runner]) : answer.value
  }
}

function compare(wanted: boolean): Evaluate {
  return (runner, node, context) => {
    const [left, right] = runBoth(runner, node, context)
    return equals(left, right) === wanted
  }
}

function add(meter: Meter): Evaluate {
  return binary((left, right) => {
    const size = lengthOf(left) + lengthOf(right)
    if (typeof left === 'string' && size > TEXT_LENGTH_MAX)
      throw new CannotEvaluate('builds a text that is too long')
    meter.spend(isList(left) ? size : Math.ceil(size / 64))
    return null
  })({ original: () => null, meter })
}

const search: Evaluate = (runner, node, context) => {
  const [wanted, place] = runBoth(runner, node, context)
  refuseOpaqueItself(wanted)
  refuseOpaqueItself(place)
  if (isList(place)) return listHolds(place, wanted)
  // A key is never hidden, so a map answers even when one of its values is.
  const found = hasKey(place, wanted)
  if (found === null) throw new CannotEvaluate('searches in something that is no list and no map')
  return found
}

const access: Evaluate = (runner, node, context) => {
  const [target, key] = operandsOf(node)
  const from = runOperand(runner, target, context)
  refuseOpaqueItself(from)
  const at = node.op === '[]' ? runOperand(runner, key, context) : key
  refuseOpaque(at)
  return apply(node, [from, at, node, runner])
}

const unary: Evaluate = (runner, node, context) => {
  const value = runOperand(runner, node.args, context)
  refuseOpaque(value)
  return apply(node, [value, node, runner])
}

const choose: Evaluate = (runner, node, context) => {
  const [condition] = operandsOf(node)
  const answer = runOperand(runner, condition, context)
  refuseOpaqueItself(answer)
  return apply(node, [answer, runner, node, context])
}

const buildMap: Evaluate = (runner, node, context) => {
  const built = new Map<string, unknown>()
  for (const entry of isList(node.args) ? node.args : []) {
    const [keyNode, valueNode]: readonly unknown[] = isList(entry) ? entry : []
    const key = runOperand(runner, keyNode, context)
    refuseOpaqueItself(key)
    if (typeof key !== 'string') throw new CannotEvaluate('builds a map with a key that is no text')
    if (built.has(key)) throw new CannotEvaluate('builds a map with the same key twice')
    built.set(key, runOperand(runner, valueNode, context))
  }
  return built
}

function goThrough(meter: Meter): Evaluate {
  return (runner, node, context) => {
    if (!isComprehension(node.args)) throw new CannotEvaluate('could not be evaluated')
    const items = runner.run(node.args.iterable, context)
    refuseOpaqueItself(items)
    if (!isList(items) && entriesOf(items) === null)
      throw new CannotEvaluate('goes through something that is no list and no map')
    meter.spend(lengthOf(items))
    return apply(node, [items, node.args, runner, context])
  }
}

/** Functions that answer about a container without reading what is in it. */
const COUNTS = new Set(['size'])
const ZONED = /(Z|[+-]\d\d:\d\d)$/

function callWith(meter: Meter): Evaluate {
  return (runner, node, context) => {
    const call = callOf(node)
    if (call === null) throw new CannotEvaluate('could not be evaluated')
    const values = call.args.map((arg) => runner.run(arg, context))
    for (const value of values) {
      if (COUNTS.has(call.name)) refuseOpaqueItself(value)
      else if (call.name !== 'json' || !(value instanceof PartlyHidden)) refuseOpaque(value)
      meter.spend(Math.ceil(lengthOf(value) / 16))
    }
    const [first, second] = values
    if (isCalendarField(call.name) && first instanceof Date)
      return calendarField(call.name, { at: first.getTime(), zone: second ?? 'UTC' })
    // JavaScript reads a time without a zone in the machine's own: the same policy would differ.
    if (call.name === 'timestamp' && typeof first === 'string' && !ZONED.test(first))
      throw new CannotEvaluate('reads a time without its zone')
    return node.op === 'call'
      ? apply(node, [values, node, runner])
      : apply(node, [values, runner, node])
  }
}

/**
 * `has(a.b)` answers whether `b` is there, hidden or not. The path before it is read as any other,
 * so a misspelt name in it is found by the type check, and a hidden one errs.
 */
function guardHas(node: TreeNode, meter: Meter): string | null {
  const call = callOf(node)
  const [asked] = call?.args ?? []
  if (call?.name !== 'has' || asked?.op !== '.') return call?.name ?? node.op
  const [target, key] = operandsOf(asked)
  node.setMeta('macro', {
    typeCheck: (checker: Checker, _macro: unknown, context: unknown) => {
      checker.check(asked, context)
      return checker.getType('bool')
    },
    evaluate: (runner: Runner, _macro: unknown, context: unknown) => {
      meter.spend(1)
      const from = runOperand(runner, target, context)
      refuseOpaqueItself(from)
      if (from === null) return false
      const found = hasKey(from, key)
      if (found !== null) return found
      if (typeof from !== 'object' || isList(from) || typeof key !== 'string')
        throw new CannotEvaluate('asks has() of something that has no fields')
      return Reflect.get(from, key) !== undefined
    },
  })
  return null
}

function runBoth(runner: Runner, node: TreeNode, context: unknown): readonly [unknown, unknown] {
  const [left, right] = operandsOf(node)
  return [runOperand(runner, left, context), runOperand(runner, right, context)]
}

function runOperand(runner: Runner, operand: unknown, context: unknown): unknown {
  if (!isNode(operand)) throw new CannotEvaluate('could not be evaluated')
  return runner.run(operand, context)
}

function apply(node: TreeNode, args: readonly unknown[]): unknown {
  if (node.handle === undefined) throw new CannotEvaluate('could not be evaluated')
  return node.handle(...args)
}

function refuseOpaqueItself(value: unknown): void {
  if (isOpaque(value)) throw new CannotEvaluate(opaqueReason(value))
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || isList(value)) return value.length
  return value instanceof Map ? value.size : 0
}
