/** The command line as a process: exit codes and streams, without a server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const shim = fileURLToPath(new URL('../bin/holdpoint.mjs', import.meta.url))

function run(words: readonly string[], input = '') {
  const env = { PATH: process.env['PATH'] ?? '', HOLDPOINT_SERVER: 'http://127.0.0.1:9' }
  const done = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8', input, env })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'holdpoint-test-'))
}

function write(name: string, text: string): string {
  const file = join(folder(), name)
  writeFileSync(file, text)
  return file
}

const change = (actions: readonly string[]) => ({
  address: 'terraform_data.a',
  mode: 'managed',
  type: 'terraform_data',
  name: 'a',
  provider_name: 'terraform.io/builtin/terraform',
  change: {
    actions,
    before: actions.includes('delete') ? { password: 'hunter2hunter2' } : null,
    after: actions.includes('create') ? { password: 'hunter2hunter2' } : null,
    after_unknown: {},
    before_sensitive: actions.includes('delete') ? { password: true } : false,
    after_sensitive: actions.includes('create') ? { password: true } : false,
  },
})

const plan = (...actions: readonly string[]): string =>
  JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.8.0',
    resource_changes: [change(actions)],
    complete: true,
    applyable: true,
    errored: false,
  })

const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: additive
    when: summary.only(["create", "read", "noop"])
    allow: true
  - name: no-deletes
    match: resource.action == "delete"
    deny: true
    message: Deletes something
`

test('inspect says what a plan would do, and never a sensitive value', () => {
  const { code, out, err } = run(['inspect', '-', '--json'], plan('create'))
  const document = JSON.parse(out)

  assert.deepEqual([code, err], [0, ''])
  assert.equal(document.tool, 'terraform')
  assert.equal(document.summary.create, 1)
  assert.match(document.digest, /^[0-9a-f]{64}$/)
  assert.deepEqual(document.warnings, [])
  assert.deepEqual(document.resources[0].sensitivePaths, ['password'])
  assert.doesNotMatch(out, /hunter2/)
})

test('the digest is the same for the same plan, and another for another', () => {
  const digest = (text: string) => JSON.parse(run(['inspect', '-', '--json'], text).out).digest
  const spaced = JSON.stringify(JSON.parse(plan('create')), null, 4)

  assert.equal(digest(plan('create')), digest(spaced))
  assert.notEqual(digest(plan('create')), digest(plan('delete')))
})

test('evaluate exits 0 for allow, 1 for deny and 75 for hold', () => {
  const policy = write('policy.yaml', POLICY)
  const evaluate = (text: string) => run(['evaluate', '--policy', policy, '-', '--json'], text)

  const codes = [['create'], ['delete'], ['delete', 'create']].map((actions) => {
    const { code, out } = evaluate(plan(...actions))
    return [code, JSON.parse(out).verdict]
  })

  assert.deepEqual(codes, [
    [0, 'allow'],
    [1, 'deny'],
    [75, 'hold'],
  ])
})

test('what cannot be read is one sentence and exit code 2', () => {
  for (const text of [
    '',
    '{',
    'not json',
    '[]',
    '{"format_version":"9.0","resource_changes":[]}',
  ]) {
    const { code, out, err } = run(['inspect', '-'], text)
    assert.deepEqual([code, out], [2, ''], text)
    assert.match(err, /^[A-Z].+\n$/, text)
  }
  assert.equal(run(['inspect', '/nowhere/plan.json']).code, 2)
  assert.equal(
    run(['evaluate', '--policy', write('p.yaml', 'rules: 1'), '-'], plan('create')).code,
    2,
  )
})

test('bad usage is one sentence, the usage line and exit code 2; with --json it is a document', () => {
  const { code, out, err } = run(['inspect'])
  assert.deepEqual([code, out], [2, ''])
  assert.equal(
    err,
    'holdpoint inspect needs <file|->\n' +
      'Usage: holdpoint inspect <file|-> [--full] [--markdown] [--html] ' +
      '[--redact-patterns <file>]\n',
  )

  const json = run(['inspect', '--json'])
  assert.equal(json.code, 2)
  assert.deepEqual(JSON.parse(json.out), {
    error: { code: 'usage', title: 'holdpoint inspect needs <file|->', detail: '', remedy: '' },
    exitCode: 2,
  })
})

test('a server that is away is a fault, exit code 3', () => {
  const { code, err } = run(['inbox'])

  assert.equal(code, 3)
  assert.match(err, /^The server at http:\/\/127\.0\.0\.1:9 did not answer\n/)
})

test('policy check names every problem with its place', () => {
  const { code, err } = run(['policy', 'check', write('p.yaml', 'version: 2\nrulez: []\n')])

  assert.equal(code, 2)
  assert.match(err, /line 1, column/)
  assert.match(err, /line 2, column/)
})

test('the version is that of the package', () => {
  const manifest = fileURLToPath(new URL('../package.json', import.meta.url))

  assert.equal(run(['--version']).out.trim(), JSON.parse(readFileSync(manifest, 'utf8')).version)
})

/** The shim in a folder of its own, with the bundle that is given. */
function installed(bundle: string | null): string {
  const root = folder()
  mkdirSync(join(root, 'bin'))
  cpSync(shim, join(root, 'bin', 'holdpoint.mjs'))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  if (bundle !== null) {
    mkdirSync(join(root, 'dist'))
    writeFileSync(join(root, 'dist', 'holdpoint.js'), bundle)
  }
  return join(root, 'bin', 'holdpoint.mjs')
}

