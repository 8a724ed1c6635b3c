/** A committed table: printed by the code it describes, so that a change of rules shows in review. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Compares with the committed file, or writes it when `UPDATE_TABLES=1`. */
export function checkTable(file: URL, rows: readonly (readonly string[])[]): void {
  const printed = printTable(rows)
  if (process.env['UPDATE_TABLES'] === '1') writeFileSync(file, printed)
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const name = file.pathname.slice(file.pathname.lastIndexOf('/') + 1)
  assert.equal(
    committed,
    printed,
    `${name} is stale: run this test with UPDATE_TABLES=1, and read the difference`,
  )
}

function printTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()
  return `${rows.map(line).join('\n')}\n`
}
