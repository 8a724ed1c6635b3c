import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { fixtureBytes, givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { encodePlan } from './plan-codec.ts'
import { readPlan } from './plans/registry.ts'
import { redact } from './redact.ts'
import { Hidden, NumberText, UNKNOWN, type Value } from './value.ts'

const byTool = new Hidden('(sensitive)', 'tool')
const byUs = new Hidden('(sensitive)', 'detection')

function redactedChange(change: Record<string, unknown>) {
  const plan = givenPlan({ resource_changes: [givenEntry(change)] })
  const [redacted] = redact(plan, offlineHide).resources
  assert.ok(redacted !== undefined)
  return redacted
}

test('both sides are hidden where either is marked', () => {
  const change = redactedChange({
    before: { pin: 'a', plain: 'x' },
    after: { pin: 'b', plain: 'y' },
    before_sensitive: { pin: true },
    after_sensitive: {},
  })

  assert.deepEqual(change.before, { pin: byTool, plain: 'x' })
  assert.deepEqual(change.after, { pin: byTool, plain: 'y' })
  assert.deepEqual(change.beforeSensitive, { pin: true })
})

test('a marked list or map is hidden whole, and so is anything a mask does not fit', () => {
  const table: readonly (readonly [Value, Value, Value])[] = [
    [['a', 'b'], true, byTool],
    [{ k: 1 }, true, byTool],
    [null, true, byTool],
    [7, true, byTool],
    [new NumberText('1.0'), true, byTool],
    [
      ['a', 'b'],
      [false, true],
      ['a', byTool],
    ],
    [['a', 'b'], [true], [byTool, 'b']],
    ['text', { k: true }, byTool],
    [{ k: 'a' }, [true], byTool],
    [['a'], { '0': true }, byTool],
    ['text', { k: false }, 'text'],
    ['text', 'yes', byTool],
    ['text', 1, byTool],
    ['text', false, 'text'],
    ['text', null, 'text'],
  ]
  for (const [value, mask, expected] of table) {
    const before = JSON.stringify([value, mask])
    const printed = value instanceof NumberText ? 1 : value

    const change = redactedChange({ after: { x: printed }, after_sensitive: { x: mask } })

    assert.deepEqual(change.after, { x: expected }, before)
  }
})

test('an object that does not exist and a value that is undecided are no secrets', () => {
  const change = redactedChange({
    before: null,
    after: { pin: null },
    after_unknown: { pin: true },
    before_sensitive: true,
    after_sensitive: { pin: true },
  })

  assert.equal(change.before, null)
  assert.deepEqual(redactedChange({ after: {}, after_unknown: { pin: true } }).after, {
    pin: UNKNOWN,
  })
})

test('everything outside resource changes is redacted too', () => {
  const variables = { db: { sensitive: true }, plain: {} }
  const expressions = {
    command: { constant_value: 'login --user app --pass correct-horse now' },
    other: { constant_value: 'correct-horse' },
  }
  const marked = givenEntry({ after: { pin: 'pin-1' }, after_sensitive: { pin: true } })
  const plan = givenPlan({
    configuration: {
      root_module: {
        variables,
        resources: [{ address: 'a.b', provisioners: [{ type: 'local-exec', expressions }] }],
      },
      provider_config: { aws: { name: 'aws', expressions } },
    },
    variables: { db: { value: 'correct-horse' }, plain: { value: 'p' } },
    output_changes: {
      pin: {
        actions: ['update'],
        before: 'pin-2',
        after: 'pin-3',
        before_sensitive: true,
        after_sensitive: false,
      },
      admin_password: { actions: ['create'], before: null, after: 'pin-4' },
    },
    resource_drift: [marked],
    deferred_changes: [{ reason: 'unknown', resource_change: marked }],
    action_invocations: [
      { address: 'action.x', config_values: { pin: 'pin-5' }, config_sensitive: { pin: true } },
    ],
  })

  const redacted = redact(plan, offlineHide)

  const text = JSON.stringify(encodePlan(redacted))
  assert.doesNotMatch(text, /correct-horse|pin-\d/)
  const config = { command: 'login --user app --pass (hidden:(sensitive)) now', other: byTool }
  assert.deepEqual(redacted.provisioners[0]?.config, config)
  assert.deepEqual(redacted.providers[0]?.config, config)
  assert.deepEqual(
    redacted.variables.map(({ value }) => value),
    [byTool, 'p'],
  )
  assert.deepEqual(
    redacted.outputs.map(({ after }) => after),
    [byTool, byUs],
  )
  assert.deepEqual(redacted.invocations[0]?.config, { pin: byTool })
})

test('what looks secret is hidden by us, only the offending part of a longer text', () => {
  const change = redactedChange({
    after: {
      password: 'hunter2',
      size: 3,
      enabled: true,
      cidr: '0.0.0.0/0',
      env: [
        { name: 'DB_PASSWORD', value: 'hunter2' },
        { name: 'MODE', value: 'fast' },
        { Name: 'DB_PASSWORD', Value: 'hunter2' },
        { Key: 'api_token', Value: 'hunter2' },
      ],
      script: 'curl -H "x: y" && PASSWORD=hunter22 run',
    },
  })

  assert.deepEqual(change.after, {
    password: byUs,
    size: 3,
    enabled: true,
    cidr: '0.0.0.0/0',
    env: [
      { name: 'DB_PASSWORD', value: byUs },
      { name: 'MODE', value: 'fast' },
      { Name: 'DB_PASSWORD', Value: byUs },
      { Key: 'api_token', Value: byUs },
    ],
    script: 'curl -H "x: y" && PASSWORD=(hidden:(sensitive)) run',
  })
})

test('a value contradicted by its mask stays hidden where it is kept', () => {
  const change = redactedChange({
    after: { pin: 'pin-1' },
    after_unknown: { pin: true },
    after_sensitive: { pin: true },
  })

  assert.deepEqual(change.after, { pin: UNKNOWN })
  assert.deepEqual(change.extra, { 'change.after': { pin: byTool } })
})

test('equal secrets at one place stay equal, and a changed one shows', () => {
  const hide = keyedHide(new Uint8Array(32).fill(3), primitives)
  const plan = givenPlan({
    resource_changes: [
      givenEntry({
        before: { a: 'x', b: 'x' },
        after: { a: 'x', b: 'y' },
        before_sensitive: { a: true, b: true },
        after_sensitive: { a: true, b: true },
      }),
    ],
  })

  const [change] = redact(plan, hide).resources

  const { before, after } = change ?? {}
  assert.ok(typeof before === 'object' && typeof after === 'object')
  const sides = JSON.parse(JSON.stringify({ before, after }))
  assert.equal(sides.before.a.token, sides.after.a.token)
  assert.notEqual(sides.before.b.token, sides.after.b.token)
  assert.notEqual(sides.before.a.token, sides.before.b.token)
})

test('no secret of a real plan is left', () => {
  const parsed = readPlan(fixtureBytes('mixed.json'), primitives)
  assert.ok(parsed.ok)

  const text = JSON.stringify(encodePlan(redact(parsed.plan, offlineHide)))

  assert.doesNotMatch(text, /horse/)
})
