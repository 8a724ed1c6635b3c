import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scanningPrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { givenDocument, givenEntry } from '../../../test/fixtures/terraform-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { inspectPlan } from './inspect-plan.ts'
import { decodePlan, encodePlan } from './plan-codec.ts'
import { digestPlan, inspectDigest } from './plan-digest.ts'
import { readPlan } from './plans/registry.ts'
import { redact } from './redact.ts'

const hide = keyedHide(new Uint8Array(32).fill(1), primitives)

function outputs(change: object): object {
  return { output_changes: { url: { actions: ['update'], before: 'a', after: 'b', ...change } } }
}

function invocation(fields: object): object {
  return { action_invocations: [{ address: 'action.a.b', name: 'b', type: 'a', ...fields }] }
}

function later(fields: object, inner: object = {}): object {
  const action_invocation = { address: 'action.a.b', ...inner }
  return { deferred_action_invocations: [{ reason: 'r', action_invocation, ...fields }] }
}

function deferred(fields: object): object {
  return { deferred_changes: [{ reason: 'r', resource_change: givenEntry(), ...fields }] }
}

function changes(change: object, fields: object = {}): object {
  return { resource_changes: [givenEntry({ ...change }, { ...fields })] }
}

const UNDECIDED = { after: { a: 1 }, after_unknown: { a: true } }

/** Each two documents that say different things. */
const PAIRS: readonly (readonly [string, object, object])[] = [
  ['output, undecided', outputs(UNDECIDED), outputs({ ...UNDECIDED, after: { a: 2 } })],
  [
    'output, undecided whole',
    outputs({ after_unknown: true }),
    outputs({ ...{ after: 'c', after_unknown: true } }),
  ],
  ['output, field', outputs({ future: 1 }), outputs({ future: 2 })],
  ['output, no field', outputs({}), outputs({ future: 2 })],
  ['output, no object', { output_changes: { a: 1 } }, { output_changes: { a: 2 } }],
  [
    'output, no object or a field',
    { output_changes: { a: 1 } },
    { output_changes: { a: { change: 1 } } },
  ],
  ['output, actions', outputs({ actions: 1 }), outputs({ actions: 2 })],
  [
    'invocation, undecided',
    invocation({ config_values: { a: 1 }, config_unknown: { a: true } }),
    invocation({ config_values: { a: 2 }, config_unknown: { a: true } }),
  ],
  ['invocation, field', invocation({ future: 1 }), invocation({ future: 2 })],
  ['invocation, type', invocation({ type: 1 }), invocation({ type: 2 })],
  ['invocation, name', invocation({ name: 'b' }), invocation({ name: 'c' })],
  ['later, field', later({ future: 1 }), later({ future: 2 })],
  ['later, reason', later({ reason: 1 }), later({ reason: 2 })],
  ['later, in or out', later({ x: 1 }), later({}, { 'deferred.x': 1 })],
  ['later, in or out again', later({ 'own.x': 1 }), later({}, { 'deferred.own.x': 1 })],
  ['deferred, field', deferred({ future: 1 }), deferred({ future: 2 })],
  ['deferred, reason', deferred({ reason: 1 }), deferred({ reason: 2 })],
  ['paths', changes({ replace_paths: { a: 1 } }), changes({ replace_paths: 'a' })],
  ['paths or none', changes({ replace_paths: { a: 1 } }), changes({ replace_paths: [] })],
  ['entry', changes({}, { change_x: 1 }), changes({}, { 'entry.change_x': 1 })],
  ['entry again', changes({}, { 'entry.x': 1 }), changes({}, { x: 1 })],
]

function digestsOf(document: object): readonly string[] {
  const bytes = primitives.utf8(JSON.stringify(document))
  const parsed = readPlan(bytes, primitives)
  assert.ok(parsed.ok)
  const plan = redact(parsed.plan, hide)
  const inspected = inspectPlan(bytes, { primitives }, () => undefined)
  assert.ok(inspected.ok)
  assert.equal(inspected.digest, inspectDigest(redact(parsed.plan, offlineHide), primitives))
  const decoded = decodePlan(JSON.parse(JSON.stringify(encodePlan(plan))))
  assert.ok(decoded.ok)
  assert.equal(digestPlan(decoded.plan, primitives).plan, digestPlan(plan, primitives).plan)
  return [digestPlan(plan, primitives).plan, inspected.digest]
}

test('two documents that say different things never share a digest, however odd they are', () => {
  for (const [what, left, right] of PAIRS) {
    const one = digestsOf(givenDocument({ configuration: {}, ...left }))
    const two = digestsOf(givenDocument({ configuration: {}, ...right }))

    assert.notEqual(one[0], two[0], what)
    assert.notEqual(one[1], two[1], what)
  }
})

test('two fields of a CloudFormation entry never take one name', () => {
  const of = (entry: object, change: object) => {
    const inner = { Action: 'Modify', LogicalResourceId: 'a', ResourceType: 'AWS::S3::Bucket' }
    const ResourceChange = { ...inner, ...change }
    const Changes = [{ Type: 'Resource', ResourceChange, ...entry }]
    const document = { ChangeSetName: 'c', StackName: 's', Status: 'CREATE_COMPLETE', Changes }
    const parsed = readPlan(primitives.utf8(JSON.stringify(document)), primitives)
    assert.ok(parsed.ok)
    return digestPlan(redact(parsed.plan, hide), primitives).plan
  }

  assert.notEqual(of({ Wave: 1 }, {}), of({}, { 'entry.Wave': 1 }))
  assert.notEqual(of({}, { 'change.entry.Wave': 1 }), of({}, { 'entry.Wave': 1 }))
})

test('a value that its mask contradicts is hidden where it is kept', () => {
  const secret = { a: 'hunter-zwei' }
  const document = givenDocument({
    ...outputs({ after: secret, after_unknown: { a: true }, after_sensitive: { a: true } }),
    ...invocation({
      config_values: secret,
      config_unknown: { a: true },
      config_sensitive: { a: true },
    }),
  })
  const parsed = readPlan(primitives.utf8(JSON.stringify(document)), primitives)
  assert.ok(parsed.ok)
  assert.match(JSON.stringify(encodePlan(parsed.plan)), /hunter-zwei/)

  const text = JSON.stringify(encodePlan(redact(parsed.plan, hide)))

  assert.doesNotMatch(text, /hunter-zwei/)
})
