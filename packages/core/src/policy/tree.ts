/**
 * The syntax tree of a CEL expression as cel-js builds it: only the parts that are checked at load
 * and guarded at evaluation. Everything read here is verified by shape, because the published types
 * leave out what macros expand to; what does not have the shape refuses the policy.
 */

export type Evaluate = (runner: Runner, node: TreeNode, context: unknown) => unknown

/** Runs a node with the variables of a context. */
export interface Runner {
  run(node: TreeNode, context: unknown): unknown
}

export interface Checker {
  check(node: TreeNode, context: unknown): unknown
  getType(name: string): unknown
}

export interface TreeNode {
  readonly op: string
  readonly args: unknown
  /** Where to point at: the name in `a.b`, else the start. An offset into the expression. */
  readonly pos: number
  readonly meta: {
    readonly evaluate: Evaluate
    readonly alternate?: unknown
    readonly macro?: unknown
  }
  /** Set by the type check: applies the operator or function to values. */
  readonly handle?: (...args: readonly unknown[]) => unknown
  setMeta(key: string, value: unknown): unknown
}

export interface Comprehension {
  readonly iterable: TreeNode
  readonly init: TreeNode
  readonly step: TreeNode
}

export function isNode(value: unknown): value is TreeNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'op' in value &&
    'args' in value &&
    'meta' in value &&
    'setMeta' in value &&
    typeof value.op === 'string' &&
    typeof value.setMeta === 'function'
  )
}

export function isComprehension(value: unknown): value is Comprehension {
  return (
    typeof value === 'object' &&
    value !== null &&
    'iterable' in value &&
    'init' in value &&
    'step' in value &&
    isNode(value.iterable) &&
    isNode(value.init) &&
    isNode(value.step)
  )
}

/** Nodes below a node as they are evaluated: what a macro expanded to, where it did. */
export function childrenOf(node: TreeNode): readonly TreeNode[] {
  if (isNode(node.meta.alternate)) return [node.meta.alternate]
  if (isComprehension(node.args)) return [node.args.iterable, node.args.init, node.args.step]
  return nodesIn(node.args)
}

/** The name that a call node calls, and its arguments, a receiver first. */
export function callOf(
  node: TreeNode,
): { readonly name: string; readonly args: TreeNode[] } | null {
  if (node.op !== 'call' && node.op !== 'rcall') return null
  if (!Array.isArray(node.args)) return null
  const [name, ...rest]: readonly unknown[] = node.args
  return typeof name === 'string' ? { name, args: nodesIn(rest) } : null
}

/** The two operands of an operator or of an access; the second of `a.b` is its name. */
export function operandsOf(node: TreeNode): readonly [unknown, unknown] {
  return Array.isArray(node.args) ? [node.args[0], node.args[1]] : [node.args, null]
}

function nodesIn(value: unknown): TreeNode[] {
  if (isNode(value)) return [value]
  return Array.isArray(value) ? value.flatMap(nodesIn) : []
}
