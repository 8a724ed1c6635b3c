/**
 * What it costs to inspect a large plan, whole process against whole process: `inspect --json`
 * beside a Node that only parses the file. CPU is user and system time of all threads, memory the
 * highest resident size, both as the process itself knows them when it ends.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writePlan } from './generated-plan.ts'
import { atMost, joined, type Measure, type Measured } from './measure.ts'
import { median, paired, row, times } from './statistics.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/holdpoint.mjs', import.meta.url))
const SIZES = [
  { changes: 1_000, runs: 11 },
  { changes: 10_000, runs: 9 },
  { changes: 100_000, runs: 5 },
] as const
const CPU_TIMES_MAX = 2.5
const MEMORY_TIMES_MAX = 5
/** From here on memory is more than what any process needs to start. */
const MEMORY_FROM_CHANGES = 10_000
/** CPU for each byte at the largest size against the one before: more is more than linear. */
const GROWTH_MAX = 1.2

export const inspect: Measure = {
  name: 'inspect',
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-inspect-'))
    try {
      const usage = join(folder, 'usage.mjs')
      await writeFile(usage, USAGE)
      const sized: Sized[] = []
      for (const { changes, runs } of SIZES) {
        const file = join(folder, `${changes}.json`)
        await writePlan(file, changes)
        const { size } = await stat(file)
        sized.push({ changes, bytes: size, ...compare({ file, usage, runs }) })
        await rm(file)
      }
      return joined([...sized.map(judge), growth(sized)])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** Loaded before anything else; writes to a stream of its own. */
const USAGE = `import { writeSync } from 'node:fs'
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, bytes: maxRSS * 1024 }))
})
`

interface Used {
  readonly cpuMs: number
  readonly wallMs: number
  readonly bytes: number
}

interface Compared {
  readonly bare: readonly Used[]
  readonly ours: readonly Used[]
  /** Of a Node that does nothing. */
  readonly idleBytes: number
}

interface Sized extends Compared {
  readonly changes: number
  readonly bytes: number
}

interface Given {
  readonly file: string
  readonly usage: string
  readonly runs: number
}

function compare({ file, usage, runs }: Given): Compared {
  const parse = `JSON.parse(require('node:fs').readFileSync(${JSON.stringify(file)}))`
  const bare: Used[] = []
  const ours: Used[] = []
  const idle = used(usage, ['-e', '0'])
  // The first of each fills the file cache and the compile cache.
  for (let run = -1; run < runs; run += 1) {
    const parsed = used(usage, ['-e', parse])
    const inspected = used(usage, [BIN, 'inspect', '--json', file])
    if (run === -1) continue
    bare.push(parsed)
    ours.push(inspected)
  }
  return { bare, ours, idleBytes: idle.bytes }
}

function used(usage: string, words: readonly string[]): Used {
  const startedAt = performance.now()
  const ended = spawnSync(process.execPath, ['--import', usage, ...words], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const wallMs = performance.now() - startedAt
  if (ended.status !== 0) throw new Error(`node ${words.join(' ')} failed: ${ended.stderr}`)
  const found: unknown = JSON.parse(String(ended.output[3]))
  return { cpuMs: numberIn(found, 'cpuMs'), wallMs, bytes: numberIn(found, 'bytes') }
}

function numberIn(found: unknown, key: string): number {
  const value: unknown =
    typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined
  return typeof value === 'number' ? value : Number.NaN
}

function judge({ changes, bytes, bare, ours, idleBytes }: Sized): Measured {
  const cpu = paired(cpuOf(ours), cpuOf(bare), (own, other) => own / other)
  const wall = paired(wallOf(ours), wallOf(bare), (own, other) => own / other)
  const memory = ours.map((each) => (each.bytes - idleBytes) / bytes)
  const what = `${changes} changes, ${Math.round(bytes / 1e6)} MB`
  const rows = [
    row(`${what}: JSON.parse, CPU`, cpuOf(bare)),
    row(`${what}: inspect --json, CPU`, cpuOf(ours)),
    row(`${what}: CPU`, cpu, times),
    row(`${what}: wall time`, wall, times),
    row(`${what}: memory of the file`, memory, times),
  ]
  const ofMemory = { what: `memory at ${changes}`, found: median(memory), bound: MEMORY_TIMES_MAX }
  return {
    rows,
    verdicts: [
      atMost({ what: `CPU at ${changes}`, found: median(cpu), bound: CPU_TIMES_MAX, text: times }),
      ...(changes < MEMORY_FROM_CHANGES ? [] : [atMost({ ...ofMemory, text: times })]),
    ],
  }
}

function growth(sized: readonly Sized[]): Measured {
  const perByte = sized.map(({ ours, bytes }) => median(cpuOf(ours)) / bytes)
  const found = (perByte.at(-1) ?? Number.NaN) / (perByte.at(-2) ?? Number.NaN)
  const verdict = atMost({ what: 'CPU for a byte, largest', found, bound: GROWTH_MAX, text: times })
  return { rows: [], verdicts: [verdict] }
}

function cpuOf(used: readonly Used[]): readonly number[] {
  return used.map(({ cpuMs }) => cpuMs)
}

function wallOf(used: readonly Used[]): readonly number[] {
  return used.map(({ wallMs }) => wallMs)
}
