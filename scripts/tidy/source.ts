/** The project's own files, and what the house rules look at in one: its text and its syntax tree. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'rolldown/parseAst'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface SourceFile {
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly nodes: () => readonly Node[]
}

/** A node of the syntax tree (ESTree with TypeScript), as far as the rules need it. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly get: (name: string) => unknown
  readonly child: (name: string) => Node | null
}

export interface Hit {
  readonly line: number
  /** What to write instead. */
  readonly message: string
}

export interface Rule {
  readonly name: string
  readonly applies: (path: string) => boolean
  readonly find: (file: SourceFile) => readonly Hit[]
  /** Something the rule must catch; a rule that catches nothing is no rule. */
  readonly caught: { readonly path: string; readonly text: string }
}

const NOT_OURS = ['node_modules', 'dist', '.git', '.holdpoint', 'holdpoint-data', 'coverage']

export function listFiles(patterns: readonly string[]): readonly string[] {
  const exclude = NOT_OURS.map((name) => `**/${name}/**`)
  const found = globSync([...patterns], { cwd: root, exclude })
  return found.map((path) => path.replaceAll('\\', '/')).toSorted()
}

export function readSource(path: string): SourceFile {
  return sourceOf(path, readFileSync(`${root}/${path}`, 'utf8'))
}

export function sourceOf(path: string, text: string): SourceFile {
  let nodes: readonly Node[] | null = null
  return {
    path,
    text,
    nodes: () => {
      nodes ??= collect(parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }))
      return nodes
    },
  }
}

export function isTest(path: string): boolean {
  return /\.(test|contract)\.ts$|(^|\/)(test|testing)\//.test(path)
}

export function isSource(path: string): boolean {
  return /^packages\/[a-z]+\/src\/.*\.tsx?$/.test(path) && !isTest(path)
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Every node of the kinds that are asked for, as hits with one message. */
export function hitsOf(
  file: SourceFile,
  wanted: (node: Node) => boolean,
  message: string,
): readonly Hit[] {
  const found = file.nodes().filter(wanted)
  return found.map((node) => ({ line: lineAt(file.text, node.start), message }))
}

/** All nodes, parents before children. */
function collect(tree: object): readonly Node[] {
  const nodes: Node[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const item of value) visit(item)
      return
    }
    const node = asNode(value)
    if (node !== null) nodes.push(node)
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(tree)
  return nodes
}

export function asNode(value: unknown): Node | null {
  if (typeof value !== 'object' || value === null) return null
  const type: unknown = Reflect.get(value, 'type')
  const start: unknown = Reflect.get(value, 'start')
  if (typeof type !== 'string' || typeof start !== 'number') return null
  const get = (name: string): unknown => Reflect.get(value, name)
  return { type, start, get, child: (name) => asNode(get(name)) }
}

/** The name of an identifier or of a property that is reached with a dot. */
export function nameOf(node: Node | null): string | null {
  if (node === null) return null
  if (node.type === 'Identifier') return String(node.get('name'))
  if (node.type === 'MemberExpression') return nameOf(node.child('property'))
  return null
}
