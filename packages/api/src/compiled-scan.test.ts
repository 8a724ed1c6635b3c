/** The compiled scan says what core's own says, or nothing; and where an element's members lie. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JsonScanned, OUTLINED } from '@holdpoint/core'
import fc from 'fast-check'
import { utf8 } from '../../../test/fixtures/json-bytes.ts'
import { mutated, mutations } from '../../../test/fixtures/mutated.ts'
import { OutlineParts } from '../../../test/fixtures/outline-parts.ts'
import { recordedPlans } from '../../../test/fixtures/recorded-plans.ts'
import { canonicalValue } from '../../core/src/canonical.ts'
import { readJson } from '../../core/src/json.ts'
import type { Outlined } from '../../core/src/json-outline.ts'
import { type JsonScan, scanJson } from '../../core/src/json-scan.ts'
import { field, isMap, type Value, type ValueMap } from '../../core/src/value.ts'
import { compiledScan } from './compiled-scan.ts'
import { nodePrimitives, roomFor, scanPrimitives } from './node.ts'

const SEED = Number(process.env['SEED'] ?? 20_261_201)
const { text } = nodePrimitives

function inRoom(bytes: Uint8Array): Uint8Array {
  const room = roomFor(bytes.length)
  room.set(bytes)
  return room
}

/** Everything that both scans tell. */
function told({ outlines: _compiled, members, elements, ...scan }: JsonScanned) {
  const places = (list: JsonScanned['elements']) => list?.map(({ start, end }) => [start, end])
  const named = [...(members ?? [])].map(([name, member]) => {
    return [name, member.span, places(member.elements)]
  })
  return { ...scan, elements: places(elements), members: members === null ? null : named }
}

const MEMBERS = Object.entries(OUTLINED)
/** Those of an element come first, and `change` is the last of them. */
const IN_CHANGE = OUTLINED.change + 1
const outlined = { canonical: 0, odd: 0, all: 0, besides: 0 }

/** Fails where an outline is not that of the values, as they are read without it. */
function outlinesAgree(bytes: Uint8Array, { members, outlines }: JsonScanned): void {
  const lists = [...(members?.values() ?? [])].flatMap(({ elements }) => elements ?? [])
  for (const { start, end, outline } of lists) {
    const source = text(bytes.subarray(start, end))
    assert.ok(outlines !== null && outline !== null)
    if (source.length !== end - start) continue
    const parts = new OutlineParts(outlines, { start, outline }, source)
    const read = readJson(utf8(source), nodePrimitives)
    assert.ok(read.ok)
    if (isMap(read.value)) outlineAgrees(read.value, parts)
  }
}

function outlineAgrees(element: ValueMap, parts: OutlineParts): void {
  const change = field(element, 'change') ?? null
  const others = Object.entries(element).filter(([key]) => key !== 'change')
  const named = (from: number, to: number) => MEMBERS.slice(from, to).map(([name]) => name)
  const isAll =
    Object.keys(element).every((key) => named(0, IN_CHANGE).includes(key)) &&
    (!isMap(change) || Object.keys(change).every((key) => named(IN_CHANGE, 16).includes(key))) &&
    others.every(([, value]) => !isMap(value) || Object.keys(value).length === 0)
  assert.equal(parts.isAll(), isAll)
  outlined[isAll ? 'all' : 'besides'] += 1
  for (const [name, member] of MEMBERS) {
    const value = field(member < IN_CHANGE ? element : change, name)
    if (value === undefined) assert.equal(parts.texts()[member], '')
    else memberAgrees(value, parts, member)
  }
}

function memberAgrees(value: Value, parts: OutlineParts, member: Outlined): void {
  const source = parts.texts()[member] ?? ''
  const read = readJson(utf8(source), nodePrimitives)
  assert.ok(read.ok)
  assert.deepEqual(read.value, value)
  const isCanonical = parts.areCanonical(1 << member)
  if (isCanonical) assert.equal(source, canonicalValue(value))
  outlined[isCanonical ? 'canonical' : 'odd'] += 1
}

