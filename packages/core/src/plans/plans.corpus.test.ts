/** Every plan, change set and preview of the shared corpus gives exactly the expected counts. */
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

/** What a tool's folder of the corpus must at least hold. */
const ROWS_MIN: readonly (readonly [string, number])[] = [
  ['terraform', 500],
  ['cloudformation', 200],
  ['pulumi', 60],
]

/**
 * Previews in which a refresh is followed by what it leads to. The list counts the refresh alone;
 * the tool's own summary at their end counts the update or the creation, and so must we.
 */
const REFRESHED: ReadonlyMap<string, string> = new Map([
  ['TestPreviewRefreshWithProgram-1', 'ok 0 1 0 0 0 0 0 0 0 0 0 0'],
  ['TestRefreshBeforeUpdate--0-1-preview', 'ok 0 1 0 0 0 0 0 0 1 0 0 0'],
  ['TestRefreshBeforeUpdate--0-2-preview', 'ok 0 1 0 0 0 0 0 0 1 0 0 0'],
  ['TestRefreshBeforeUpdateDeletedResource--0-1-preview', 'ok 1 0 0 0 0 0 0 0 2 0 0 0'],
  [
    'TestViewsRefreshDriftDeleteCreate_RefreshBeforeUpdate--0-1-preview',
    'ok 1 1 0 0 0 0 0 0 0 0 0 0',
  ],
])
const LIFECYCLE = 'pulumi/pulumi-pulumi__lifecycletest-'

function expectedOf(row: Row): string {
  const name = row.file.replace(LIFECYCLE, '').replace('.events.ndjson', '')
  return REFRESHED.get(name) ?? `${row.expect} ${row.counts.join(' ')}`
}

function readRows(tool: string): {
  readonly names: readonly string[]
  readonly rows: readonly Row[]
} {
  const [head = '', ...lines] = readFileSync(EXPECTED, 'utf8').trimEnd().split('\n')
  const names = head.split('\t').slice(2)
  const rows = lines
    .filter((line) => line.startsWith(`${tool}/`))
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

for (const [tool, rowsMin] of ROWS_MIN) {
  test(`every ${tool} file of the corpus is counted as expected, or refused`, { skip }, () => {
    const { names, rows } = readRows(tool)

    const different = rows
      .map((row) => ({
        file: row.file,
        expected: expectedOf(row),
        found: found(row.file, names),
      }))
      .filter((row) => row.expected !== row.found)

    assert.ok(rows.length > rowsMin, `only ${rows.length} rows`)
    assert.deepEqual(different, [])
  })
}
