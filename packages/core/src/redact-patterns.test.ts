import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scanningPrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { offlineHide } from './hiders.ts'
import { inspectPlan } from './inspect-plan.ts'
import { inspectDigest } from './plan-digest.ts'
import { redact } from './redact.ts'
import { parseRedactPatterns } from './redact-patterns.ts'
import { Hidden, type Value } from './value.ts'

const byUs = new Hidden('(sensitive)', 'detection')
const MARK = '(hidden:(sensitive))'

function patternsOf(text: string) {
  const parsed = parseRedactPatterns(text)
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.patterns
}

function problemsOf(text: string): readonly string[] {
  const parsed = parseRedactPatterns(text)
  if (parsed.ok) return []
  return parsed.problems.map((one) => `${one.line}:${one.column} ${one.path}: ${one.message}`)
}

const PATTERNS = patternsOf(`version: 1
names: [license_code, "*_pin", recordOf*]
patterns:
  - EMP-[0-9]{6}
  - (?i)customer=([a-z]+[0-9]+)
`)

function hidden(after: unknown): Value | undefined {
  const plan = givenPlan({ resource_changes: [givenEntry({ after })] })
  return redact(plan, offlineHide, PATTERNS).resources[0]?.after
}

test('what a pattern finds is hidden, in keys and anywhere in a text, and of a group only that', () => {
  const after = {
    a: 'EMP-123456',
    b: ['x EMP-123456 y EMP-1234567'],
    c: 'Customer=abc12&x=1',
    d: 'EMP-12345',
  }

  assert.deepEqual(hidden(after), {
    a: byUs,
    b: [`x ${MARK} y ${MARK}7`],
    c: `Customer=${MARK}&x=1`,
    d: 'EMP-12345',
  })
})

test('whatever stands under a name is hidden whole, of every kind and in every spelling', () => {
  const after = {
    licenseCode: 'x',
    'LICENSE-CODE': 7,
    card_pin: true,
    record_of_person: { name: 'A', list: [1] },
    pin: 'shown',
    none: { card_pin: null },
  }

  assert.deepEqual(hidden(after), {
    licenseCode: byUs,
    'LICENSE-CODE': byUs,
    card_pin: byUs,
    record_of_person: byUs,
    pin: 'shown',
    none: { card_pin: null },
  })
})

test('patterns hold for outputs, variables, addresses and the rest of a plan too', () => {
  const address = 'a.x["EMP-123456"]'
  const plan = givenPlan({
    resource_changes: [givenEntry({}, { address })],
    output_changes: { card_pin: { actions: ['create'], before: null, after: 1234 } },
    variables: { who: { value: 'EMP-123456' }, door_pin: { value: { a: '1' } } },
    configuration: { root_module: { variables: { who: {}, door_pin: {} } } },
  })

  const redacted = redact(plan, offlineHide, PATTERNS)

  assert.equal(redacted.resources[0]?.address, `a.x["${MARK}"]`)
  assert.deepEqual(redacted.outputs[0]?.after, byUs)
  assert.deepEqual(
    redacted.variables.map(({ value }) => value),
    [byUs, byUs],
  )
})

test('what redaction finds by itself is hidden with patterns as without', () => {
  const after = { password: 'words', x: `ghp_${'a1B2'.repeat(9)}`, EMP: 'EMP-123456' }
  const plan = givenPlan({ resource_changes: [givenEntry({ after, after_sensitive: {} })] })

  const bare = redact(plan, offlineHide).resources[0]?.after

  assert.deepEqual(bare, { password: byUs, x: byUs, EMP: 'EMP-123456' })
  assert.deepEqual(hidden(after), { password: byUs, x: byUs, EMP: byUs })
})

test('a plan that is read one change at a time is hidden and digested the same', () => {
  const document = {
    format_version: '1.2',
    resource_changes: [givenEntry({ after: { x: 'EMP-123456' } })],
  }
  const bytes = primitives.utf8(JSON.stringify(document))
  const seen: Value[] = []

  const inspected = inspectPlan(bytes, { primitives, patterns: PATTERNS }, (_head, hiding) => {
    seen.push(hiding?.after ?? null)
  })

  assert.ok(inspected.ok)
  assert.deepEqual(seen, [{ x: byUs }])
  const plan = givenPlan({ resource_changes: document.resource_changes })
  const whole = inspectDigest(redact(plan, offlineHide, PATTERNS), primitives)
  assert.equal(inspected.digest, whole)
  assert.notEqual(inspected.digest, inspectDigest(redact(plan, offlineHide), primitives))
})

test('a file that is not understood is refused, every problem with its place', () => {
  const long = 'x'.repeat(501)
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['', ['1:1 : the file of patterns is empty']],
    ['version: 1', ['1:1 : names or patterns is missing; without either nothing more is hidden']],
    ['version: 2\nnames: [ab]', ['1:10 version: expected version 1']],
    [
      'version: 1\nnames: ["*", "x*", ab, 7, [cd]]\nshow: [a]',
      [
        '2:9 names[0]: the name would hide nearly everything; give two characters beside *',
        '2:14 names[1]: the name would hide nearly everything; give two characters beside *',
        '2:24 names[3]: expected a text',
        '2:27 names[4]: expected a text',
        '3:1 show: unknown key show; allowed here are version, names, patterns',
      ],
    ],
    [
      `version: 1\npatterns:\n  - a*\n  - (a\n  - ${long}\n  - ""`,
      [
        '3:5 patterns[0]: the pattern fits the empty text, which is everywhere',
        '4:5 patterns[1]: the pattern is not valid RE2: error parsing regexp: missing closing ): `(a`',
        '5:5 patterns[2]: the pattern is longer than 500 characters',
        '6:5 patterns[3]: expected a text',
      ],
    ],
    [
      `version: 1\nnames:\n${'  - ab\n'.repeat(101)}`,
      ['3:3 names: has 101 entries; at most 100 are read'],
    ],
    ['version: 1\nnames: &a [ab]', ['2:11 : anchors are not allowed in a file of patterns']],
  ]
  for (const [text, problems] of table) assert.deepEqual(problemsOf(text), problems, text)
})

test('of a pattern whose group took no part the whole is hidden', () => {
  const patterns = patternsOf('version: 1\npatterns: ["id-(?:x([0-9]+)|[a-z]+)"]')

  assert.deepEqual(patterns.find('id-x12 id-ab'), [
    { start: 4, end: 6 },
    { start: 7, end: 12 },
  ])
})

test('a hostile pattern takes no longer than its text allows', () => {
  const patterns = patternsOf('version: 1\npatterns: ["(a+)+b", "(x+x+)+y", "(.*)*z"]')
  const text = 'a'.repeat(200_000) + 'x'.repeat(200_000)

  const started = performance.now()
  assert.deepEqual(patterns.find(text), [])
  assert.ok(performance.now() - started < 3_000)
})
