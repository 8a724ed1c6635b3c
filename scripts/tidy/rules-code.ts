/** What code may not say, and what to say instead. */
import { hitsOf, isSource, lineAt, type Node, nameOf, type Rule } from './source.ts'

const inCore = (path: string): boolean => path.startsWith('packages/core/src/') && isSource(path)
const isScript = (path: string): boolean => /^scripts\/.*\.ts$/.test(path)
const isProduct = (path: string): boolean => isSource(path) || isScript(path)

/** `Date.now`, `Math.random`: an object of the language with a property. */
function reads(node: Node, object: string, property: string): boolean {
  return (
    node.type === 'MemberExpression' &&
    nameOf(node.child('object')) === object &&
    nameOf(node.child('property')) === property
  )
}

function isClock(node: Node): boolean {
  if (reads(node, 'Date', 'now') || reads(node, 'performance', 'now')) return true
  const made = node.type === 'NewExpression' && nameOf(node.child('callee')) === 'Date'
  const given = node.get('arguments')
  return made && Array.isArray(given) && given.length === 0
}

const noClock: Rule = {
  name: 'core has no clock',
  applies: inCore,
  find: (file) => hitsOf(file, isClock, 'take `now: Instant` as an argument'),
  caught: { path: 'packages/core/src/a.ts', text: 'export const at = () => new Date()' },
}

const noChance: Rule = {
  name: 'core has no randomness',
  applies: inCore,
  find: (file) =>
    hitsOf(file, (node) => reads(node, 'Math', 'random'), 'take random text as an argument'),
  caught: { path: 'packages/core/src/a.ts', text: 'export const die = () => Math.random()' },
}

const noAsync: Rule = {
  name: 'core is synchronous',
  applies: inCore,
  find: (file) =>
    hitsOf(
      file,
      (node) => node.get('async') === true || nameOf(node) === 'Promise',
      'return data; whoever calls core does the waiting',
    ),
  caught: { path: 'packages/core/src/a.ts', text: 'export async function load() {}' },
}

const noCasts: Rule = {
  name: 'no type assertions outside ids.ts and tests',
  applies: (path) => isProduct(path) && !path.endsWith('.test.ts') && !path.endsWith('/ids.ts'),
  find: (file) =>
    hitsOf(
      file,
      (node) =>
        (node.type === 'TSAsExpression' && !isConst(node)) || node.type === 'TSTypeAssertion',
      'write a type guard, or parse it; only `as const` needs no proof',
    ),
  caught: { path: 'packages/api/src/a.ts', text: 'export const b = JSON.parse("1") as number' },
}

function isConst(node: Node): boolean {
  return nameOf(node.child('typeAnnotation')?.child('typeName') ?? null) === 'const'
}

const EXECUTES = /^execute[A-Za-z]*$/
const QUEUES = /boss|queue|client/i

/** Biome sees floating promises of our own functions, not of libraries. */
const noFloating: Rule = {
  name: 'what executes or sends is awaited',
  applies: (path) => /^packages\/server\//.test(path),
  find: (file) =>
    hitsOf(
      file,
      (node) => {
        if (node.type !== 'ExpressionStatement') return false
        const call = node.child('expression')
        if (call?.type !== 'CallExpression') return false
        const callee = call.child('callee')
        const verb = nameOf(callee) ?? ''
        const whose = nameOf(callee?.child('object') ?? null) ?? ''
        return EXECUTES.test(verb) || (verb === 'send' && QUEUES.test(whose))
      },
      'begin the statement with await, return or const',
    ),
  caught: { path: 'packages/server/src/a.ts', text: 'db.selectFrom("entry").execute()' },
}

/** Differences between tools are capability flags on the adapter's value. */
const KINDS = ['terraform', 'opentofu', 'cloudformation', 'pulumi', 'pglite', 'postgres']
const ADAPTERS = [
  'packages/core/src/plans/',
  'packages/cli/src/runner/terraform/',
  'packages/cli/src/runner/cloudformation/',
  'packages/cli/src/runner/pulumi/',
  'packages/server/src/store/',
]

