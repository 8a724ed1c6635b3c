import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTellingText, KnownTexts, knownTextsOf } from './known-texts.ts'

function known(...texts: readonly string[]): KnownTexts {
  const all = new KnownTexts()
  for (const text of texts) all.add(text)
  return all
}

test('a text is known when it would not be found by chance', () => {
  const telling = [
    'hunter2-x',
    'p4ssw0rd',
    'correct horse',
    'abcdefghijklmnop',
    'пароль-1',
    'é1é1é1é1',
  ]
  const common = [
    ...['', 'admin', 'true', 'production', 'productions', '12345678', 'short-1', '--------'],
    ...['10.0.0.0/8', '192.168.100.200', '0.0.0.0/0', '2001:db8::/32', '::ffff:0:0/96'],
  ]

  assert.deepEqual(
    [...telling, ...common].filter((text) => isTellingText(text)),
    telling,
  )
})

test('a known text is found wherever it stands, and as JSON spells it', () => {
  const texts = known('s3cret-one', 'with "quotes" 1')

  assert.deepEqual(texts.find('s3cret-one'), [{ start: 0, end: 10 }])
  assert.deepEqual(texts.find('a s3cret-ones3cret-one'), [
    { start: 2, end: 12 },
    { start: 12, end: 22 },
  ])
  assert.deepEqual(texts.find(JSON.stringify({ a: 'with "quotes" 1' })), [{ start: 6, end: 23 }])
  assert.deepEqual(texts.find('s3cret-on'), [])
  assert.equal(texts.has('xx s3cret-one'), true)
  assert.equal(texts.has('s3cret-on, s3cret-tw'), false)
})

test('of two that begin alike the longer is hidden, and overlapping ones both', () => {
  const texts = known('token-12', 'token-1234', '1234-tail')

  assert.deepEqual(texts.find('token-1234-tail'), [
    { start: 0, end: 10 },
    { start: 6, end: 15 },
  ])
})

test('what is searched does not cost more with every text that is known', () => {
  const many = known(...Array.from({ length: 20_000 }, (_, at) => `secret-${at}-text`))
  const text = 'an ordinary text, of which nothing is secret. '.repeat(20_000)

  const started = performance.now()
  assert.equal(many.has(text), false)
  assert.ok(performance.now() - started < 1_000)
})

test('long texts that begin alike cost no more than a constant for each character', () => {
  const alike = known(...Array.from({ length: 100 }, (_, at) => `${'a'.repeat(at + 9_000)}b`))
  const text = 'a'.repeat(20_000)

  const started = performance.now()
  const ranges = alike.find(text)
  assert.ok(performance.now() - started < 1_000)
  // The comparisons run out, and from there on everything is hidden.
  assert.deepEqual(
    ranges.map(({ end }) => end),
    [text.length],
  )
})

test('a secret behind the place where comparisons run out stays hidden', () => {
  const alike = known(
    'other-secret-1',
    ...Array.from({ length: 100 }, (_, at) => `${'a'.repeat(at + 9_000)}b`),
  )
  const text = `shown ${'a'.repeat(20_000)} other-secret-1 tail`
  const [first, ...more] = alike.find(text)

  assert.deepEqual(more, [])
  assert.equal(first?.end, text.length)
})

test('a text among many that begin alike is found exactly', () => {
  const hosts = Array.from({ length: 200 }, (_, at) => `postgres://${'h'.repeat(at)}.example`)
  const alike = known(...hosts)
  const text = `from postgres://other to ${hosts[50]} and on`

  assert.deepEqual(alike.find(text), [{ start: 25, end: 25 + (hosts[50]?.length ?? 0) }])
})

test('a long text of colons is no address, and telling so takes no time', () => {
  const started = performance.now()
  assert.equal(isTellingText(`${':'.repeat(5_000)}z`), true)
  assert.ok(performance.now() - started < 1_000)
})

test('only what sensitive variables hold is known, at any depth', () => {
  const texts = knownTextsOf([
    { name: 'a', sensitive: true, value: { list: [{ deep: 'deep-text-1' }], number: 12345678 } },
    { name: 'b', sensitive: false, value: 'shown-text-1' },
  ])

  assert.equal(texts.has('deep-text-1'), true)
  assert.equal(texts.has('shown-text-1'), false)
  assert.equal(knownTextsOf([{ name: 'b', sensitive: false, value: 'x' }]).isEmpty, true)
})

test('of very many texts that begin alike nothing is left, and the work stays small', () => {
  const texts = new KnownTexts()
  for (let length = 9; length < 3_000; length += 1) texts.add(`${'a'.repeat(length - 1)}b`)

  assert.deepEqual(texts.find(`x ${'a'.repeat(50_000)} y`), [{ start: 2, end: 50_004 }])
  assert.deepEqual(texts.find('x aaaaaaa y'), [])
})
