/**
 * Measures what was promised, each as a ratio or difference within one run on one machine, and says
 * plainly whether it is within its bound. Words select measures by name. Never part of the tests:
 * what a loaded machine does to a time is no fault of a change.
 */
import { isStale } from '../test/checks.ts'
import { append } from './append.ts'
import { approvalToStart } from './approval-to-start.ts'
import { coldStart } from './cold-start.ts'
import { evaluation } from './evaluation.ts'
import { gateOverhead } from './gate-overhead.ts'
import { gateOverheadAws } from './gate-overhead-aws.ts'
import { inspect } from './inspect.ts'
import type { Measure } from './measure.ts'
import { page } from './page.ts'
import { tableLines, verdictLine } from './table.ts'
import { waiting } from './waiting.ts'

const MEASURES: readonly Measure[] = [
  coldStart,
  gateOverhead,
  gateOverheadAws,
  approvalToStart,
  append,
  evaluation,
  inspect,
  page,
  waiting,
]

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.filter((word) => !MEASURES.some(({ name }) => name === word))
  if (unknown.length > 0) {
    say(`${unknown.join(', ')}: no such measure; there are ${MEASURES.map(nameOf).join(', ')}`)
    return 2
  }
  if (isStale()) say('What is built is older than its sources: run "npm run build" first')
  let isOver = false
  for (const measure of MEASURES.filter(({ name }) => words.length === 0 || words.includes(name))) {
    const { rows, verdicts } = await measure.run()
    say('', measure.name, ...tableLines(rows), ...verdicts.map(verdictLine))
    isOver ||= verdicts.some(({ result }) => result === 'over')
  }
  return isOver ? 1 : 0
}

function nameOf({ name }: Measure): string {
  return name
}

function say(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

process.exitCode = await main(process.argv.slice(2))
