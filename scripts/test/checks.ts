/** Build, lint, types and unused code: each is one line, and counts like a test. */
import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Totals } from './totals.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const own = (name: string): string => `${root}/node_modules/.bin/${name}`

interface Check {
  readonly name: string
  readonly run: readonly [file: string, ...words: readonly string[]]
}

const CHECKS: readonly Check[] = [
  { name: 'lint', run: [own('biome'), 'check', '.'] },
  { name: 'types', run: [own('tsc'), '-b'] },
  { name: 'unused code', run: [own('knip')] },
]

export async function runChecks(totals: Totals): Promise<void> {
  if (isStale()) runOne({ name: 'build', run: [process.execPath, 'scripts/build.ts'] }, totals)
  for (const check of CHECKS) runOne(check, totals)
}

function runOne({ name, run: [file, ...words] }: Check, totals: Totals): void {
  const done = spawnSync(file, words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  const good = done.status === 0
  process.stdout.write(`${good ? '✔' : '✖'} ${name}\n`)
  if (good) totals.passed += 1
  else {
    totals.failed += 1
    process.stdout.write(`${done.error?.message ?? ''}${done.stdout ?? ''}${done.stderr ?? ''}\n`)
  }
}

const BUILT = [
  { file: 'packages/cli/dist/holdpoint.js', from: ['cli/src', 'cli/bin', 'core/src', 'api/src'] },
  { file: 'packages/web/dist/index.html', from: ['web', 'core/src', 'api/src'] },
]

/** Anything that is built is missing, or older than something it is built from. */
export function isStale(): boolean {
  return BUILT.some(({ file, from }) => {
    const built = timeOf(file)
    if (built === null) return true
    const sources = globSync(
      from.map((folder) => `packages/${folder}/**/*.{ts,tsx,css,html,json,mjs,svg}`),
      { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] },
    )
    return [...sources, 'package-lock.json'].some((source) => (timeOf(source) ?? 0) > built)
  })
}

function timeOf(path: string): number | null {
  return statSync(`${root}/${path}`, { throwIfNoEntry: false })?.mtimeMs ?? null
}
