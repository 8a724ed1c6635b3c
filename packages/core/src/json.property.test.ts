import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { respell, utf8 } from '../../../test/fixtures/json-bytes.ts'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { canonicalValue } from './canonical.ts'
import { readJson } from './json.ts'
import { NumberText } from './value.ts'

/** Refusals on purpose, which JSON.parse does not make. */
const STRICTER = /appears twice|__proto__|surrogate|deeper|not valid UTF-8/

function parses(text: string): { readonly ok: boolean; readonly value: unknown } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, value: null }
  }
}

const pieces = '{}[]:,"\\ \n\t0123456789.eE+-truefalsn\u00e9u'

test('any damaged document is accepted exactly when JSON.parse accepts it', () => {
  let accepted = 0
  let refused = 0
  const damaged = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(pieces.length - 1), fc.nat(2))
  const property = fc.property(damaged, ([text, at, piece, mode]) => {
    const where = at % (text.length + 1)
    const put = mode === 2 ? '' : pieces.charAt(piece)
    const mutated = text.slice(0, where) + put + text.slice(where + (mode === 0 ? 0 : 1))
    if (/[\ud800-\udfff]/u.test(mutated)) return
    const expected = parses(mutated)

    const found = readJson(utf8(mutated), primitives)

    if (!found.ok && STRICTER.test(found.problem.message)) return
    assert.equal(found.ok, expected.ok, mutated)
    if (found.ok) accepted += 1
    else refused += 1
  })
  fc.assert(property, { numRuns: 5_000 })
  assert.ok(accepted > 500 && refused > 500, `accepted ${accepted}, refused ${refused}`)
})

test('every number keeps its value or its text', () => {
  let kept = 0
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/)
  const property = fc.property(digits, (text) => {
    const found = readJson(utf8(`{"list":[${text}]}`), primitives)

    assert.ok(found.ok)
    const printed = canonicalValue(found.value)
    assert.equal(printed, `{"list":[${text}]}`)
    if (String(Number(text)) !== text) {
      kept += 1
      assert.deepEqual(found.value, { list: [new NumberText(text)] })
    }
  })
  fc.assert(property, { numRuns: 3_000 })
  assert.ok(kept > 500, `only ${kept} numbers kept their text`)
})

test('duplicate keys are found whatever the order and number of keys', () => {
  let duplicates = 0
  const keys = fc.array(
    fc.string({ maxLength: 2, unit: fc.constantFrom('a', 'b', 'é', '"', '\\') }),
    {
      maxLength: 60,
    },
  )
  const property = fc.property(keys, fc.boolean(), (names, escaped) => {
    const spell = (name: string, index: number): string =>
      escaped && index % 7 === 3
        ? JSON.stringify(name).replace('a', '\\u0061')
        : JSON.stringify(name)
    const text = `{${names.map((name, index) => `${spell(name, index)}:0`).join(',')}}`
    const repeated = new Set(names).size < names.length

    const found = readJson(utf8(text), primitives)

    assert.equal(found.ok, !repeated, text)
    if (repeated) duplicates += 1
  })
  fc.assert(property, { numRuns: 3_000 })
  assert.ok(duplicates > 300, `only ${duplicates} duplicates`)
})

test('key order and white space do not change the canonical text', () => {
  let objects = 0
  const property = fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    if (/__proto__|[\ud800-\udfff]/u.test(JSON.stringify(value))) return

    const plain = readJson(utf8(JSON.stringify(value)), primitives)
    const other = readJson(utf8(respell(value)), primitives)

    assert.ok(plain.ok && other.ok)
    assert.equal(canonicalValue(plain.value), canonicalValue(other.value))
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 1) objects += 1
  })
  fc.assert(property, { numRuns: 1_000 })
  assert.ok(objects > 100, `only ${objects} objects`)
})
