import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8, utf16 } from '../../../test/fixtures/json-bytes.ts'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { openJson, readJson } from './json.ts'
import { NumberText } from './value.ts'

function read(text: string) {
  return readJson(utf8(text), primitives)
}

function problem(message: string, place: { line?: number; column: number; path?: string }) {
  return { ok: false, problem: { message, line: 1, path: '', ...place } }
}

test('a document reads as JSON.parse reads it', () => {
  const text = '{"a":[1,-2.5,true,false,null,"\\u0041\\n\\ud83d\\ude00é😀"],"b":{"":{}},"c":[]}'

  assert.deepEqual(read(text), { ok: true, value: JSON.parse(text) })
})

test('a number that a double would not print back keeps its text', () => {
  const texts = ['9007199254740993', '1.0', '1e5', '-0', '1E400', '0.1', '12', '-3.25']

  const result = read(`{"numbers":[${texts.join(',')}]}`)

  const kept = texts.slice(0, 5).map((text) => new NumberText(text))
  assert.deepEqual(result, { ok: true, value: { numbers: [...kept, 0.1, 12, -3.25] } })
})

test('no text of a document can be taken for a number', () => {
  const result = read('["\u{10000}1", "1.0", {"$number":"1.0"}, 1.0]')

  const value = ['\u{10000}1', '1.0', { $number: '1.0' }, new NumberText('1.0')]
  assert.deepEqual(result, { ok: true, value })
})

test('a byte order mark is stripped, and UTF-16 is decoded by its mark', () => {
  const text = '{"name":"Grüße 😀"}'
  const expected = { ok: true, value: { name: 'Grüße 😀' } }

  assert.deepEqual(readJson(utf8(`\ufeff${text}`), primitives), expected)
  assert.deepEqual(readJson(utf16(text, 'little'), primitives), expected)
  assert.deepEqual(readJson(utf16(text, 'big'), primitives), expected)
})

test('broken UTF-16 is refused and its place is told', () => {
  const half = readJson(utf16('{"a":\n"\ud800"}', 'little'), primitives)
  const odd = readJson(utf16('{"a":1}', 'big').subarray(0, -1), primitives)

  const message = 'half a surrogate pair in UTF-16 text'
  assert.deepEqual(half, problem(message, { line: 2, column: 2 }))
  assert.deepEqual(odd, problem('it ends in the middle of a UTF-16 character', { column: 7 }))
})

test('bytes that are not valid UTF-8 are refused', () => {
  const invalid = [
    [0xff],
    [0xc0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xc3],
  ]
  for (const bytes of invalid) {
    const document = new Uint8Array([...utf8('{"a":"'), ...bytes, ...utf8('"}')])

    const result = readJson(document, primitives)

    const message = `byte ${bytes[0]} is not valid UTF-8`
    assert.deepEqual(result, problem(message, { column: 7, path: '/a' }), String(bytes))
  }
})

test('a key that appears twice is refused, however it is spelled', () => {
  const message = 'the key "ab" appears twice'
  const many = Array.from({ length: 40 }, (_, index) => `"k${99 - index}":0`).join(',')

  assert.deepEqual(read('{"ab":1,"ab":1}'), problem(message, { column: 9, path: '/ab' }))
  assert.deepEqual(read('{"b":0,"ab":1,"ab":1}'), problem(message, { column: 15, path: '/ab' }))
  assert.deepEqual(read('{"ab":1,"\\u0061b":1}'), problem(message, { column: 9, path: '/ab' }))
  assert.deepEqual(read('{"\\u0061b":1,"ab":1}'), problem(message, { column: 14, path: '/ab' }))
  const column = 10 + many.length
  assert.deepEqual(read(`{"ab":0,${many},"ab":1}`), problem(message, { column, path: '/ab' }))
})

test('equal keys in different objects are no duplicates', () => {
  const text = '{"a":{"a":1,"b":2},"b":{"a":1},"c":[{"a":1},{"a":1}]}'

  assert.deepEqual(read(text), { ok: true, value: JSON.parse(text) })
})

test('the key __proto__ is refused, however it is spelled', () => {
  const message = 'the key "__proto__" is not accepted'

  assert.deepEqual(read('{"__proto__":1}'), problem(message, { column: 2 }))
  assert.deepEqual(read('{"\\u005f_proto__":1}'), problem(message, { column: 2 }))
  assert.equal(read('{"__protos_":1}').ok, true)
})

test('half a surrogate pair is refused, a whole one is read', () => {
  const message = 'half a surrogate pair in a string'

  assert.deepEqual(read('["\\ud800"]'), problem(message, { column: 3, path: '/0' }))
  assert.deepEqual(read('["\\udc00"]'), problem(message, { column: 3, path: '/0' }))
  assert.deepEqual(read('["\\ud800\\ud800"]'), problem(message, { column: 3, path: '/0' }))
  assert.deepEqual(read('["\\ud83d\\ude00"]'), { ok: true, value: ['😀'] })
})

test('256 levels are read and 257 are refused', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

  assert.equal(read(deep(256)).ok, true)
  const path = '/0'.repeat(256)
  const message = 'it nests deeper than 256 levels'
  assert.deepEqual(read(deep(257)), problem(message, { column: 257, path }))
})

test('a problem names line, column and path', () => {
  const text = '{\n  "é": [\n    {"x/y~z": ü1}\n  ]\n}'

  const message = 'byte 195 where a value is expected'
  const path = '/é/0/x~1y~0z'
  assert.deepEqual(read(text), problem(message, { line: 3, column: 15, path }))
})

test('what is missing or too much is said', () => {
  assert.deepEqual(read(''), problem('it ends where a value is expected', { column: 1 }))
  assert.deepEqual(read('{"a":1} x'), problem('there is more after its end', { column: 9 }))
  assert.deepEqual(
    read('{"a":[1,2'),
    problem('it ends where a comma or a closing bracket is expected', { column: 10, path: '/a' }),
  )
  assert.deepEqual(
    read('{"a":"xy'),
    problem('it ends in the middle of a string', { column: 9, path: '/a' }),
  )
  assert.deepEqual(
    read('{"a":1,}'),
    problem('"}" where a key in quotes is expected', { column: 8 }),
  )
  assert.deepEqual(
    read('[01]'),
    problem('"1" where a comma or a closing bracket is expected', { column: 3 }),
  )
})

test('elements of a top-level member are read one by one', () => {
  const bytes = utf8('{"list": [ {"a":1.0} , [2] ], "other": {"b": [3]}}')

  const opened = openJson(bytes, primitives)

  assert.ok(opened.ok)
  const { members, read: readSpan } = opened.document
  const elements = members?.get('list')?.elements ?? []
  assert.deepEqual(elements.map(readSpan), [{ a: new NumberText('1.0') }, [2]])
  assert.equal(members?.get('other')?.elements, null)
})
