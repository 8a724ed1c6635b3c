/** Who may import whom. The direction is what keeps core pure, the CLI small and the page honest. */
import { dirname, join } from 'node:path'
import {
  type Hit,
  isSource,
  isTest,
  lineAt,
  type Node,
  type Rule,
  type SourceFile,
} from './source.ts'

interface Import {
  readonly from: string
  readonly typeOnly: boolean
  readonly dynamic: boolean
  readonly line: number
}

export function importsOf(file: SourceFile): readonly Import[] {
  return file.nodes().flatMap((node) => {
    const from = specifierOf(node)
    if (from === null) return []
    const typeOnly = node.get('importKind') === 'type' || node.get('exportKind') === 'type'
    const dynamic = node.type === 'ImportExpression'
    return [{ from, typeOnly, dynamic, line: lineAt(file.text, node.start) }]
  })
}

const IMPORTING = [
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
]

function specifierOf(node: Node): string | null {
  if (!IMPORTING.includes(node.type)) return null
  const value = node.child('source')?.get('value')
  return typeof value === 'string' ? value : null
}

/** Hits for imports that `allowed` does not let through. */
function unlessAllowed(
  file: SourceFile,
  allowed: (each: Import) => boolean,
  message: string,
): readonly Hit[] {
  const wrong = importsOf(file).filter((each) => !allowed(each))
  return wrong.map(({ line, from }) => ({ line, message: `${from}: ${message}` }))
}

const below = (folder: string) => (path: string) => path.startsWith(folder) && isSource(path)

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const isRelative = ({ from }: Import): boolean => from.startsWith('.')

/** Where a relative import leads, from the root of the repository. */
function leadsTo(file: SourceFile, from: string): string {
  return join(dirname(file.path), from).replaceAll('\\', '/')
}

function staysIn(file: SourceFile, each: Import, folder: string): boolean {
  return isRelative(each) && leadsTo(file, each.from).startsWith(folder)
}

const CORE_MAY = ['@marcbachmann/cel-js', 're2js', 'yaml']

const core: Rule = {
  name: 'core imports only itself, CEL, re2js and yaml',
  applies: below('packages/core/src/'),
  find: (file) =>
    unlessAllowed(
      file,
      (each) =>
        CORE_MAY.includes(packageOf(each.from)) || staysIn(file, each, 'packages/core/src/'),
      'core is pure; take what you need as an argument (see primitives.ts)',
    ),
  caught: { path: 'packages/core/src/a.ts', text: "import { hash } from 'node:crypto'" },
}

const api: Rule = {
  name: 'api imports only core, zod and itself; node.ts alone may use Node',
  applies: below('packages/api/src/'),
  find: (file) =>
    unlessAllowed(
      file,
      (each) =>
        ['@holdpoint/core', 'zod'].includes(packageOf(each.from)) ||
        (file.path.endsWith('/node.ts') && each.from.startsWith('node:')) ||
        staysIn(file, each, 'packages/api/src/'),
      'the wire is data; put what needs more into server or cli',
    ),
  caught: { path: 'packages/api/src/a.ts', text: "import fastify from 'fastify'" },
}

const server: Rule = {
  name: 'server imports neither the CLI nor the page',
  applies: below('packages/server/src/'),
  find: (file) =>
    unlessAllowed(
      file,
      (each) =>
        !['@holdpoint/cli', '@holdpoint/web'].includes(packageOf(each.from)) &&
        (!isRelative(each) || staysIn(file, each, 'packages/server/src/')),
      'move what both need to core or api',
    ),
  caught: { path: 'packages/server/src/a.ts', text: "import { flagName } from '@holdpoint/cli'" },
}

const cli: Rule = {
  name: 'the CLI finds the server by name, when a command asks for it',
  applies: below('packages/cli/src/'),
  find: (file) =>
    unlessAllowed(
      file,
      (each) =>
        (packageOf(each.from) !== '@holdpoint/server' || each.dynamic || each.typeOnly) &&
        packageOf(each.from) !== '@holdpoint/web' &&
        (!isRelative(each) || staysIn(file, each, 'packages/cli/src/')),
      "write `await import('@holdpoint/server')` inside the command, or import the type",
    ),
  caught: {
    path: 'packages/cli/src/a.ts',
    text: "import { startServer } from '@holdpoint/server'",
  },
}

const PAGE_MAY: readonly string[] = [
  '@holdpoint/core',
  '@holdpoint/api/client',
  '@holdpoint/api/stored-data',
]

/** A schema library in the page would double its size; types are free. */
const web: Rule = {
  name: 'the page imports core, api/client and the table of stored data, nothing else of ours',
  applies: below('packages/web/src/'),
  find: (file) =>
    unlessAllowed(
      file,
      (each) => {
        if (isRelative(each)) return staysIn(file, each, 'packages/web/')
        if (!each.from.startsWith('@holdpoint/')) return !each.from.startsWith('node:')
        return each.typeOnly || PAGE_MAY.includes(each.from)
      },
      `use ${PAGE_MAY.join(', ')}`,
    ),
  caught: { path: 'packages/web/src/a.ts', text: "import { routes } from '@holdpoint/api'" },
}

const noTestCode: Rule = {
  name: 'nothing that runs imports test code',
  applies: isSource,
  find: (file) =>
    unlessAllowed(
      file,
      (each) => !isRelative(each) || !isTest(leadsTo(file, each.from)),
      'a fake belongs to tests; give the real thing as an argument',
    ),
  caught: { path: 'packages/cli/src/a.ts', text: "import { now } from '../../../test/clock.ts'" },
}

export const importRules: readonly Rule[] = [core, api, server, cli, web, noTestCode]
