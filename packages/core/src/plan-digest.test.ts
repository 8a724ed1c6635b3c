import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { fixtureBytes, givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { digestPlan, inspectDigest } from './plan-digest.ts'
import { readPlan } from './plans/registry.ts'
import { redact } from './redact.ts'
import { Hidden, UNKNOWN } from './value.ts'

const hide = keyedHide(new Uint8Array(32).fill(1), primitives)

function digest(fields: Record<string, unknown>): string {
  return digestPlan(redact(givenPlan(fields), hide), primitives).plan
}

test('everything that acts is in the digest, beside resource changes too', () => {
  const invocation = { address: 'action.x', type: 'x', name: 'x', config_values: {} }
  const provisioner = { type: 'local-exec', expressions: { command: { constant_value: 'true' } } }
  const resources = [{ address: 'a.b', provisioners: [provisioner] }]
  const plans = [
    {},
    { output_changes: { o: { actions: ['create'], before: null, after: 1 } } },
    { deferred_changes: [{ reason: 'unknown', resource_change: givenEntry() }] },
    { deferred_changes: [{ reason: 'deferred_prereq', resource_change: givenEntry() }] },
    { action_invocations: [invocation] },
    { action_invocations: [invocation, invocation] },
    { deferred_action_invocations: [{ reason: '', action_invocation: invocation }] },
    { configuration: { root_module: { resources } } },
    { resource_drift: [givenEntry()] },
    { errored: true },
    { complete: false },
    { complete: true },
    { applyable: false },
    { resource_changes: [givenEntry()] },
    { resource_changes: [givenEntry({}, { deposed: 'b1' })] },
    { resource_changes: [givenEntry(), givenEntry()] },
    { resource_changes: [givenEntry({ actions: ['no-op'], importing: { id: 'i' } })] },
    { resource_changes: [givenEntry({ actions: ['no-op'] }, { previous_address: 'a.old' })] },
    { resource_changes: [givenEntry({ actions: ['read'] })] },
    { resource_changes: [givenEntry({ future: 1 })] },
  ]

  const digests = plans.map(digest)

  assert.equal(new Set(digests).size, plans.length)
})

test('what changes nothing is not in the digest', () => {
  const same = { before: { a: 1 }, after: { a: 1 } }
  const nothing = digest({})

  assert.equal(digest({ resource_changes: [givenEntry({ actions: ['no-op'] })] }), nothing)
  assert.equal(digest({ resource_drift: [givenEntry({ actions: ['update'], ...same })] }), nothing)
  assert.equal(
    digest({ output_changes: { o: { actions: ['no-op'], before: 1, after: 1 } } }),
    nothing,
  )
  assert.equal(digest({ checks: [], timestamp: 'x', variables: {}, prior_state: {} }), nothing)
})

test('the lines name each change once, sorted, with its own digest', () => {
  const plan = givenPlan({
    resource_changes: [
      givenEntry({}, { address: 'b.b' }),
      givenEntry({}, { address: 'a.a', deposed: 'd1' }),
      givenEntry({}, { address: 'a.a' }),
      givenEntry({ actions: ['no-op'] }, { address: 'c.c' }),
    ],
  })

  const { lines } = digestPlan(redact(plan, hide), primitives)

  const names = lines.map(({ address, deposed }) => [address, deposed])
  assert.deepEqual(names, [
    ['a.a', 'd1'],
    ['a.a', null],
    ['b.b', null],
  ])
  assert.equal(new Set(lines.map((line) => line.digest)).size, 1)
})

test('text that imitates a hidden part is not equal to one', () => {
  const secret = { after: { note: `token=${'s3cr3t-text'}` } }
  const redacted = redact(givenPlan({ resource_changes: [givenEntry(secret)] }), offlineHide)
  const [change] = redacted.resources
  const forged = { after: { note: 'token=(hidden:(sensitive))' } }
  const other = redact(givenPlan({ resource_changes: [givenEntry(forged)] }), offlineHide)

  assert.deepEqual(change?.after, { note: 'token=(hidden:(sensitive))' })
  assert.notEqual(inspectDigest(redacted, primitives), inspectDigest(other, primitives))
})

test('who hid a value does not change the inspect digest', () => {
  const plan = redact(givenPlan({ resource_changes: [givenEntry()] }), offlineHide)
  const [resource] = plan.resources
  assert.ok(resource !== undefined)
  const hiddenBy = (by: 'tool' | 'detection', token: string) => ({
    ...plan,
    resources: [{ ...resource, after: { a: [new Hidden(token, by)], b: `x (hidden:${token}) y` } }],
  })

  const one = inspectDigest(hiddenBy('tool', 'a'.repeat(64)), primitives)
  const two = inspectDigest(hiddenBy('detection', '(sensitive)'), primitives)

  assert.equal(one, two)
})

test('the digests of a known plan are what they were when it was approved', () => {
  const parsed = readPlan(fixtureBytes('mixed.json'), primitives)
  assert.ok(parsed.ok)
  const plan = redact(parsed.plan, hide)

  assert.equal(
    inspectDigest(plan, primitives),
    '6bdc8d92aeeb71302653ebd1dcecbe9987ff43a470d0704bc4f6861e232ecd48',
  )
  assert.equal(
    digestPlan(plan, primitives).plan,
    '25fdf211b4c11e0a6c205b9aefa9f3c9d75d67d4c14c44270d7558d60a691ac4',
  )
})

test('what is unknown and what is not there are two things, though the mask says both', () => {
  const change = { after: { a: 1 }, after_unknown: { id: true, tags: [{ deep: true }] } }
  const plan = givenPlan({ resource_changes: [givenEntry(change)] })
  const of = (after: object): string => {
    const [resource] = plan.resources
    assert.ok(resource !== undefined)
    return digestPlan({ ...plan, resources: [{ ...resource, after: { ...after } }] }, primitives)
      .plan
  }
  const deep = [{ deep: UNKNOWN }]

  const digests = [
    of({ a: 1, id: UNKNOWN, tags: deep }),
    of({ a: 1, tags: deep }),
    of({ a: 1, id: UNKNOWN, tags: [{}] }),
    of({ a: 1, id: null, tags: deep }),
    of({ a: 1, id: UNKNOWN }),
    of({ a: 1, id: UNKNOWN, tags: UNKNOWN }),
  ]

  assert.equal(new Set(digests).size, digests.length)
})
