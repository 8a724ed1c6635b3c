import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBase64, encodeBase64 } from './base64.ts'

test('bytes of every length up to 70 are written as Node writes them and read back', () => {
  for (let length = 0; length <= 70; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 97 + length * 31) & 0xff)

    const text = encodeBase64(bytes)

    assert.equal(text, Buffer.from(bytes).toString('base64'))
    assert.deepEqual(decodeBase64(text), bytes)
  }
})

for (const [text, why] of [
  ['AA', 'padding is missing'],
  ['AA=', 'padding is too short'],
  ['AAAA=', 'padding is needless'],
  ['AAAA====', 'padding is needless'],
  ['A===', 'one digit is not a byte'],
  ['====', 'there is only padding'],
  ['=AAA', 'padding is in front'],
  ['AA==AAAA', 'padding is inside'],
  ['AB==', 'a bit after the last byte is set'],
  ['AAB=', 'a bit after the last byte is set'],
  ['//-A', 'it uses the URL alphabet'],
  ['AA A', 'it has a space'],
  ['AAA\n', 'it has a newline'],
  ['AAAA\n', 'it ends with a newline'],
  ['ÀAAA', 'it is not ASCII'],
] as const) {
  test(`base64 is refused when ${why}: ${JSON.stringify(text)}`, () => {
    assert.equal(decodeBase64(text), null)
  })
}

test('each two-digit ending has exactly one canonical form', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const read = (padding: string) => (sign: string) => decodeBase64(`AA${sign}${padding}`) !== null

  assert.equal(Array.from(alphabet).filter(read('=')).length, 16)
  assert.equal(Array.from(alphabet).filter((s) => decodeBase64(`A${s}==`) !== null).length, 4)
})
