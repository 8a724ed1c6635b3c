/** Which changes the compiled scan tells by their own text, and what it digests of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalText, OUTLINED } from '@holdpoint/core'
import fc from 'fast-check'
import { utf8 } from '../../../test/fixtures/json-bytes.ts'
import { OutlineParts } from '../../../test/fixtures/outline-parts.ts'
import { openJson } from '../../core/src/json.ts'
import { hasTrue } from '../../core/src/plans/unknown-values.ts'
import { field, isList, isMap, type Value } from '../../core/src/value.ts'
import { compiledScan } from './compiled-scan.ts'
import { nodePrimitives, roomFor, scanPrimitives } from './node.ts'

const SEED = Number(process.env['SEED'] ?? 20_261_201)

function inRoom(bytes: Uint8Array): Uint8Array {
  const room = roomFor(bytes.length)
  room.set(bytes)
  return room
}

function outlineOf(element: string): OutlineParts {
  const scan = compiledScan(inRoom(utf8(`{"list":[${element}]}`)), scanPrimitives)
  const [first] = scan?.members?.get('list')?.elements ?? []
  assert.ok(scan?.outlines && first !== undefined && first.outline !== null, element)
  return new OutlineParts(scan.outlines, { ...first, outline: first.outline }, element)
}

const keys = fc.constantFrom('a', 'a!', 'ab', 'abc', 'b', 'seventeen_letters_', 'é')
const marks = fc.letrec((tie) => ({
  mark: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(true, true, false, null, 'true', 0),
    fc.array(tie('mark'), { maxLength: 3 }),
    fc.dictionary(keys, tie('mark'), { maxKeys: 4 }),
  ),
})).mark
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(1, -1.5, 'text', 'tr{u}e,', '', null, false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  ),
})).value

interface Pair {
  readonly value: unknown
  readonly mask: unknown
}

/** Most leave out what is marked; some do not, and some are of other shapes. */
const pairs = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: 'small' },
    fc.record({ value: values, mask: fc.constantFrom(false, null, {}, []) }),
    { arbitrary: fc.record({ value: values, mask: marks }), weight: 1 },
    fc.array(tie('pair'), { maxLength: 3 }).map((list) => ({
      value: list.map(({ value }) => value),
      mask: list.map(({ mask }) => mask),
    })),
    {
      arbitrary: fc
        .dictionary(keys, fc.option(tie('pair')), { maxKeys: 4 })
        .map((map) => ({ value: membersOf(map, 'value'), mask: membersOf(map, 'mask') })),
      weight: 4,
    },
  ),
})).pair

/** Of a key without a pair nothing is written, and the mask says so. */
function membersOf(map: { readonly [key: string]: Pair | null }, side: keyof Pair): unknown {
  const entries = Object.entries(map).flatMap(([key, pair]) => {
    if (pair !== null) return [[key, pair[side]]]
    return side === 'mask' ? [[key, true]] : []
  })
  return Object.fromEntries(entries)
}

/** Each part of the mask is looked at; what is of another shape and marked is not left out. */
function isLeftOut(value: Value | undefined, mask: Value): boolean {
  if (value !== undefined && isMap(mask) && isMap(value)) {
    return Object.entries(mask).every(([key, mark]) => {
      return mark === true ? !Object.hasOwn(value, key) : isLeftOut(field(value, key), mark)
    })
  }
  if (value !== undefined && isList(mask) && isList(value)) {
    return mask.every((mark, index) => isLeftOut(value[index], mark))
  }
  return !hasTrue(mask)
}

const HEAD = '"address":"a.b","mode":"managed","type":"a","name":"b","provider_name":"p"'

function isTold(change: string, head = HEAD): boolean {
  return outlineOf(`{${head},"change":{"actions":["update"]${change}}}`).isTold()
}

test('what a value leaves out of its mask is seen in the texts as in the values', () => {
  const counts = { out: 0, not: 0 }
  const property = fc.property(pairs, (pair) => {
    const [after, mask] = [canonicalText(pair.value as never), canonicalText(pair.mask as never)]
    const expected = isLeftOut(JSON.parse(after), JSON.parse(mask))

    assert.equal(isTold(`,"after":${after},"after_unknown":${mask}`), expected, `${after} ${mask}`)

    if (mask.includes('true')) counts[expected ? 'out' : 'not'] += 1
  })
  fc.assert(property, { numRuns: 4_000, seed: SEED })
  assert.ok(counts.out > 500 && counts.not > 500, JSON.stringify(counts))
})

