import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hidden, NumberText, UNKNOWN } from './value.ts'
import { decodeValue, encodeValue } from './value-codec.ts'

test('hidden, undecided and long values are tags on the wire', () => {
  const value = {
    a: new Hidden('abc', 'detection'),
    b: UNKNOWN,
    c: [new NumberText('1.50')],
    $d: 1,
  }

  assert.deepEqual(encodeValue(value), {
    a: { $hidden: 'abc', by: 'detection' },
    b: { $unknown: true },
    c: [{ $number: '1.50' }],
    $$d: 1,
  })
})

test('a tag that is never written is a problem', () => {
  const strange = [
    { $hidden: 'x' },
    { $hidden: 'x', by: 'me' },
    { $hidden: 'x', by: 'tool', more: 1 },
    { $unknown: false },
    { $number: '1' },
    { $number: '1.0 ' },
    { $other: 1 },
    { $unknown: true, a: 1 },
  ]
  for (const json of strange) {
    const keys = Object.keys(json).map((key) => JSON.stringify(key))

    const message = `an object with the keys ${keys.join(', ')}`
    assert.deepEqual(decodeValue(json), { ok: false, message })
  }
})
