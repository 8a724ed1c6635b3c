import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scanningPrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import { offlineHide } from '../hiders.ts'
import { inspectPlan } from '../inspect-plan.ts'
import type { ResourceChange } from '../plan.ts'
import { inspectDigest } from '../plan-digest.ts'
import { redact } from '../redact.ts'
import type { PlainChange } from './plain-change.ts'
import { readPlan, streamPlan } from './registry.ts'
import { ACTION_TEXTS } from './terraform-action.ts'
import { plainChange } from './terraform-plain.ts'

const HEAD = '"address":"a.b","mode":"managed","type":"a","name":"b","provider_name":"p"'
const MASKS = '"before_sensitive":{},"after_sensitive":false'
const VALUES = '"before":{"a":1,"b":["x"]},"after":{"a":2}'
const CHANGE = `"change":{"actions":["update"],${VALUES},"after_unknown":{},${MASKS}}`
const CONFIGURATION = '{"root_module":{"variables":{"v":{"sensitive":true}}}}'

/** The fields of it, in canonical JSON. */
const DIGESTED =
  '{"action":"update","actions":["update"],"after":{"a":2},"afterSensitive":false,' +
  '"afterUnknown":{},"before":{"a":1,"b":["x"]},"beforeSensitive":{},"extra":{},' +
  '"importing":null,"mode":"managed","module":"","name":"b","previousAddress":null,' +
  '"provider":"p","reason":null,"replacePaths":[],"type":"a"}'

function documentOf(entry: string, beside = '"configuration":{"root_module":{}}'): string {
  return `{"format_version":"1.2",${beside},"resource_changes":[{${entry}}]}`
}

function waysThrough(document: string): { plain: PlainChange[]; whole: ResourceChange[] } {
  const plain: PlainChange[] = []
  const whole: ResourceChange[] = []
  const bytes = primitives.utf8(document)
  const streamed = streamPlan(
    bytes,
    { primitives },
    {
      variables: () => undefined,
      resource: (change) => whole.push(change),
      plain: (change) => plain.push(change) > 0,
    },
  )
  assert.ok(streamed.ok)
  return { plain, whole }
}

/** One digest, whichever way. */
function assertSame(document: string): void {
  const bytes = primitives.utf8(document)
  const parsed = readPlan(bytes, primitives)
  assert.ok(parsed.ok)
  const inspected = inspectPlan(bytes, { primitives }, () => undefined)
  assert.ok(inspected.ok)
  const whole = inspectDigest(redact(parsed.plan, offlineHide), primitives)
  assert.equal(inspected.digest, whole, document)
}

test('an entry as Terraform writes it is told by its own text', () => {
  const { plain, whole } = waysThrough(documentOf(`${HEAD},"index":0,${CHANGE}`))

  assert.deepEqual(whole, [])
  assert.deepEqual(plain, [
    {
      address: 'a.b',
      deposed: null,
      previousAddress: null,
      importing: null,
      closer: [],
      module: '',
      mode: 'managed',
      type: 'a',
      name: 'b',
      provider: 'p',
      action: 'update',
      actions: ['update'],
      reason: null,
      digest: primitives.sha256Hex(DIGESTED),
    },
  ])
})

test('what is unknown and left out, long numbers and reasons leave an entry plain', () => {
  const documents = [
    CHANGE.replace(
      '"after":{"a":2},"after_unknown":{}',
      '"after":{"a":2},"after_unknown":{"id":true}',
    ),
    CHANGE.replace('{"a":2},"after_unknown":{}', '{"t":[{}]},"after_unknown":{"t":[{"id":true}]}'),
    CHANGE.replace(
      '{"a":2},"after_unknown":{}',
      '{"t":[{}]},"after_unknown":{"t":[{"id":true},false,null]}',
    ),
    CHANGE.replace('{"a":2}', '{"a":9007199254740993,"b":1.0}'),
    `"action_reason":"replace_by_request",${CHANGE}`,
    `"action_reason":null,"module_address":"module.m",${CHANGE}`,
  ].map((rest) => documentOf(`${HEAD},${rest}`))

  for (const document of documents) {
    assert.deepEqual(waysThrough(document).whole, [], document)
    assertSame(document)
  }
})

