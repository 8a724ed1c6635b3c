import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownJson } from './json-text.ts'

test('what does not show is written as an escape, and the document stays the same', () => {
  const document = { a: '\u202e\u200b\u009b\u007f\u{e0041}\u2028', b: ['Grüße 世界 😀'] }
  const text = shownJson(JSON.stringify(document, null, 2))

  assert.deepEqual(JSON.parse(text), document)
  assert.equal(
    text,
    '{\n  "a": "\\u202e\\u200b\\u009b\\u007f\\udb40\\udc41\\u2028",\n  "b": [\n    "Grüße 世界 😀"\n  ]\n}',
  )
})

test('ordinary text goes through as it is', () => {
  assert.equal(shownJson('{"a":"b \\u001b"}\n'), '{"a":"b \\u001b"}\n')
})
