/** House rules about the project as a whole: what is declared, listed and generated must agree. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { referenceFiles } from './reference.ts'
import { asNode, listFiles, root } from './tidy/source.ts'

interface Manifest {
  readonly path: string
  readonly version: string
  readonly dependencies: readonly string[]
  readonly bins: readonly string[]
}

const manifests = listFiles(['package.json', 'packages/*/package.json']).map(readManifest)

function readManifest(path: string): Manifest {
  const document: unknown = JSON.parse(readText(path))
  const keys = (name: string): readonly string[] => Object.keys(fieldOf(document, name) ?? {})
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies']
  const bins = Object.values(fieldOf(document, 'bin') ?? {}).map(String)
  const folder = path.replace(/package\.json$/, '')
  return {
    path,
    version: String(Reflect.get(Object(document), 'version')),
    dependencies: kinds.flatMap(keys),
    bins: bins.map((bin) => folder + bin),
  }
}

function fieldOf(document: unknown, name: string): object | null {
  const value: unknown = Reflect.get(Object(document), name)
  return typeof value === 'object' && value !== null ? value : null
}

function readText(path: string): string {
  return readFileSync(`${root}/${path}`, 'utf8')
}

test('every dependency has a line that says what it buys, and every line a dependency', () => {
  const page = readText('docs/decisions/dependencies.md')
  const listed = [...page.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1])
  const used = new Set(manifests.flatMap((each) => each.dependencies))
  const foreign = [...used].filter((name) => !name.startsWith('@holdpoint/'))

  assert.deepEqual(listed.toSorted(), foreign.toSorted())
})

test('the packages have one version, and the CLI says it', () => {
  const versions = new Set(manifests.map((each) => each.version))
  const said = /VERSION = '([^']+)'/.exec(readText('packages/cli/src/version.ts'))?.[1]

  assert.deepEqual([...versions], [said])
})

test('what npm links as a command is committed and begins with its interpreter', (context) => {
  const bins = manifests.flatMap((each) => each.bins)
  assert.deepEqual(bins, ['packages/cli/bin/holdpoint.mjs'])
  for (const bin of bins) assert.match(readText(bin), /^#!\/usr\/bin\/env node\n/)

  const listed = spawnSync('git', ['ls-files', '--', ...bins], { cwd: root, encoding: 'utf8' })
  if (listed.status !== 0) return context.skip('this is no git checkout')
  assert.deepEqual(listed.stdout.trim().split('\n'), bins)
})

test('the lock file names the public registry only', () => {
  const lock = readText('package-lock.json')
  const hosts = [...lock.matchAll(/"resolved": "(https?:\/\/[^/"]+)/g)].map((match) => match[1])

  assert.ok(lock.split('"integrity": "sha512-').length > 100, 'packages are held by their content')
  assert.deepEqual(
    hosts.filter((host) => host !== 'https://registry.npmjs.org'),
    [],
  )
})

test('no package runs a script when it is installed', () => {
  assert.doesNotMatch(readText('package-lock.json'), /"hasInstallScript": true/)
})

test('lint exempts no file by its name', () => {
  const config: unknown = JSON.parse(readText('biome.json'))
  const overrides: unknown = Reflect.get(Object(config), 'overrides')
  assert.ok(Array.isArray(overrides))
  const exempted = overrides.flatMap((each: unknown) => Reflect.get(Object(each), 'includes'))

  assert.deepEqual(
    exempted.filter((pattern: string) => !pattern.includes('*')),
    [],
  )
  assert.equal(overrides.length, 1, 'tests and scripts are the one place with rules of their own')
})

test('nothing is compiled beside its source', () => {
  const compiled = listFiles(['packages/*/{src,test}/**/*.{js,d.ts}', '{test,scripts}/**/*.js'])

  assert.deepEqual(
    compiled.map((path) => `${path}: sources run unbuilt; check types with tsc -b`),
    [],
  )
})

test('every committed table is printed by a test', () => {
  const tables = listFiles(['packages/*/src/**/*.table.txt'])
  const tests = listFiles(['packages/*/src/**/*.test.ts']).map(readText)
  const orphans = tables.filter((table) => {
    const name = table.split('/').at(-1) ?? table
    return !tests.some((text) => text.includes(name))
  })

  assert.deepEqual(orphans, [])
})

test('the generated reference is not stale', async () => {
  const files = await referenceFiles()
  const stale = [...files].filter(
    ([path, text]) => !existsSync(`${root}/${path}`) || readText(path) !== text,
  )
  const strange = listFiles(['docs/reference/**/*']).filter(
    (path) => /\.\w+$/.test(path) && !files.has(path),
  )

  assert.deepEqual(
    stale.map(([path]) => `${path}: run npm run reference`),
    [],
  )
  assert.deepEqual(
    strange.map((path) => `${path}: nothing generates it`),
    [],
  )
})

test('a syntax tree node is told from other data', () => {
  assert.equal(asNode({ kind: 'const' }), null)
  assert.equal(asNode({ type: 'Literal', start: 3 })?.type, 'Literal')
})
