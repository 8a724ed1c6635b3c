import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalText, canonicalValue, NotCanonical } from './canonical.ts'
import { Hidden, NumberText, UNKNOWN } from './value.ts'

test('keys stand in the order of their UTF-16 code units', () => {
  // The example of RFC 8785, section 3.2.3.
  const document = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\u{1f600}': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }

  const keys = [...canonicalText(document).matchAll(/"([^"]*)":"/g)].map((match) => match[1])

  assert.deepEqual(keys, ['\\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33'])
})

test('integer-like keys are sorted as texts, not as numbers', () => {
  assert.equal(
    canonicalText({ '9': 0, '10': 0, a: { '2': 1, '11': 2 } }),
    '{"10":0,"9":0,"a":{"11":2,"2":1}}',
  )
})

test('numbers are printed as ECMAScript prints them', () => {
  // Values of RFC 8785, appendix B.
  const numbers = [-0, 5e-324, -1.7976931348623157e308, 9007199254740992, 295147905179352830000]

  const text = canonicalText(numbers)

  const printed = '[0,5e-324,-1.7976931348623157e+308,9007199254740992,295147905179352830000]'
  assert.equal(text, printed)
  assert.equal(canonicalText([333333333.3333333, 1e-27, 4.5]), '[333333333.3333333,1e-27,4.5]')
})

test('a number that keeps its text is printed as that text', () => {
  const wide = new NumberText('9007199254740993')

  assert.equal(canonicalValue({ b: wide, a: 1 }), '{"a":1,"b":9007199254740993}')
})

test('a document is printed with its keys as they are, a value with its tags protected', () => {
  const real = { $hidden: 'x', by: 'tool' }

  assert.equal(canonicalText(real), '{"$hidden":"x","by":"tool"}')
  assert.equal(canonicalValue(real), '{"$$hidden":"x","by":"tool"}')
  assert.equal(canonicalValue(new Hidden('x', 'tool')), '{"$hidden":"x","by":"tool"}')
  assert.equal(canonicalValue([UNKNOWN]), '[{"$unknown":true}]')
})

test('half a surrogate pair has no canonical text, in values and in keys', () => {
  const message = 'half a surrogate pair has no canonical text'

  assert.throws(() => canonicalText(['\ud800']), new NotCanonical(message))
  assert.throws(() => canonicalText({ 'a\udc00': 1 }), new NotCanonical(message))
  assert.equal(canonicalText(['\ud83d\ude00', '\\ud800']), '["😀","\\\\ud800"]')
})

test('a number that is not finite has no canonical text', () => {
  const message = 'a number that is not finite has no canonical text'

  assert.throws(() => canonicalValue({ a: Number.POSITIVE_INFINITY }), new NotCanonical(message))
  assert.throws(() => canonicalValue([Number.NaN]), new NotCanonical(message))
})

test('keys that are out of order are sorted at every level', () => {
  assert.equal(canonicalText({ b: 1, a: [{ d: 1, c: 2 }] }), '{"a":[{"c":2,"d":1}],"b":1}')
})
