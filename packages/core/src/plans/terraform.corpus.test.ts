/** Every Terraform and OpenTofu plan of the shared corpus gives exactly the expected counts. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import { summarise } from '../plan.ts'
import { readPlan } from './registry.ts'

const CORPUS = new URL('../../../../../shared/corpus/', import.meta.url)
const EXPECTED = new URL('EXPECTED.tsv', CORPUS)
const skip = existsSync(EXPECTED) ? false : 'the shared corpus is not beside this checkout'

interface Row {
  readonly file: string
  readonly expect: string
  readonly counts: readonly string[]
}

function readRows(): { readonly names: readonly string[]; readonly rows: readonly Row[] } {
  const [head = '', ...lines] = readFileSync(EXPECTED, 'utf8').trimEnd().split('\n')
  const names = head.split('\t').slice(2)
  const rows = lines
    .filter((line) => line.startsWith('terraform/'))
    .map((line) => {
      const [file = '', expect = '', ...counts] = line.split('\t')
      return { file, expect, counts: counts.slice(0, 12) }
    })
  return { names: names.slice(0, 12), rows }
}

function found(file: string, names: readonly string[]): string {
  const parsed = readPlan(readFileSync(new URL(file, CORPUS)), primitives)
  if (!parsed.ok) return `refuse ${names.map(() => '').join(' ')}`
  const counts: Readonly<Record<string, number>> = summarise(parsed.plan)
  return `ok ${names.map((name) => counts[name]).join(' ')}`
}

test('every plan of the corpus is counted as expected, or refused', { skip }, () => {
  const { names, rows } = readRows()

  const different = rows
    .map((row) => ({
      file: row.file,
      expected: `${row.expect} ${row.counts.join(' ')}`,
      found: found(row.file, names),
    }))
    .filter((row) => row.expected !== row.found)

  assert.ok(rows.length > 500, `only ${rows.length} rows`)
  assert.deepEqual(different, [])
})
