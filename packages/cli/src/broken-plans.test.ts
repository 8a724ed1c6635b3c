/** Every kind of broken input of every tool ends with 2 and one sentence that says where it is. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const plans = new URL('../../../test/fixtures/plans/', import.meta.url)

function inspect(input: Uint8Array) {
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' }
  const words = [main, 'inspect', '--json', '-']
  const done = spawnSync(process.execPath, words, { input, env, encoding: 'utf8' })
  const document = JSON.parse(done.stdout)
  return { code: done.status, tool: document.tool, sentence: document.error?.title }
}

const text = (name: string): string => readFileSync(new URL(name, plans), 'utf8')
const TERRAFORM = text('terraform-numbers.json')
const CHANGE_SET = text('written-cloudformation-values.json')
const DIGEST = text('written-pulumi-digest.json')
const STREAM = text('written-pulumi-events.ndjson')
const utf8 = (from: string): Uint8Array => new TextEncoder().encode(from)

const whole = [
  ['terraform', TERRAFORM],
  ['cloudformation', CHANGE_SET],
  ['pulumi', DIGEST],
  ['pulumi', STREAM],
] as const

test('a BOM and UTF-16 by its BOM are read, as PowerShell writes them', () => {
  for (const [tool, plan] of whole) {
    const marked = Buffer.from(`\ufeff${plan}`, 'utf16le')
    const encodings = [utf8(`\ufeff${plan}`), marked, Buffer.from(marked).swap16()]
    for (const bytes of encodings) {
      assert.deepEqual(inspect(bytes), { code: 0, tool, sentence: undefined })
    }
  }
})

/** What is broken, and what the sentence must tell: the fault, its line and column, its path. */
const broken: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  [
    'an action given twice',
    TERRAFORM.replace('"actions"', '"actions": ["no-op"], "actions"'),
    /"actions" appears twice \(line \d+, column \d+, inside ".*\/0\/change\/actions"\)/,
  ],
  [
    'a resource action given twice',
    CHANGE_SET.replace('"Action"', '"Action": "Add", "Action"'),
    /"Action" appears twice \(line \d+, column \d+, inside "\/Changes\/0\/.*\/Action"\)/,
  ],
  [
    'an operation given twice',
    DIGEST.replace('"op"', '"op": "same", "op"'),
    /"op" appears twice \(line \d+, column \d+, inside "\/steps\/0\/op"\)/,
  ],
  [
    'an operation of an event given twice',
    STREAM.replace('"op"', '"op": "same", "op"'),
    /"op" appears twice \(line 2, column \d+, inside "\/resourcePreEvent\/metadata\/op"\)/,
  ],
  [
    'half a surrogate pair',
    TERRAFORM.replace('"numbers"', '"\\ud800"'),
    /half a surrogate pair in a string \(line \d+, column \d+, inside "\/planned_values/,
  ],
  [
    'a byte that is no UTF-8',
    Buffer.concat([utf8(TERRAFORM.slice(0, 200)), Buffer.of(0xe9), utf8(TERRAFORM.slice(200))]),
    /\(line \d+, column \d+, inside "\/planned_values/,
  ],
  [
    'UTF-16 that does not say so',
    Buffer.from(TERRAFORM, 'utf16le'),
    /byte 0 .*\(line 1, column 2\)/,
  ],
  [
    'a number with a leading zero',
    TERRAFORM.replace(': 9007', ': 09007'),
    /\(line \d+, column \d+, /,
  ],
  [
    'a change set that is cut off',
    CHANGE_SET.slice(0, CHANGE_SET.length / 2),
    /it ends .* \(line \d+, column \d+, inside "\/Changes\/\d+\/ResourceChange/,
  ],
  [
    'a page whose next is missing',
    CHANGE_SET.replace('"Changes"', '"NextToken": "x", "Changes"'),
    /it has a NextToken, and the page after it is not here; expected are all pages$/,
  ],
  [
    'a stream that is cut off in an event',
    STREAM.slice(0, STREAM.length / 2),
    /it ends .* \(line \d+, column \d+, inside "\/res(?:ource|Outputs)/,
  ],
  [
    'a stream without its summary',
    STREAM.replaceAll(/^.*summaryEvent.*\n/gm, ''),
    /^The stream of preview events ends before its summary; it was cut off$/,
  ],
  [
    'a stream of nothing but a broken line',
    '{"sequence":1,"timestamp":1,',
    /\(line 1, column \d+\)/,
  ],
]

for (const [what, input, sentence] of broken) {
  test(`${what} is told with its place`, () => {
    const ended = inspect(typeof input === 'string' ? utf8(input) : input)

    assert.equal(ended.code, 2)
    assert.match(ended.sentence, sentence)
    assert.ok(ended.sentence.length < 500 && !ended.sentence.endsWith('.'))
  })
}
