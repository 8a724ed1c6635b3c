import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { values } from '../../../test/fixtures/value-arbitraries.ts'
import { canonicalText, canonicalValue } from './canonical.ts'
import { Hidden, isList, isMap, type Json, NumberText, Unknown, type Value } from './value.ts'
import { decodeValue, encodeValue } from './value-codec.ts'

function has(value: Value, wanted: (value: Value) => boolean): boolean {
  if (wanted(value)) return true
  if (isList(value)) return value.some((item) => has(item, wanted))
  return isMap(value) && Object.values(value).some((item) => has(item, wanted))
}

const isClass = (value: Value): boolean =>
  value instanceof Hidden || value instanceof Unknown || value instanceof NumberText

test('decoding is the exact inverse of encoding, over the wire too', () => {
  let classes = 0
  let dollars = 0
  const property = fc.property(values, (value) => {
    const wire: Json = JSON.parse(JSON.stringify(encodeValue(value)))

    assert.deepEqual(decodeValue(wire), { ok: true, value })
    if (has(value, isClass)) classes += 1
    if (has(value, (v) => isMap(v) && Object.keys(v).some((k) => k.startsWith('$')))) dollars += 1
  })
  fc.assert(property, { numRuns: 2_000 })
  assert.ok(classes > 400 && dollars > 200, `classes ${classes}, dollars ${dollars}`)
})

test('no data decodes as a tag', () => {
  let tagged = 0
  const property = fc.property(values, (value) => {
    const plain: Json = JSON.parse(JSON.stringify(encodeValue(value)))
    const asData = encodeValue(plain)

    const decoded = decodeValue(asData)

    assert.deepEqual(decoded, { ok: true, value: plain })
    assert.ok(decoded.ok && !has(decoded.value, isClass))
    if (has(value, isClass)) tagged += 1
  })
  fc.assert(property, { numRuns: 1_000 })
  assert.ok(tagged > 200, `only ${tagged}`)
})

test('whatever decodes is what encoding would have written', () => {
  let decodes = 0
  let refused = 0
  const tags = fc.constantFrom('$hidden', '$unknown', '$number', 'by', '$$x', 'a')
  const leaf = fc.constantFrom<Json>(true, 'tool', '1.0', '1', 'x', null, 1)
  const json = fc.dictionary(tags, leaf, { maxKeys: 3 })
  const property = fc.property(json, (document) => {
    const decoded = decodeValue({ ...document })

    if (!decoded.ok) refused += 1
    else {
      decodes += 1
      assert.deepEqual(encodeValue(decoded.value), { ...document })
    }
  })
  fc.assert(property, { numRuns: 3_000 })
  assert.ok(decodes > 300 && refused > 300, `decodes ${decodes}, refused ${refused}`)
})

test('different values have different canonical texts, equal ones the same', () => {
  let different = 0
  const property = fc.property(values, values, (one, two) => {
    const left = canonicalValue(one)
    const right = canonicalValue(two)
    const same = canonicalText(encodeValue(one)) === canonicalText(encodeValue(two))

    assert.equal(left === right, same)
    if (!same) different += 1
  })
  fc.assert(property, { numRuns: 1_000 })
  assert.ok(different > 500, `only ${different}`)
})