/** Fails where the compiled scan tells anything else; true where it tells anything. */
function agrees(bytes: Uint8Array): boolean {
  const own: JsonScan = scanJson(bytes, nodePrimitives)
  const copied = compiledScan(bytes, scanPrimitives)
  const there = compiledScan(inRoom(bytes), scanPrimitives)
  if (copied !== null || there !== null) {
    assert.ok(own.ok, `only the compiled scan accepts ${text(bytes)}`)
    assert.ok(copied !== null && there !== null)
    assert.deepEqual(told(copied), told(own))
    assert.deepEqual(told(there), told(own))
    assert.deepEqual(copied.outlines, there.outlines)
    outlinesAgree(bytes, there)
  }
  return there !== null
}

test('every recorded plan is told alike, and nearly all by the compiled scan', () => {
  const left = recordedPlans()
    .filter(({ file }) => !file.endsWith('.ndjson'))
    .filter(({ bytes }) => !agrees(bytes))
  assert.deepEqual(
    left.map(({ file }) => file),
    [],
  )
})

test('damage to recorded plans is told alike, whatever is damaged', () => {
  const plans = recordedPlans().filter(({ file, bytes }) => {
    return !file.endsWith('.ndjson') && bytes.length < 60_000
  })
  const documents = plans.map(({ bytes }) => {
    const value: unknown = JSON.parse(text(bytes))
    return value
  })
  let told = 0
  const property = fc.property(fc.nat(), mutations, fc.boolean(), (which, changes, indented) => {
    const value = mutated(documents[which % documents.length], changes)
    if (agrees(utf8(JSON.stringify(value, null, indented ? 1 : 0) ?? 'null'))) told += 1
  })
  fc.assert(property, { numRuns: 400, seed: SEED })
  assert.ok(told > 300, `only ${told} told by the compiled scan`)
  assert.ok(Math.min(...Object.values(outlined)) > 500, JSON.stringify(outlined))
})

test('damaged bytes are accepted by both or left to core’s scan', () => {
  const pieces = '{}[]:,"\\ \n\t0123456789.eE+-truefalsn$_\u00e9u\u{1f600}'
  const bases = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.constantFrom(
      '{"resource_changes":[{"address":"a.b","change":{"after":{"id":1.50,"k":"\\ud83d\\ude00"}}}]}',
      '[[{"a":{"b":"password"}}],{"c":[1e3,-0,123456789012345678]}]',
      '{"n":-0,"list":[{"$x":{"token":["\u00e9\u20ac\u{10ffff}"]}},true,false,null]}',
      '{"__prot":1,"_rev":2,"__proto_":{"x":[]}}',
    ),
  )
  let accepted = 0
  let left = 0
  const damaged = fc.tuple(bases, fc.nat(), fc.nat(), fc.nat(3))
  const property = fc.property(damaged, ([base, at, piece, mode]) => {
    const bytes = utf8(base)
    const where = at % (bytes.length + 1)
    const put = mode === 3 ? [piece % 256] : mode === 2 ? [] : utf8(pieces.charAt(piece % 60))
    const behind = bytes.subarray(where + (mode === 0 ? 0 : 1))
    if (agrees(Uint8Array.from([...bytes.subarray(0, where), ...put, ...behind]))) accepted += 1
    else left += 1
  })
  fc.assert(property, { numRuns: 6_000, seed: SEED })
  assert.ok(accepted > 1_000 && left > 1_000, `accepted ${accepted}, left ${left}`)
})

