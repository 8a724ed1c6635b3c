import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeLines, safeText } from './safe-text.ts'

test('characters that do not show become escapes', () => {
  const table: readonly (readonly [string, string])[] = [
    ['\u001b[2K\rgone', '\\u{001B}[2K\\rgone'],
    ['a\u202eb\u2066c\u200f', 'a\\u{202E}b\\u{2066}c\\u{200F}'],
    ['a\u200bb\u200dc\ufeff\u00ad\u2060', 'a\\u{200B}b\\u{200D}c\\u{FEFF}\\u{00AD}\\u{2060}'],
    ['a\nb\tc\u0000\u007f\u0085', 'a\\nb\\tc\\u{0000}\\u{007F}\\u{0085}'],
    ['\u2028\u2029\u3164\u{e0041}\ufe0f', '\\u{2028}\\u{2029}\\u{3164}\\u{E0041}\\u{FE0F}'],
    ['a\u00a0b\u3000c\u2800', 'a\\u{00A0}b\\u{3000}c\\u{2800}'],
    ['\ud800', '\\u{D800}'],
  ]
  for (const [text, shown] of table) {
    assert.deepEqual(safeText(text), { text: shown, escaped: true, cutFrom: null })
  }
})

test('ordinary text of any script stays as it is', () => {
  for (const text of ['', 'a b', 'Grüße 世界 😀 שלום', '<b>|`*_', '\\u{202E}']) {
    assert.deepEqual(safeText(text), { text, escaped: false, cutFrom: null })
  }
})

test('a long line is cut with its length said, never inside a character', () => {
  assert.deepEqual(safeText('abcdef', 4), {
    text: 'abcd… (6 characters)',
    escaped: false,
    cutFrom: 6,
  })
  assert.deepEqual(safeText('abc😀f', 4), {
    text: 'abc… (6 characters)',
    escaped: false,
    cutFrom: 6,
  })
  assert.deepEqual(safeText('abcd', 4), { text: 'abcd', escaped: false, cutFrom: null })
})

test('several lines are rendered each on its own', () => {
  const lines = safeLines('a\r\nb\u202e')

  assert.deepEqual(
    lines.map((line) => line.text),
    ['a\\r', 'b\\u{202E}'],
  )
})

test('the token of a hidden part is shortened', () => {
  assert.equal(safeText(`x (hidden:${'0a'.repeat(32)}) y`).text, 'x (hidden:0a0a0a0a) y')
})

test('a hidden part without a key says that it is hidden, and no more', () => {
  assert.equal(safeText('a (hidden:(sensitive)) b').text, 'a (hidden:sensitive) b')
})
