import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { play } from '../../../test/fixtures/histories.ts'
import { histories } from '../../../test/fixtures/history-steps.ts'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { bytesOf, givenBundle, verify } from '../test/given-bundle.ts'
import { givenInstallation } from '../test/installation.ts'
import { shortLog } from '../test/short-log.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { Entry } from './entry.ts'
import type { Bundle } from './evidence-bundle.ts'

const SEED = Number(process.env['SEED'] ?? 20_260_917)

function faultOf(bytes: Uint8Array): string | null {
  const verified = verify(bytes)
  return verified.ok ? null : verified.fault.what
}

function flip(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit))
}

test('I7: no byte of a whole small bundle can change unseen', () => {
  const bytes = bytesOf(givenBundle(shortLog()))
  assert.equal(faultOf(bytes), null)
  const named = new Map<string, number>()

  for (const at of bytes.keys()) {
    const fault = faultOf(flip(bytes, at, at % 8))
    assert.notEqual(fault, null, `byte ${at} of ${bytes.length}`)
    const kind = String(fault).replace(/ [0-9a-f]{64}$| \d+$/, '')
    named.set(kind, (named.get(kind) ?? 0) + 1)
  }

  for (const kind of ['bundle', 'entry', 'proof of entry', 'checkpoint', 'evidence', 'text'])
    assert.ok((named.get(kind) ?? 0) > 5, `${kind} was named ${named.get(kind) ?? 0} times`)
})

/** The bundle of a generated history; its evidence is not kept, which is allowed and said. */
function bundleOf(entries: readonly Entry[]): Bundle {
  return givenBundle(entries, { evidence: [], texts: [] })
}

const logs = histories.map((steps) => {
  const house = givenInstallation()
  for (const step of steps) play(house, step)
  return house.entries
})

test('I7: no sampled byte of any log’s bundle can change unseen', () => {
  let flips = 0
  fc.assert(
    fc.property(logs, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (entries, places) => {
      const bytes = bytesOf(bundleOf(entries))
      assert.equal(faultOf(bytes), null)
      for (const place of places) {
        const at = place % bytes.length
        assert.notEqual(faultOf(flip(bytes, at, place % 7)), null, `byte ${at}`)
        flips += 1
      }
    }),
    { seed: SEED, numRuns: 25 },
  )
  assert.ok(flips >= 150, `seed ${SEED}: ${flips} flips`)
})

test('I7: a byte that changes inside an entry names that entry', () => {
  let flips = 0
  fc.assert(
    fc.property(logs, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), (entries, places) => {
      const bundle = bundleOf(entries)
      for (const place of places) {
        const at = place % bundle.entries.length
        const data = decodeBase64(bundle.entries[at] ?? '')
        assert.ok(data !== null)
        const changed = encodeBase64(flip(data, place % data.length, place % 8))
        const fault = faultOf(bytesOf({ ...bundle, entries: bundle.entries.with(at, changed) }))
        assert.equal(fault, `entry ${at}`)
        flips += 1
      }
    }),
    { seed: SEED, numRuns: 25 },
  )
  assert.ok(flips >= 100, `seed ${SEED}: ${flips} flips`)
})

test('I7: no entry can be dropped, repeated or moved, with or without its listed hash', () => {
  let edits = 0
  fc.assert(
    fc.property(logs, fc.nat(), (entries, place) => {
      const bundle = bundleOf(entries)
      const at = place % (entries.length - 1)
      for (const change of [drop, repeat, swap])
        for (const hashes of [true, false]) {
          const leafHashes = hashes ? change(bundle.leafHashes, at) : bundle.leafHashes
          const edited = { ...bundle, entries: change(bundle.entries, at), leafHashes }
          assert.notEqual(faultOf(bytesOf(edited)), null)
          edits += 1
        }
    }),
    { seed: SEED, numRuns: 20 },
  )
  assert.ok(edits >= 120, `seed ${SEED}: ${edits} edits`)
})

function drop<T>(items: readonly T[], at: number): readonly T[] {
  return items.toSpliced(at, 1)
}
function repeat<T>(items: readonly T[], at: number): readonly T[] {
  return [...items.slice(0, at + 1), ...items.slice(at)]
}
function swap<T>(items: readonly T[], at: number): readonly T[] {
  return [...items.slice(0, at), ...items.slice(at, at + 2).reverse(), ...items.slice(at + 2)]
}

test('I7: a text or a piece of evidence cannot change by a byte', () => {
  const bundle = givenBundle(shortLog())
  const [plan] = bundle.evidence
  const [words] = bundle.texts
  assert.ok(plan !== undefined && words !== undefined)
  const data = decodeBase64(plan.data)
  assert.ok(data !== null)

  for (const at of data.keys()) {
    const evidence: Bundle['evidence'] = [{ ...plan, data: encodeBase64(flip(data, at, at % 8)) }]
    assert.equal(faultOf(bytesOf({ ...bundle, evidence })), `evidence ${plan.digest}`)
  }
  for (const at of nodePrimitives.utf8(words.text).keys()) {
    const text: string = `${words.text.slice(0, at)}x${words.text.slice(at)}`
    assert.equal(
      faultOf(bytesOf({ ...bundle, texts: [{ ...words, text }] })),
      `text ${words.digest}`,
    )
  }
})
