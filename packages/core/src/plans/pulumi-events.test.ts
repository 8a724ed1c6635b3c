import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BUCKET_URN,
  givenDigest,
  givenPreEvent,
  givenPreview,
  givenResult,
  givenState,
  givenStep,
  givenStream,
  givenSummaryEvent,
  readPreview,
  STACK_URN,
} from '../../test/pulumi-given.ts'
import { summarise } from '../plan.ts'
import { Hidden } from '../value.ts'

function refusal(message: string) {
  return { ok: false, refusal: { message } }
}

test('a stream and a digest of the same preview say the same', () => {
  const stream = givenPreview(givenStream([givenPreEvent(), givenResult()]))
  const digest = givenPreview(givenDigest([givenStep()]))

  assert.deepEqual(summarise(stream), summarise(digest))
  const [fromStream, fromDigest] = [stream.resources[0], digest.resources[0]]
  assert.deepEqual(
    { ...fromStream, extra: { ...fromStream?.extra, detailedDiff: null } },
    { ...fromDigest, extra: { ...fromDigest?.extra, detailedDiff: null } },
  )
  assert.deepEqual([stream.complete, stream.applyable, stream.warnings], [true, true, []])
})

test('a stream without its summary is refused, and so is one of an update', () => {
  const cut = 'The stream of preview events ends before its summary; it was cut off'
  const summary = givenSummaryEvent()
  const ran = {
    resourcePreEvent: { ...Object(givenPreEvent()['resourcePreEvent']), planning: false },
  }
  const table: readonly (readonly [string, string])[] = [
    [givenStream([givenPreEvent()], []), cut],
    ['{"sequence":0,"timestamp":1,"preludeEvent":{}}', cut],
    [
      givenStream([], [summary, summary]),
      'Event 3 begins a second summary; expected is one preview',
    ],
    [
      givenStream([], [givenSummaryEvent({ isPreview: false })]),
      'Event 2 is the summary of an update, not of a preview',
    ],
    [givenStream([ran]), 'Event 2 is of an update that ran, not of a preview'],
    [givenStream([{}]), 'Event 2 says nothing'],
    [givenStream([{ resourcePreEvent: {} }]), 'Event 2 is not an object'],
    [givenStream([givenPreEvent({ urn: 1 })]), 'Event 2 has no urn'],
  ]
  for (const [document, message] of table) {
    assert.deepEqual(readPreview(document), refusal(message))
  }
})

test('a result without its step is a step', () => {
  const plan = givenPreview(givenStream([givenResult({ op: 'delete' })]))

  assert.deepEqual(
    plan.resources.map(({ address, action }) => [address, action]),
    [[BUCKET_URN, 'delete']],
  )
})

test('whatever failed makes the plan partial', () => {
  const failing: readonly string[] = [
    givenStream([], [givenSummaryEvent({ result: 'failed' })]),
    givenStream([], [givenSummaryEvent({ result: 'odd' })]),
    givenStream([], [givenSummaryEvent({ maybeCorrupt: true })]),
    givenStream([{ errorEvent: { error: 'x' } }]),
    givenStream([{ diagnosticEvent: { severity: 'error', message: 'x' } }]),
    givenStream([{ resOpFailedEvent: givenPreEvent()['resourcePreEvent'] }]),
  ]
  for (const document of failing) {
    const plan = givenPreview(document)
    assert.deepEqual([plan.errored, plan.complete, plan.applyable], [true, false, false])
  }
  const old = givenPreview(givenStream([], [givenSummaryEvent({ result: undefined })]))
  assert.equal(old.errored, false)
})

test('steps that the summary counts and the stream lacks make the plan incomplete', () => {
  const summary = givenSummaryEvent({ resourceChanges: { update: 1, same: 3 } })
  assert.equal(givenPreview(givenStream([], [summary])).complete, false)
  assert.equal(givenPreview(givenStream([givenPreEvent()], [summary])).complete, true)
  for (const resourceChanges of [undefined, null, 'all']) {
    const odd = givenSummaryEvent({ resourceChanges })
    assert.equal(givenPreview(givenStream([givenPreEvent()], [odd])).complete, false)
  }
})

test('what a refresh finds is drift, and what follows is the change', () => {
  const [old, found] = ['v1', 'v2'].map((v) => givenState({ v }, { outputs: { v } }))
  const plan = givenPreview(
    givenStream([
      givenPreEvent({ op: 'refresh', old, new: old }),
      givenResult({ op: 'refresh', old, new: found }),
      givenPreEvent({ old: found, new: givenState({ v: 'v3' }) }),
    ]),
  )

  assert.deepEqual(
    plan.drift.map(({ action, before, after }) => [action, before, after]),
    [
      [
        'update',
        { inputs: { v: 'v1' }, outputs: { v: 'v1' } },
        { inputs: { v: 'v2' }, outputs: { v: 'v2' } },
      ],
    ],
  )
  const [resource] = plan.resources
  assert.deepEqual(
    [resource?.action, resource?.actions, resource?.before, resource?.after],
    ['update', ['refresh', 'update'], { v: 'v2' }, { v: 'v3' }],
  )
  const unchanged = givenStream([givenResult({ op: 'refresh', old, new: old })])
  assert.deepEqual(givenPreview(unchanged).drift, [])
})

test('outputs of the stack are told, and two secrets are never called equal', () => {
  const stack = (outputs: unknown) => givenState({}, { urn: STACK_URN, outputs })
  const before = { same: 1, changed: 1, gone: 1, key: '[secret]' }
  const after = { same: 1, changed: 2, fresh: 1, key: '[secret]' }
  const same = { op: 'same', urn: STACK_URN }
  const plan = givenPreview(
    givenStream([
      givenPreEvent({ ...same, old: stack(before), new: stack({}) }),
      givenResult({ ...same, old: stack(before), new: stack(after) }),
    ]),
  )

  assert.deepEqual(
    plan.outputs.map(({ name, action }) => [name, action]),
    [
      ['same', 'noop'],
      ['changed', 'update'],
      ['gone', 'delete'],
      ['key', 'unknown'],
      ['fresh', 'create'],
    ],
  )
  assert.ok(plan.outputs[3]?.after instanceof Hidden)
})

test('violated policies are failed checks, and events that are not known are counted', () => {
  const policyEvent = { policyName: 'no-public', resourceUrn: BUCKET_URN, message: 'secret' }
  const plan = givenPreview(givenStream([{ policyEvent }, { cancelEvent: {} }, { waveEvent: {} }]))

  assert.deepEqual(plan.checks, [
    { address: `no-public ${BUCKET_URN}`, kind: 'policy', status: 'fail' },
  ])
  assert.deepEqual(plan.unknownFields, ['waveEvent'])
})
