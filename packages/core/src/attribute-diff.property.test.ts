import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { givenChange } from '../../../test/fixtures/terraform-given.ts'
import { values } from '../../../test/fixtures/value-arbitraries.ts'
import { diffResource } from './attribute-diff.ts'
import { canonicalValue } from './canonical.ts'
import { diffLines } from './line-diff.ts'
import type { Value } from './value.ts'

/** Null says as much as nothing on either side of a change, and so do empty objects at the top. */
function bare(value: Value): string {
  const text = canonicalValue(value).replaceAll(/"[^"]*":null,?/g, '')
  return text.replaceAll(',}', '}')
}

test('different values always have a row, equal ones none that says changed', () => {
  let different = 0
  let equal = 0
  const base = givenChange()
  const property = fc.property(values, values, fc.boolean(), (one, two, same) => {
    const before: Value = { a: one }
    const after: Value = { a: same ? one : two }

    const { rows } = diffResource({ ...base, before, after })

    const changes = rows.filter(
      (row) => row.effect === 'changed' || row.effect === 'added' || row.effect === 'removed',
    )
    if (canonicalValue(before) === canonicalValue(after)) {
      equal += 1
      const opaque = /\$hidden|\$unknown/.test(canonicalValue(before))
      assert.ok(opaque || changes.length === 0)
    } else if (bare(before) !== bare(after)) {
      different += 1
      assert.ok(rows.length > 0)
    }
  })
  fc.assert(property, { numRuns: 2_000 })
  assert.ok(different > 400 && equal > 400, `different ${different}, equal ${equal}`)
})

test('a line difference holds both texts', () => {
  let mixed = 0
  const line = fc.constantFrom('a', 'b', 'c', '')
  const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'))
  const property = fc.property(text, text, (before, after) => {
    const lines = diffLines(before, after)

    const folded = lines.reduce((sum, each) => sum + (each.kind === 'fold' ? each.count : 0), 0)
    const count = (kind: string): number => lines.filter((each) => each.kind === kind).length
    assert.equal(count('same') + folded + count('removed'), before.split('\n').length)
    assert.equal(count('same') + folded + count('added'), after.split('\n').length)
    if (before === after) assert.equal(count('added') + count('removed'), 0)
    if (count('same') > 0 && count('added') > 0 && count('removed') > 0) mixed += 1
  })
  fc.assert(property, { numRuns: 1_000 })
  assert.ok(mixed > 100, `only ${mixed}`)
})

test('very long texts are compared within bounds', () => {
  const long = (word: string): string =>
    Array.from({ length: 100_000 }, (_, n) => `${word}${n}`).join('\n')

  const lines = diffLines(`same\n${long('a')}`, `same\n${long('b')}`)

  assert.equal(lines.length, 200_001)
})