test('a change is told by its own text only where nothing in it is odd', () => {
  const told = [
    '',
    ',"before":{"a":1},"after":null,"after_unknown":{},"before_sensitive":false',
    ',"after_sensitive":{"a":[{"b":false}],"c":null},"replace_paths":[["a"]]',
    ',"after_unknown":{"true":false},"replace_paths":null',
  ]
  const not = [
    ',"before":{"a": 1}',
    ',"after":{"password":"x"}',
    ',"importing":{"id":"i"}',
    ',"before_sensitive":{"a":true}',
    ',"after_sensitive":["x"]',
    ',"after_sensitive":{"a":1}',
    ',"after_unknown":{"a":true}',
    ',"replace_paths":{}',
  ]
  for (const change of told) assert.ok(isTold(change), change)
  for (const change of not) assert.equal(isTold(change), false, change)
  for (const address of ['""', 'null', '7', '{}']) {
    assert.equal(isTold('', HEAD.replace('"a.b"', address)), false, address)
  }
  for (const mode of ['"manage"', '"other"', 'null']) {
    assert.equal(isTold('', HEAD.replace('"managed"', mode)), false, mode)
  }
  assert.equal(isTold('', HEAD.replace('"mode":"managed",', '')), false)
  for (const head of ['"type":"a"', '"name":"b"', '"provider_name":"p"']) {
    const name = head.split(':')[0]
    assert.ok(isTold('', HEAD.replace(head, `${name}:null`)), head)
    assert.equal(isTold('', HEAD.replace(head, `${name}:7`)), false, head)
  }
  for (const actions of ['[]', 'null', '["updat"]', '["update","x"]', '"update"']) {
    const element = `{${HEAD},"change":{"actions":${actions}}}`
    assert.equal(outlineOf(element).isTold(), false, actions)
  }
  assert.equal(outlineOf(`{${HEAD},"change":{"after":1}}`).isTold(), false)
  assert.equal(outlineOf(`{${HEAD},"change":[]}`).isTold(), false)
})

test('a text that is too long for its place is not told, and spoils nothing', () => {
  const rest = canonicalText({ ...PLAIN_REST, after: '' } as never).length - 2
  const room = 0xc000
  const lengths: number[] = []
  for (const length of [room - 1, room, room + 1, room + 40_000]) {
    const numbers = '1,'.repeat(Math.floor((length - rest - 3) / 2))
    const filler = '1'.repeat(1 + ((length - rest - 3) % 2))
    const after = `[${numbers}${filler}]`
    lengths.push(rest + after.length)
    const element = `{${HEAD},"change":{"actions":["update"],"after":${after}}}`
    const scan = compiledScan(inRoom(utf8(`{"a":1,"list":[${element},{}]}`)), scanPrimitives)
    assert.deepEqual([...(scan?.members?.keys() ?? [])], ['a', 'list'])
    assert.equal(scan?.outlines?.digests.length ?? 0, length <= room ? 1 : 0, String(length))
    assert.equal(outlineOf(element).isTold(), length <= room, String(length))
  }
  assert.deepEqual(lengths, [room - 1, room, room + 1, room + 40_000])
})

/** The fields that are digested of a change like HEAD, which has only its `after` besides. */
const PLAIN_REST = {
  action: 'update',
  actions: ['update'],
  afterSensitive: null,
  afterUnknown: null,
  before: null,
  beforeSensitive: null,
  extra: {},
  importing: null,
  mode: 'managed',
  module: '',
  name: 'b',
  previousAddress: null,
  provider: 'p',
  reason: null,
  replacePaths: [],
  type: 'a',
}

test('what is digested of a change is the canonical text of its fields', () => {
  const after = { a: [1, { b: 'é' }] }
  const element = `{${HEAD},"change":{"actions":["update"],"after":${canonicalText(after)}}}`
  const scan = compiledScan(utf8(`{"one":[{}],"list":[7,${element}]}`), scanPrimitives)

  assert.deepEqual(
    [...(scan?.outlines?.digests ?? [])],
    [undefined, undefined, scanPrimitives.digest(utf8(canonicalText({ ...PLAIN_REST, after })))],
  )
})

test('each of many changes is told with its own texts, in whatever order they are asked for', () => {
  const element = (list: string, at: number) =>
    `{"address":"${list}.b[${at}]","mode":"data","type":"${list}","change":{"actions":["read"]}}`
  const listOf = (list: string) =>
    Array.from({ length: 1_000 }, (_none, at) => element(list, at)).join(',')
  const document = utf8(`{"one":[${listOf('first')}],"two":[${listOf('second')}]}`)
  const opened = openJson(inRoom(document), nodePrimitives)
  assert.ok(opened.ok && document.length > 150_000)
  const told = (name: string) =>
    opened.document.members?.get(name)?.elements?.map((each) => {
      const written = opened.document.slice(each).told()?.written
      return [written?.[OUTLINED.address], written?.[OUTLINED.type]]
    })
  const expected = (list: string) =>
    Array.from({ length: 1_000 }, (_none, at) => [`"${list}.b[${at}]"`, `"${list}"`])

  assert.deepEqual(told('two'), expected('second'))
  assert.deepEqual(told('one'), expected('first'))
  assert.deepEqual(told('two'), expected('second'))
})
