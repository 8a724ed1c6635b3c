import assert from 'node:assert/strict'
import { test } from 'node:test'
import { composeId, parseChangeId } from '@holdpoint/core'
import { randomIdText, randomSalt, randomSecretText } from './random-ids.ts'

test('a random id is an id, and no two are the same', () => {
  const texts = Array.from({ length: 1000 }, randomIdText)

  assert.equal(new Set(texts).size, 1000)
  for (const text of texts) assert.notEqual(parseChangeId(composeId('chg', text)), null)
})

test('every letter comes as often as every other', () => {
  const counts = new Map<string, number>()
  const drawn = 20_000 * 16
  for (let count = 0; count < 20_000; count += 1)
    for (const letter of randomIdText()) counts.set(letter, (counts.get(letter) ?? 0) + 1)

  const expected = drawn / 36
  // Chi squared with 35 degrees of freedom: above 94 once in ten million; a plain modulo gives
  // more than 1,000, because the first four letters would come an eighth more often.
  const chi = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)

  assert.equal(counts.size, 36)
  assert.ok(chi < 94, `chi squared is ${chi}`)
})

test('salts have 128 bits, secrets 43 characters', () => {
  assert.equal(randomSalt().length, 16)
  assert.match(randomSecretText(), /^[A-Za-z0-9_-]{43}$/)
})
