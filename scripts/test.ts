/**
 * Runs the tests and ends with one plain line of totals. With --checks it first builds what is
 * stale and runs lint, types and the search for unused code, each counted like a test. --quick
 * leaves out what starts servers and browsers. Other words select files by a part of their path.
 */
import { runChecks } from './test/checks.ts'
import { runTests } from './test/runner.ts'
import { newTotals, totalsLine } from './test/totals.ts'

const words = process.argv.slice(2)
const totals = newTotals()
if (words.includes('--checks')) await runChecks(totals)
await runTests(totals, {
  quick: words.includes('--quick'),
  parts: words.filter((word) => !word.startsWith('--')),
  strict: process.env['CI'] === 'true',
})
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0
process.stdout.write(`${totalsLine(totals)}\n`)
