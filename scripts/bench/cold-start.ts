/**
 * What it costs to ask the bundled command a small question, against a Node that does nothing.
 * Interleaved, so that what slows the machine down slows both.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { atMost, type Measure } from './measure.ts'
import { median, row, times } from './statistics.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/holdpoint.mjs', import.meta.url))
const RUNS = 21
const TIMES_MAX = 1.6

export const coldStart: Measure = {
  name: 'cold-start',
  run: async () => {
    const bare: number[] = []
    const ours: number[] = []
    // The first of each fills the file cache and the compile cache.
    for (let run = -1; run < RUNS; run += 1) {
      const nothing = timed(['-e', '0'])
      const version = timed([BIN, '--version'])
      if (run === -1) continue
      bare.push(nothing)
      ours.push(version)
    }
    const found = median(ours) / median(bare)
    return {
      rows: [row('node -e 0', bare), row('holdpoint --version', ours)],
      verdicts: [atMost({ what: 'CLI cold start', found, bound: TIMES_MAX, text: times })],
    }
  },
}

function timed(words: readonly string[]): number {
  const startedAt = performance.now()
  const ended = spawnSync(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const took = performance.now() - startedAt
  if (ended.status !== 0) throw new Error(`node ${words.join(' ')} failed: ${ended.stderr}`)
  return took
}
