import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { deriveChangeKey, deriveKey, hmacSha256, keyedHide, offlineHide } from './hiders.ts'
import { hex } from './primitives.ts'
import { Hidden, NumberText, type Value } from './value.ts'

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}

const key = new Uint8Array(32).fill(7)

function token(value: Value, place: { address?: string; path?: string } = {}): string {
  const hide = keyedHide(key, primitives)
  return hide({ address: 'a.b', path: '/c', value, by: 'tool', ...place }).token
}

test('HMAC-SHA256 gives the vectors of RFC 4231', () => {
  const ascii = (text: string): Uint8Array => primitives.utf8(text)
  const cases: readonly (readonly [Uint8Array, Uint8Array, string])[] = [
    [
      bytes('0b'.repeat(20)),
      ascii('Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      ascii('Jefe'),
      ascii('what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      bytes('aa'.repeat(20)),
      bytes('dd'.repeat(50)),
      '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    ],
    [
      bytes('aa'.repeat(131)),
      ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ]
  for (const [secret, data, expected] of cases) {
    assert.equal(hex(hmacSha256(secret, data, primitives)), expected)
  }
})

test('HMAC-SHA256 agrees with the platform on keys of every length around a block', () => {
  for (const length of [0, 1, 63, 64, 65, 200]) {
    const secret = new Uint8Array(length).fill(length)

    const expected = createHmac('sha256', secret).update('text').digest('hex')

    assert.equal(hex(hmacSha256(secret, primitives.utf8('text'), primitives)), expected)
  }
})

test('HKDF-SHA256 gives the vectors of RFC 5869', () => {
  const first = deriveKey(
    {
      secret: bytes('0b'.repeat(22)),
      salt: bytes('000102030405060708090a0b0c'),
      info: bytes('f0f1f2f3f4f5f6f7f8f9'),
      lengthBytes: 42,
    },
    primitives,
  )
  const third = deriveKey(
    { secret: bytes('0b'.repeat(22)), salt: bytes(''), info: bytes(''), lengthBytes: 42 },
    primitives,
  )

  assert.equal(
    hex(first),
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  )
  assert.equal(
    hex(third),
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  )
})

test('each change has its own key', () => {
  const secret = new Uint8Array(32).fill(1)

  const one = hex(deriveChangeKey(secret, 'chg_0000000000000001', primitives))
  const two = hex(deriveChangeKey(secret, 'chg_0000000000000002', primitives))

  assert.equal(one.length, 64)
  assert.notEqual(one, two)
})

test('the same value at the same place is hidden equally, anything else differently', () => {
  const tokens = [
    token('1'),
    token(1),
    token(new NumberText('1.0')),
    token(true),
    token(null),
    token(['1']),
    token({ '0': '1' }),
    token('1', { address: 'a.c' }),
    token('1', { path: '/d' }),
    token('1', { address: 'a.b/', path: 'c' }),
    token('c"1"', { path: '/' }),
  ]

  assert.equal(token('1'), tokens[0])
  assert.equal(new Set(tokens).size, tokens.length)
  for (const each of tokens) assert.match(each, /^[0-9a-f]{64}$/)
})

test('the key decides the token, and without a key there is one constant', () => {
  const other = keyedHide(new Uint8Array(32).fill(8), primitives)
  const place = { address: 'a.b', path: '/c', value: '1', by: 'tool' as const }

  assert.notEqual(other(place).token, token('1'))
  assert.deepEqual(offlineHide(place), new Hidden('(sensitive)', 'tool'))
})

test('a token is the HMAC over length-prefixed address, path, type and canonical value', () => {
  const parts = ['holdpoint-hide-v1', 'a.b', '/c', 'number', '1.0']
  const message = Buffer.concat(
    parts.map((part) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(part.length)
      return Buffer.concat([length, Buffer.from(part)])
    }),
  )

  const expected = createHmac('sha256', key).update(message).digest('hex')

  assert.equal(token(new NumberText('1.0')), expected)
})
