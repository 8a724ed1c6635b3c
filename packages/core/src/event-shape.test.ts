import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { EVENTS } from '../test/events.ts'
import { givenOpened, NOW, SYSTEM_REF } from '../test/given.ts'
import { ENTRY_BYTES_MAX, type Entry, entryBytes, parseEntry } from './entry.ts'
import { unfitProblem } from './event-fit.ts'
import { entryShape, eventShape } from './event-shape.ts'

const entry = (about: Partial<Entry> = {}): Entry => ({
  v: 1,
  seq: 3,
  at: NOW,
  stream: 'log',
  actor: SYSTEM_REF,
  event: EVENTS.withdrawn,
  ...about,
})
const bytes = (value: unknown) => nodePrimitives.utf8(JSON.stringify(value))
const problem = (data: Uint8Array) => {
  const parsed = parseEntry(data, nodePrimitives)
  return parsed.ok ? null : parsed.problem
}

/** Every place in a document, each with another value than is there. */
function* changed(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    yield [...value, Symbol.for('foreign')]
    for (const [at, item] of value.entries())
      for (const other of changed(item)) yield value.with(at, other)
    return
  }
  if (typeof value === 'object' && value !== null) {
    const map: { readonly [key: string]: unknown } = { ...value }
    yield { ...map, foreign: true }
    for (const key of Object.keys(map)) {
      const { [key]: _, ...without } = map
      if (!isFree(key)) yield without
      for (const other of changed(map[key])) yield { ...map, [key]: other }
    }
    return
  }
  yield { not: 'expected' }
  yield undefined
  yield typeof value === 'number' ? value + 0.5 : 1_000.5
}

/** Names inside maps of text are whatever the workspace says. */
const isFree = (key: string) => ['bucket', 'key', 'env', 'settings'].includes(key)

test('every kind of event is written to an entry and read back as it was', () => {
  for (const event of Object.values(EVENTS)) {
    const given = entry({ event })
    const parsed = parseEntry(entryBytes(given, nodePrimitives), nodePrimitives)

    assert.deepEqual(parsed, { ok: true, entry: given }, event.type)
  }
})

test('one field that is changed in kind, missing or foreign makes an event none', () => {
  let count = 0
  for (const event of Object.values(EVENTS))
    for (const other of changed(event)) {
      count += 1
      assert.equal(eventShape.is(other), false, `${event.type}: ${JSON.stringify(other)}`)
    }
  assert.ok(count > 500, `only ${count} variations`)
})

test('one field that is changed in kind, missing or foreign makes an entry none', () => {
  for (const other of changed({ ...entry(), event: EVENTS.expired }))
    assert.equal(entryShape.is(other), false, JSON.stringify(other))
})

test('text that is no entry is refused, whatever it is', () => {
  for (const data of [bytes(null), bytes([]), bytes({}), bytes('x'), new Uint8Array([0xff, 0xfe])])
    assert.equal(problem(data), 'is not an entry of a known shape')
  assert.equal(problem(new Uint8Array()), 'is not an entry of a known shape')
})

test('an entry in any other spelling than its one form is refused', () => {
  const canonical = nodePrimitives.text(entryBytes(entry(), nodePrimitives))
  const refusal = 'is not in the canonical form'

  for (const other of [
    canonical.replace('"seq":3', '"seq":3.0'),
    canonical.replace('"seq":3', '"seq": 3'),
    canonical.replace('"seq":3', '"seq":2,"seq":3'),
    canonical.replace('"log"', '"l\\u006fg"'),
    canonical.replace('"v":1', '"v":1e0'),
    `${canonical}\n`,
  ])
    assert.equal(problem(nodePrimitives.utf8(other)), refusal, other)
})

test('half a surrogate pair in an entry is refused, not thrown', () => {
  const event = { ...EVENTS.change_opened, flags: ['x'] }
  const text = nodePrimitives.text(entryBytes(entry({ event }), nodePrimitives))

  assert.equal(
    problem(nodePrimitives.utf8(text.replace('["x"]', '["\\ud800"]'))),
    'is not an entry of a known shape',
  )
})

test('an instant that no calendar has is no instant', () => {
  assert.equal(entryShape.is(entry({ at: 8_640_000_000_000_000 })), true)
  assert.equal(entryShape.is(entry({ at: 8_640_000_000_000_001 })), false)
})

test('an entry has 65,535 bytes at most', () => {
  const flags = (count: number) => Array.from({ length: count }, () => 'x'.repeat(4_000))
  const opened = (count: number) =>
    entry({ event: { type: 'change_opened', ...givenOpened({ flags: flags(count) }) } })
  const long = entryBytes(opened(17), nodePrimitives)

  assert.ok(long.length > ENTRY_BYTES_MAX)
  assert.equal(problem(long), 'is longer than 65535 bytes')
  assert.equal(problem(entryBytes(opened(14), nodePrimitives)), null)
})

test('what would not be read back is known before it is written', () => {
  const wide = { ...EVENTS.labels_set, labels: { env: '€'.repeat(21_600) } }

  for (const event of Object.values(EVENTS)) assert.equal(unfitProblem(event), null)
  assert.equal(
    unfitProblem({ ...EVENTS.released, until: 1.5 }),
    'this released does not have the shape that the log reads',
  )
  assert.equal(unfitProblem(wide), 'this labels set is larger than one entry of the log')
})
