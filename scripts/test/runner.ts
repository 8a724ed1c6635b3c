/**
 * The test files under node:test: two at a time, each with a deadline, and the whole run with one,
 * because a test file that leaves a handle open would else hang for ever.
 */
import { globSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { countSkip, reasonLines, type Totals } from './totals.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PATTERNS = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts']
/** What starts servers, browsers or tools. */
const SLOW = /^test\/(system|e2e)\//
const CONCURRENCY = 2
const FILE_WITHIN_MS = 900_000
const RUN_WITHIN_MS = 75 * 60_000

export interface Selection {
  readonly quick: boolean
  /** Parts of paths; none selects all. */
  readonly parts: readonly string[]
  readonly strict: boolean
}

export async function runTests(totals: Totals, selection: Selection): Promise<void> {
  const files = select(selection)
  if (files.length === 0) {
    process.stdout.write('no test file fits\n')
    totals.failed += 1
    return
  }
  const deadline = AbortSignal.timeout(RUN_WITHIN_MS)
  const stream = run({
    files: files.map((file) => `${root}/${file}`),
    cwd: root,
    concurrency: CONCURRENCY,
    timeout: FILE_WITHIN_MS,
    signal: deadline,
  })
  const late: string[] = []
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return
    const { skip } = event
    if (skip === undefined) totals.passed += 1
    else {
      const reason = typeof skip === 'string' && skip !== '' ? skip : null
      const counted = countSkip(totals, { name: event.name, reason, strict: selection.strict })
      if (counted === 'failed') late.push(`✖ ${event.name}: skipped, ${reason ?? 'with no reason'}`)
    }
  })
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') totals.failed += 1
  })
  const report = stream.compose(spec())
  report.pipe(process.stdout, { end: false })
  await finished(report)
  if (deadline.aborted) {
    totals.failed += 1
    late.push(`✖ the run did not end within ${RUN_WITHIN_MS / 60_000} minutes`)
  }
  for (const line of [...reasonLines(totals), ...late]) process.stdout.write(`${line}\n`)
}

function select({ quick, parts }: Selection): readonly string[] {
  return globSync(PATTERNS, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !quick || !SLOW.test(path))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
    .toSorted()
}
