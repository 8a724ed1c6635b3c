import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cidrContains } from './cidr.ts'
import { compareNumbers, Decimal, readNumber } from './decimal.ts'
import { CannotEvaluate } from './error.ts'
import { matchesGlob } from './glob.ts'
import { readJsonText } from './json.ts'
import { readPath } from './path.ts'
import { calendarField, isZone } from './time.ts'

test('a number is an integer, a double without loss, or keeps all its digits', () => {
  assert.equal(readNumber('11'), 11n)
  assert.equal(readNumber('-0'), 0n)
  assert.equal(readNumber('1.50e3'), 1500n)
  assert.equal(readNumber('123456789012345678901234567890'), 123456789012345678901234567890n)
  assert.equal(readNumber('0.10'), 0.1)
  assert.ok(readNumber('0.1000000000000000000001') instanceof Decimal)
  assert.ok(readNumber('1e999999999') instanceof Decimal)
  assert.equal(readNumber('1e'), null)
  assert.equal(readNumber('NaN'), null)
})

test('numbers of every kind have one exact order', () => {
  const ascending = ['-1e999', '-2', '-1.00000000000000000001', '-1', '0', '1e-999', '0.1', '1']
    .concat(['1.00000000000000000001', '2', '9007199254740992', '9007199254740993', '1e999'])
    .map(readNumber)

  for (const [at, left] of ascending.entries())
    for (const [to, right] of ascending.entries())
      assert.equal(Math.sign(compareNumbers(left, right) ?? Number.NaN), Math.sign(at - to))
  assert.equal(compareNumbers(Number.NaN, 1n), null)
  assert.equal(compareNumbers('1', 1n), null)
})

test('what is no address range is an error and never outside one', () => {
  assert.equal(cidrContains('0.0.0.0/0', '255.1.2.3'), true)
  assert.equal(cidrContains('10.0.0.0/8', '11.0.0.0/8'), false)
  assert.equal(cidrContains('2001:db8::/32', '2001:db8:ffff::1'), true)
  assert.equal(cidrContains('::ffff:0:0/96', '::ffff:10.0.0.1'), true)
  for (const bad of [
    '10.0.0/8',
    '10.0.0.0/33',
    '010.0.0.0/8',
    '256.0.0.0',
    '1::2::3',
    ':::',
    'a',
    '',
  ])
    assert.throws(
      () => cidrContains('0.0.0.0/0', bad),
      new CannotEvaluate('reads a text as an address range that is none'),
      bad,
    )
})

test('JSON that two readers might read differently is no JSON', () => {
  assert.deepEqual(
    readJsonText(' {"a":[1,2.5,"x\\u0041",null,true]} '),
    new Map([['a', [1n, 2.5, 'xA', null, true]]]),
  )
  for (const bad of ['{"a":1,"a":2}', '[1,]', '01', '{"a"}', '"\u0001"', '"a', '', '1 2', 'NaN'])
    assert.throws(
      () => readJsonText(bad),
      new CannotEvaluate('reads a text as JSON that is not JSON'),
      bad,
    )
  assert.throws(() => readJsonText('['.repeat(100_000)), CannotEvaluate)
})

test('a glob matches whole texts, and a hostile one ends soon', () => {
  assert.equal(matchesGlob('prod-eu', 'prod-*'), true)
  assert.equal(matchesGlob('prod-eu', 'prod'), false)
  assert.equal(matchesGlob('prod', 'p?o?'), true)
  assert.equal(matchesGlob('', '*'), true)
  assert.equal(matchesGlob('a.b', 'a?b'), true)
  assert.equal(matchesGlob('a'.repeat(5_000), `${'*a'.repeat(500)}*b`), false)
})

test('a path names keys, places and all of them, and dots inside names', () => {
  assert.deepEqual(readPath('ingress.0.cidr_blocks'), ['ingress', '0', 'cidr_blocks'])
  assert.deepEqual(readPath('a.*'), ['a', null])
  assert.deepEqual(readPath('tags.app\\.io/name.\\*'), ['tags', 'app.io/name', '*'])
  for (const bad of ['', '.', 'a.', '.a', 'a..b', 'a\\']) assert.equal(readPath(bad), null, bad)
})

test('a calendar field needs a zone that exists', () => {
  assert.equal(isZone('Europe/Berlin') && isZone('UTC') && isZone('-03:30'), true)
  assert.equal(isZone('Europe/Atlantis') || isZone('') || isZone('+1'), false)
  const before = Date.UTC(1969, 11, 31, 23, 59, 59) + 250
  assert.equal(calendarField('getMilliseconds', { at: before, zone: 'Asia/Tokyo' }), 250n)
  assert.equal(calendarField('getFullYear', { at: before, zone: 'Asia/Tokyo' }), 1970n)
  assert.equal(calendarField('getDayOfYear', { at: before, zone: 'Asia/Tokyo' }), 0n)
})