test('without a bundle the shim says how to get one, and asks nobody else', () => {
  const done = spawnSync(process.execPath, [installed(null), 'inbox'], { encoding: 'utf8' })

  assert.equal(done.status, 3)
  assert.equal(done.stderr, 'holdpoint is not built yet: run "npm run build" first\n')
})

test('the shim hands on words and exit code', () => {
  const bundle = 'process.stdout.write(process.argv.slice(2).join()); process.exitCode = 75'
  const done = spawnSync(process.execPath, [installed(bundle), 'a', '--b'], { encoding: 'utf8' })

  assert.deepEqual([done.stdout, done.status], ['a,--b', 75])
})

test('on an older Node the shim starts the project’s own, or says what is needed', (context) => {
  const old = olderNode(context)
  if (old === null) return
  const done = spawnSync(old, [installed('process.exitCode = 0'), 'a'], { encoding: 'utf8' })
  assert.equal(done.status, 3)
  assert.match(done.stderr, /^holdpoint needs Node 24 or later and this is /)

  const version = spawnSync(old, [shim, '--version'], { encoding: 'utf8' })
  if (!version.stderr.includes('not built')) assert.equal(version.status, 0)
})

function olderNode(context: TestContext): string | null {
  for (const candidate of ['/usr/local/bin/node', '/usr/bin/node']) {
    const said = spawnSync(candidate, ['--version'], { encoding: 'utf8' })
    const major = Number.parseInt(said.stdout?.slice(1) ?? '', 10)
    if (said.status === 0 && major >= 18 && major < 24) return candidate
  }
  context.skip('this machine has no older Node')
  return null
}

test('a key that is none is bad usage, before any file is read', () => {
  for (const key of ['garbage', 'a+b+c', 'example.test+00000000+AA==']) {
    const { code, err } = run(['audit', 'verify', 'nowhere.json', '--key', key])
    assert.equal(code, 2)
    assert.match(err, /^--key is not a verifier key; one is <origin>\+.*holdpoint server prints it/)
  }
})

test('flags without a command are bad usage, not help', () => {
  const { code, err } = run(['--as'])

  assert.equal(code, 2)
  assert.match(err, /After "--as" a command is missing/)
})