const noKinds: Rule = {
  name: 'no adapter is asked for by its kind outside its own place',
  applies: (path) => isSource(path) && !ADAPTERS.some((place) => path.startsWith(place)),
  find: (file) =>
    hitsOf(
      file,
      comparesKind,
      'give the adapter a flag that says the difference, and ask for that',
    ),
  caught: { path: 'packages/cli/src/a.ts', text: "if (tool.kind === 'terraform') start()" },
}

function comparesKind(node: Node): boolean {
  if (node.type === 'SwitchCase') return isKind(node.child('test'))
  if (node.type !== 'BinaryExpression' || !/^[!=]==$/.test(String(node.get('operator'))))
    return false
  const [left, right] = [node.child('left'), node.child('right')]
  return (isKind(left) && asksKind(right)) || (isKind(right) && asksKind(left))
}

/** `tool.kind`, `plan.tool`: a provider of that name is something else. */
function asksKind(node: Node | null): boolean {
  return /^(kind|tool)$/.test(nameOf(node) ?? '')
}

function isKind(node: Node | null): boolean {
  const value = node?.get('value')
  return typeof value === 'string' && KINDS.includes(value)
}

const LINES_MAX = 400

const shortFiles: Rule = {
  name: `no file is longer than ${LINES_MAX} lines`,
  applies: (path) => /\.(ts|tsx|mjs|css)$/.test(path) && !path.endsWith('.d.ts'),
  find: ({ text }) => {
    const lines = text.trimEnd().split('\n').length
    return lines <= LINES_MAX ? [] : [{ line: lines, message: 'find the second idea and move it' }]
  },
  caught: { path: 'packages/core/src/a.ts', text: '\n'.repeat(LINES_MAX + 1).concat('let b') },
}

/** In pieces, so that this file is not its own first offender. */
const EXEMPTIONS = [
  ['biome', 'ignore'].join('-'),
  ...['ignore', 'expect-error', 'nocheck'].map((word) => `@ts-${word}`),
  ['eslint', 'disable'].join('-'),
  ['c8', 'v8', 'istanbul'].map((tool) => `${tool} ignore`),
  ['knip', 'ignore'].join('-'),
].flat()

const noExemptions: Rule = {
  name: 'no comment switches a rule off',
  applies: (path) => /\.(ts|tsx|mjs|css|json)$/.test(path),
  find: ({ text }) =>
    EXEMPTIONS.flatMap((word) => {
      const at = text.indexOf(word)
      const message = `${word}: keep the rule, or delete it for everybody`
      return at === -1 ? [] : [{ line: lineAt(text, at), message }]
    }),
  caught: { path: 'packages/core/src/a.ts', text: `// ${['biome', 'ignore'].join('-')} lint: why` },
}

const NOUNLESS = /(^|[-/])(utils?|helpers?|common|base|managers?|misc|shared)\.(ts|tsx|mjs)$/

const nouns: Rule = {
  name: 'a file is named after what it owns',
  applies: (path) => NOUNLESS.test(path),
  find: () => [{ line: 1, message: 'name the noun that is missing, or split by nouns' }],
  caught: { path: 'packages/core/src/string-utils.ts', text: '' },
}

const defaults: Rule = {
  name: 'no default exports',
  applies: isSource,
  find: (file) =>
    hitsOf(file, (node) => node.type === 'ExportDefaultDeclaration', 'export it by its name'),
  caught: { path: 'packages/core/src/a.ts', text: 'export default 1' },
}

export const codeRules: readonly Rule[] = [
  noClock,
  noChance,
  noAsync,
  noCasts,
  noFloating,
  noKinds,
  shortFiles,
  noExemptions,
  nouns,
  defaults,
]
