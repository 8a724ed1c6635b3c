import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SECRET_PIECES } from '../../../test/fixtures/secret-pieces.ts'
import { findSecrets, mayHoldSecret } from './secret-shapes.ts'

test('the quick look at one text finds all that the closer look does', () => {
  let found = 0
  const property = fc.property(fc.array(SECRET_PIECES, { maxLength: 6 }), (pieces) => {
    const text = pieces.join('')
    if (findSecrets(text, 'x').length === 0) return
    found += 1
    assert.ok(mayHoldSecret(text), text)
  })
  fc.assert(property, { numRuns: 20_000 })
  assert.ok(found > 1_000, `only ${found} with a secret`)
})
