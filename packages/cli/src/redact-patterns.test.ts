/** Patterns of the user's own, as they are given on a command line. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseRedactPatterns } from '@holdpoint/core'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const PLAN = {
  format_version: '1.2',
  terraform_version: '1.11.4',
  resource_changes: [
    {
      address: 'terraform_data.a',
      type: 'terraform_data',
      name: 'a',
      provider_name: 'terraform.io/builtin/terraform',
      change: { actions: ['create'], before: null, after: { who: 'EMP-123456', card_pin: 4711 } },
    },
  ],
  complete: true,
  errored: false,
}
const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
`

let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-patterns-'))
  write('plan.json', JSON.stringify(PLAN))
  write('policy.yaml', POLICY)
  write('patterns.yaml', 'version: 1\nnames: ["*_pin"]\npatterns: ["EMP-[0-9]{6}"]\n')
  write('bad.yaml', 'version: 1\nnames: ["*"]\npatterns: ["(a"]\n')
})

after(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}

function run(words: readonly string[], more: { readonly [name: string]: string } = {}) {
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...more }
  const done = spawnSync(process.execPath, [main, ...words], { cwd: folder, encoding: 'utf8', env })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

const FORMS = [
  ['inspect', '--full', 'plan.json'],
  ['inspect', '--json', 'plan.json'],
  ['inspect', '--markdown', 'plan.json'],
  ['inspect', '--html', 'plan.json'],
  ['evaluate', '--policy', 'policy.yaml', '--full', 'plan.json'],
  ['evaluate', '--policy', 'policy.yaml', '--json', 'plan.json'],
] as const

test('what patterns hide is in no form of a plan, by flag as by environment', () => {
  const bare = run(FORMS[0])
  assert.match(bare.out, /EMP-123456/)
  assert.match(bare.out, /4711/)

  for (const words of FORMS) {
    for (const done of [
      run([...words, '--redact-patterns', 'patterns.yaml']),
      run(words, { HOLDPOINT_REDACT_PATTERNS: 'patterns.yaml' }),
    ]) {
      assert.ok(done.code === 0 || done.code === 75, done.err)
      assert.doesNotMatch(done.out + done.err, /EMP-123456|4711/, words.join(' '))
    }
  }
})

test('what is hidden is in the digest as hidden', () => {
  const digest = (words: readonly string[]) => JSON.parse(run(words).out).digest

  const bare = digest(FORMS[1])
  const hidden = digest([...FORMS[1], '--redact-patterns', 'patterns.yaml'])

  assert.notEqual(hidden, bare)
  assert.equal(digest([...FORMS[1], '--redact-patterns', 'patterns.yaml']), hidden)
})

test('a file of patterns that cannot be used ends the command, every problem with its place', () => {
  const done = run(['inspect', '--redact-patterns', 'bad.yaml', 'plan.json'])

  assert.deepEqual([done.code, done.out], [2, ''])
  assert.match(done.err, /"bad.yaml" has 2 problems/)
  assert.match(done.err, /line 2, column 9: names\[0\]: the name would hide nearly everything/)
  assert.match(done.err, /line 3, column 12: patterns\[0\]: the pattern is not valid RE2/)
  const nowhere = run(['inspect', 'plan.json'], { HOLDPOINT_REDACT_PATTERNS: 'nowhere.yaml' })
  assert.deepEqual([nowhere.code, nowhere.out], [2, ''])
  assert.match(nowhere.err, /"nowhere.yaml" cannot be read: there is no such file/)
})

test('the file that the guide shows is one', () => {
  const guide = readFileSync(new URL('../../../docs/guides/plans.md', import.meta.url), 'utf8')
  const shown = /```yaml\n([^`]*)```/.exec(guide)?.[1] ?? ''

  const parsed = parseRedactPatterns(shown)

  assert.ok(parsed.ok, JSON.stringify(parsed))
  assert.equal(parsed.patterns.hidesName('licenseCode'), true)
  assert.deepEqual(parsed.patterns.find('customer=ab1'), [{ start: 9, end: 12 }])
})
