import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonInText } from './json-in-text.ts'

test('objects and lists in a text are data', () => {
  assert.deepEqual(jsonInText(' {"a": [1, "x y"]}\n'), { a: [1, 'x y'] })
  assert.deepEqual(jsonInText('{"a":"\\u003cb\\u003e \\u0026"}'), { a: '<b> &' })
  assert.deepEqual(jsonInText('{"a":"\\\\u003c"}'), { a: '\\u003c' })
})

test('a text that says more than its data is no data', () => {
  const texts = [
    '',
    'x',
    '"x"',
    '1',
    '{',
    '{"a":1,"a":2}',
    '{"a":9007199254740993}',
    '{"a":1.0}',
    '{"b":{"a":1,"a":1}}',
    '{"10":1,"9":1}',
  ]
  for (const text of texts) assert.equal(jsonInText(text), null, text)
})
