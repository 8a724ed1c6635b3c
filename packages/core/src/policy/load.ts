/**
 * What is refused of an expression when it is loaded, beyond its types: functions that are not on
 * the list, and literals that can never be right. A function that comes later is named as such,
 * because read as false it would be a hole.
 */
import { RE2JS } from 're2js'
import { readPath } from './path.ts'
import { isZone } from './time.ts'
import { callOf, childrenOf, isNode, operandsOf, type TreeNode } from './tree.ts'
import { isList } from './value.ts'
import { SUMMARY_EFFECTS } from './vocabulary.ts'

export interface LoadProblem {
  /** Into the expression, counted from 0. */
  readonly offset: number
  readonly message: string
}

const MACROS = ['has', 'all', 'exists', 'exists_one', 'map', 'filter']
const TEXTS = [
  ...['size', 'contains', 'startsWith', 'endsWith', 'lowerAscii', 'upperAscii', 'trim'],
  ...['indexOf', 'lastIndexOf', 'substring', 'split', 'join'],
]
const CONVERSIONS = ['int', 'double', 'string', 'bool', 'dyn', 'timestamp', 'duration']
const ZONED = [
  ...['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear'],
  ...['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'],
]
const OURS = ['json', 'glob', 'cidrContains', 're2', 'only']
const PATHS = ['changed', 'unknown', 'sensitive']
const KNOWN = new Set([...MACROS, ...TEXTS, ...CONVERSIONS, ...ZONED, ...OURS, ...PATHS])
const LATER = new Set(['openTo', 'semver', 'shown', 'stateful'])
const PATTERN_LENGTH_MAX = 1_000

export function findLoadProblems(
  root: TreeNode,
  scope: 'change' | 'resource',
): readonly LoadProblem[] {
  const found = new Map<string, LoadProblem>()
  const seen = new Set<TreeNode>()
  const visit = (node: TreeNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    const message = problemOf(node, scope)
    if (message !== null) found.set(`${node.pos} ${message}`, { offset: node.pos, message })
    for (const child of childrenOf(node)) visit(child)
  }
  visit(root)
  return [...found.values()]
}

function problemOf(node: TreeNode, scope: 'change' | 'resource'): string | null {
  const call = callOf(node)
  if (call !== null) return problemOfCall(call.name, call.args, scope)
  if (node.op === 'id') return problemOfWord(node.args)
  if (node.op === '.') return problemOfField(node)
  if (node.op === 'value' && typeof node.args === 'object' && node.args !== null)
    return 'bytes and unsigned numbers are not in this version'
  return null
}

function problemOfWord(name: unknown): string | null {
  return typeof name === 'string' && LATER.has(name) ? `${name} is not in this version` : null
}

function problemOfField(node: TreeNode): string | null {
  const [target, name] = operandsOf(node)
  // Attributes may have any name; only what stands at a variable itself is a word of ours.
  return isNode(target) && target.op === 'id' ? problemOfWord(name) : null
}

function problemOfCall(
  name: string,
  args: readonly TreeNode[],
  scope: 'change' | 'resource',
): string | null {
  if (name === 'matches')
    return 'matches() can take forever on a hostile text: use re2(text, pattern)'
  if (LATER.has(name)) return `${name}() is not in this version`
  if (!KNOWN.has(name)) return `${name}() is not a function that rules know`
  if (PATHS.includes(name)) return problemOfPath(name, args, scope)
  if (name === 're2') return problemOfPattern(args[1])
  if (name === 'only') return problemOfEffects(args[1])
  const zone = ZONED.includes(name) ? literalOf(args[1]) : null
  return zone === null || isZone(zone) ? null : `${zone} is not a time zone`
}

function problemOfPath(
  name: string,
  args: readonly TreeNode[],
  scope: 'change' | 'resource',
): string | null {
  if (scope === 'change') return `${name}() asks about one resource: use match in place of when`
  const path = literalOf(args[0])
  return path === null || readPath(path) !== null ? null : `${path} is not a path`
}

function problemOfPattern(node: TreeNode | undefined): string | null {
  const pattern = literalOf(node)
  if (pattern === null) return 're2() takes its pattern as a literal text'
  if (pattern.length > PATTERN_LENGTH_MAX)
    return `the pattern of re2() is longer than ${PATTERN_LENGTH_MAX} characters`
  try {
    RE2JS.compile(pattern)
    return null
  } catch (error) {
    // re2js throws its own kinds, all of them about the pattern.
    return `the pattern of re2() is not valid: ${error instanceof Error ? error.message : 'syntax'}`
  }
}

function problemOfEffects(node: TreeNode | undefined): string | null {
  if (node?.op !== 'list') return 'only() takes a list of literal texts'
  for (const element of isList(node.args) ? node.args : []) {
    const name = isNode(element) ? literalOf(element) : null
    if (name === null) return 'only() takes a list of literal texts'
    if (!SUMMARY_EFFECTS.includes(name))
      return `only() does not know ${name}: it takes ${SUMMARY_EFFECTS.join(', ')}`
  }
  return null
}

function literalOf(node: TreeNode | undefined): string | null {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : null
}