test('whatever is written otherwise is read as a value, and digested the same', () => {
  const odd = [
    CHANGE.replace('{"a":2}', '{"a": 2}'),
    CHANGE.replace('{"a":2}', '{"b":1,"a":2}'),
    CHANGE.replace('{"a":2}', '{"$a":2}'),
    CHANGE.replace('{"a":2}', '{"a":"\\u003c"}'),
    CHANGE.replace('"after_sensitive":false', '"after_sensitive":false,"replace_paths":[["ü"]]'),
    CHANGE.replace('"after_unknown":{}', '"after_unknown":{"a":true}'),
    CHANGE.replace('"after_unknown":{}', '"after_unknown":{"x":[true]}'),
    CHANGE.replace('"after_unknown":{}', '"after_unknown":{"x":{"y":true}}'),
    CHANGE.replace('"after_unknown":{}', '"after_unknown":true'),
    CHANGE.replace('"after_sensitive":false', '"after_sensitive":{"a":"x"}'),
    CHANGE.replace('"after_sensitive":false', '"after_sensitive":[1]'),
    CHANGE.replace('"after_sensitive":false', '"after_sensitive":"x"'),
    CHANGE.replace('"after_sensitive":false', '"replace_paths":{}'),
    CHANGE.replace('"after_sensitive":false', '"importing":{"id":"i"}'),
    CHANGE.replace('{"a":2}', '{"password":"x"}'),
    CHANGE.replace('{"a":2}', '{"u":"://a:b@"}'),
    CHANGE.replace('{"a":2}', '{"name":"x","value":"y"}'),
    CHANGE.replace('{"a":2}', '{"a":"pwd=abcd"}'),
    CHANGE.replace('["update"]', '[]'),
    CHANGE.replace('["update"]', 'null'),
    `${CHANGE},"index":{"before":{"z":1}}`,
    `${CHANGE},"surprise":null`,
    `${CHANGE},"previous_address":"a.c"`,
    `${CHANGE},"deposed":"d1"`,
    '"change":[]',
    '"change":null',
  ].map((rest) => documentOf(`${HEAD},${rest}`))
  odd.push(documentOf(`${HEAD.replace('"managed"', 'null')},${CHANGE}`))
  odd.push(documentOf(`${HEAD.replace('"managed"', '"odd"')},${CHANGE}`))
  odd.push(documentOf(`${HEAD.replace('"b"', '"\\u0062"')},${CHANGE}`))
  odd.push(
    documentOf(`${HEAD.replace('"a.b"', '7')},"address_":"x",${CHANGE}`).replace('7', '"a.b"'),
  )
  for (const [text, other] of [
    ['"type":"a"', '"type":7'],
    ['"name":"b"', '"name":{}'],
    ['"provider_name":"p"', '"provider_name":false'],
    ['"name":"b"', '"name":"b","module_address":[]'],
    ['"name":"b"', '"name":"b","action_reason":7'],
  ] as const) {
    odd.push(documentOf(`${HEAD.replace(text, other)},${CHANGE}`))
  }

  for (const document of odd) {
    assert.deepEqual(waysThrough(document).plain, [], document)
    assertSame(document)
  }
})

test('an entry without its digest is read as a value, unless it does nothing', () => {
  const written = ['"a.b"', '', '"managed"', '"a"', '"b"', '"p"', '']
  const slice = (text: string) => ({
    read: () => null,
    told: () => ({
      actions: ACTION_TEXTS.findIndex(([each]) => each === text),
      digest: null,
      written,
      caught: 0,
    }),
  })

  assert.equal(plainChange(slice('["update"]')), null)
  assert.equal(plainChange(slice('["surprise"]')), null)
  assert.equal(plainChange(slice('["no-op"]'))?.action, 'noop')
})

test('an entry without an address is refused, however it is read', () => {
  for (const address of ['7', '""', 'null', '{}', '["a"]']) {
    const bytes = primitives.utf8(documentOf(`${HEAD.replace('"a.b"', address)},${CHANGE}`))

    assert.equal(inspectPlan(bytes, { primitives }, () => undefined).ok, false, address)
    assert.equal(readPlan(bytes, primitives).ok, false, address)
  }
})

test('whatever an index is, it says nothing that the address does not', () => {
  for (const index of ['0', '"a"', 'null', '{}', '[1]', 'true', '{"after":1}']) {
    assertSame(documentOf(`${HEAD},"index":${index},${CHANGE}`))
  }
})

test('where a sensitive text is known, every change is looked at as a whole', () => {
  const variables = `"variables":{"v":{"value":"correct-horse"}},"configuration":${CONFIGURATION}`
  const told = CHANGE.replace('{"a":2}', '{"a":"x correct-horse x"}')
  const seen: (ResourceChange | null)[] = []

  const bytes = primitives.utf8(documentOf(`${HEAD},${told}`, variables))
  const inspected = inspectPlan(bytes, { primitives }, (_head, hiding) => seen.push(hiding))

  assert.ok(inspected.ok)
  assert.deepEqual(seen[0]?.after, { a: 'x (hidden:(sensitive)) x' })
  assertSame(documentOf(`${HEAD},${told}`, variables))
})