test('what core’s scan refuses or has to look at closer is left to it', () => {
  const left = [
    '',
    '{',
    '{"a":1}x',
    '{"a":1,"a":2}',
    '{"b":1,"a":2,"b":3}',
    '{"\\u0061":1}',
    '{"__proto__":1}',
    '"\\ud800"',
    '01',
    `${'['.repeat(257)}${']'.repeat(257)}`,
    `${'{"a":'.repeat(257)}0${'}'.repeat(257)}`,
    `{${Array.from({ length: 40 }, (_none, at) => `"${40 - at}":0`).join(',')}}`,
  ]
  for (const each of left)
    assert.equal(compiledScan(inRoom(utf8(each)), scanPrimitives), null, each)
  const deepest = `${'['.repeat(256)}${']'.repeat(256)}`
  const ordered = `{${Array.from({ length: 90 }, (_none, at) => `"k${at + 10}":0`).join(',')}}`
  const unordered = `{${Array.from({ length: 30 }, (_none, at) => `"k${90 - at}":0`).join(',')}}`
  for (const each of [deepest, ordered, unordered, ' [ ] ', '0', 'true']) {
    assert.ok(agrees(utf8(each)), each)
  }
})

test('each byte that UTF-8 and JSON forbid is left to core’s scan, and its neighbour is not', () => {
  const quoted = (...bytes: readonly number[]) => Uint8Array.from([0x22, ...bytes, 0x22])
  const forbidden = [
    [0x1f],
    [0x10],
    [0x80],
    [0xc1, 0xbf],
    [0xe0, 0x9f, 0xbf],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xc2, 0x41],
    [0xe2, 0x82, 0x41],
    [0xf0, 0x9f, 0x98, 0x41],
  ]
  const fine = [
    [0x20],
    [0x7f],
    [0xc2, 0x80],
    [0xdf, 0xbf],
    [0xe0, 0xa0, 0x80],
    [0xed, 0x9f, 0xbf],
    [0xee, 0x80, 0x80],
    [0xf0, 0x90, 0x80, 0x80],
    [0xf4, 0x8f, 0xbf, 0xbf],
  ]
  for (const bytes of forbidden) assert.equal(agrees(quoted(...bytes)), false, String(bytes))
  for (const bytes of fine) assert.equal(agrees(quoted(...bytes)), true, String(bytes))
})

test('what keeps a text from being canonical, or open, is told of what it stands in', () => {
  const random = 'x7Kq9ZpL2vB4nM8rT6wY1cD3fG5hJ0sA'
  const parts = {
    '{"$x":1}': [true, false, false],
    '{"b":1,"a":2}': [true, false, false],
    '{"a": 1}': [true, false, false],
    '"\\n"': [true, false, false],
    '{"ghp_abcdefgh":1}': [false, true, true],
    '{"password":"x"}': [false, true, true],
    '"ghp_abcdefgh"': [false, true, true],
    [`"${random}"`]: [false, false, true],
    [`["${random}"]`]: [false, true, true],
    '{"a":"plain"}': [false, false, false],
  }
  for (const [part, [isOdd, isCaught, isInner]] of Object.entries(parts)) {
    const own = outlineOf(`{"address":${part}}`)
    const after = outlineOf(`{"change":{"after":${part}}}`)
    const bit = 1 << OUTLINED.address
    const inner = (1 << OUTLINED.after) | (1 << OUTLINED.change)
    assert.deepEqual([!own.areCanonical(bit), !own.areOpen(bit)], [isOdd, isCaught], part)
    assert.deepEqual([!after.areCanonical(inner), !after.areOpen(inner)], [isOdd, isInner], part)
  }
})

function outlineOf(element: string): OutlineParts {
  const document = inRoom(utf8(`{"list":[${element}]}`))
  assert.ok(agrees(document), element)
  const scan = compiledScan(document, scanPrimitives)
  const [first] = scan?.members?.get('list')?.elements ?? []
  assert.ok(scan?.outlines && first !== undefined && first.outline !== null)
  return new OutlineParts(scan.outlines, { ...first, outline: first.outline }, element)
}

