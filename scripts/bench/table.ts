/** Rows and verdicts as lines of text. */
import type { Row, Verdict } from './measure.ts'

export function tableLines(rows: readonly Row[]): readonly string[] {
  const width = (of: (row: Row) => string) => Math.max(0, ...rows.map((row) => of(row).length))
  const what = width((row) => row.what)
  const median = width((row) => row.median)
  return rows.map(
    (row) => `  ${row.what.padEnd(what)}  ${row.median.padStart(median)}  (${row.spread})`,
  )
}

export function verdictLine(verdict: Verdict): string {
  const { result, what } = verdict
  return verdict.result === 'skipped'
    ? `${result}  ${what}: ${verdict.because}`
    : `${result}  ${what}: ${verdict.found}, ${verdict.bound}`
}