test('members are known by their whole names and by where they stand', () => {
  const known = ['"address":1', '"mode":1', '"change":{"actions":1}', '"change":{}', '"index":{}']
  const besides = ['"addres":1', '"addressed":1', '"mod":1', '"Mode":1', '"actions":[]', '"":1']
  const inside = ['"change":{"mode":1}', '"change":{"action":1}', '"index":{"after":1}']
  const elsewhere = ['"change":{"after":1},"index":{"after":1}', '"mode":{"after":1}']
  for (const each of known) assert.ok(outlineOf(`{${each}}`).isAll(), each)
  for (const each of [...besides, ...inside, ...elsewhere]) {
    assert.equal(outlineOf(`{${each}}`).isAll(), false, each)
  }
})

test('nothing of one element is told of another', () => {
  const first = '{"address":"a","else":1,"change":{"actions":[ ],"after":"password=x"}}'
  const elements = ['[{"after":1}]', '{"mode":"b"}', '7']
  const document = inRoom(utf8(`{"one":[${first},${elements.join(',')}],"two":[{}]}`))
  const scan = compiledScan(document, scanPrimitives)
  const lists = [...(scan?.members?.values() ?? [])].flatMap((each) => each.elements ?? [])
  const told = lists.map(({ start, outline }) => {
    assert.ok(scan?.outlines && outline !== null)
    const parts = new OutlineParts(scan.outlines, { start, outline }, text(document).slice(start))
    const bits = (1 << 16) - 1
    const texts = parts.texts().filter((each) => each !== '')
    return [texts.length, parts.areCanonical(bits), parts.areOpen(bits)]
  })

  assert.deepEqual(told, [
    [4, false, false],
    [0, true, true],
    [1, true, true],
    [0, true, true],
    [0, true, true],
  ])
})

test('of a list that is the document itself no members are told', () => {
  const scan = compiledScan(utf8('[[{"address":"a"}],{"address":"b"}]'), scanPrimitives)
  const told = scan?.elements?.map(({ start, outline }) => {
    assert.ok(scan.outlines && outline !== null)
    return new OutlineParts(scan.outlines, { start, outline }, '').isAll()
  })

  assert.deepEqual(told, [true, true])
  assert.deepEqual(
    [...(scan?.outlines?.words ?? [])].filter((word) => word !== 0),
    [1, 18, 19, 34],
  )
})

test('a large document that is in no room is left to core’s scan', () => {
  assert.equal(compiledScan(new Uint8Array((1 << 20) + 1).fill(0x20), scanPrimitives), null)
})

test('what is told in many parts is whole', () => {
  const member = (at: number) => `"k${String(at).padStart(5, '0')}"`
  const element = (at: number) => `{"address":"a.b[${at}]","change":{"after":{"n":${at}.50}}}`
  const many = Array.from({ length: 3_000 }, (_none, at) => element(at)).join(',')
  const members = Array.from({ length: 1_500 }, (_none, at) => `${member(at)}:[${at},{}]`)

  assert.ok(agrees(utf8(`{"list":[${many}]}`)))
  assert.ok(agrees(utf8(`[${many}]`)))
  assert.ok(agrees(utf8(`{${members.join(',')},"z":[${many}]}`)))
})

test('the document ends where it ends, whatever lies behind it', () => {
  const room = inRoom(utf8('[1,2]'))
  assert.equal(compiledScan(room.subarray(0, 4), scanPrimitives), null)
  assert.ok(compiledScan(inRoom(utf8('\ufeff[1]')).subarray(3), scanPrimitives)?.ok)
  // Of the one before, which was longer, nothing is left in the memory for copies.
  assert.ok(compiledScan(utf8('[1,2,3,4,5,6,7,8]'), scanPrimitives)?.ok)
  assert.equal(compiledScan(utf8('[1,2,3'), scanPrimitives), null)
  assert.equal(compiledScan(utf8('12'), scanPrimitives)?.root.end, 2)
})
