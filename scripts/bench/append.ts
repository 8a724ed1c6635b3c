/**
 * Appending through the gate against bare inserts: one PostgreSQL, one Node process, 16 clients
 * each, turn about. Each client opens a change in its own workspace, records that it is held, and
 * withdraws it: three commands, each one entry with its leaf hash and MAC, the change's row, the
 * notification and the jobs of the real queue. Nobody performs the jobs meanwhile.
 */
import { openBareInserts } from '../../packages/server/test/bare-inserts.ts'
import {
  findPostgres,
  type PostgresServer,
  startPostgres,
} from '../../packages/server/test/postgres.ts'
import { openGateStage } from './gate-stage.ts'
import { atLeast, type Measure, type Measured, skipped } from './measure.ts'
import { median, milliseconds, paired, perSecond, row, times } from './statistics.ts'

const WHAT = 'appending, 16 clients on PostgreSQL'
const CLIENTS = 16
const ROUNDS = 5
const ROUND_MS = 3_000
const SHARE_MIN = 0.4

export const append: Measure = {
  name: 'append',
  run: async () => {
    const found = findPostgres()
    if ('missing' in found) return skipped(WHAT, found.missing)
    const server = await startPostgres(found.bin, { durable: true })
    try {
      await server.query('create database bench')
      return await compare(server)
    } finally {
      await server.stop()
    }
  },
}

async function compare(server: PostgresServer): Promise<Measured> {
  const url = server.urlOf('bench')
  const stage = await openGateStage(url, CLIENTS)
  const table = await openBareInserts(url, CLIENTS)
  const bare: number[] = []
  const gate: number[] = []
  const latencies: number[] = []
  try {
    const row = await stage.newestEntry()
    for (let round = -1; round < ROUNDS; round += 1) {
      const inserts = await rate(() => table.insert(row))
      const commands = await rate(stage.command, round === -1 ? [] : latencies)
      if (round === -1) continue
      bare.push(inserts)
      gate.push(commands)
    }
  } finally {
    await table.close()
    await stage.close()
  }
  return judged({ bare, gate, latencies })
}

interface Rates {
  readonly bare: readonly number[]
  readonly gate: readonly number[]
  readonly latencies: readonly number[]
}

function judged({ bare, gate, latencies }: Rates): Measured {
  const ratios = paired(gate, bare, (one, other) => one / other)
  const found = median(ratios)
  return {
    rows: [
      row('bare inserts', bare, perSecond),
      row('entries through the gate', gate, perSecond),
      row('ratio, round by round', ratios, times),
      row('one command, until answered', latencies, milliseconds),
    ],
    verdicts: [atLeast({ what: WHAT, found, bound: SHARE_MIN, text: times })],
  }
}

/** What all clients did in a round, per second. */
async function rate(
  work: (client: number) => Promise<unknown>,
  latencies: number[] = [],
): Promise<number> {
  const startedAt = performance.now()
  const until = startedAt + ROUND_MS
  let done = 0
  const client = async (_: unknown, index: number) => {
    for (let from = startedAt; from < until; ) {
      await work(index)
      done += 1
      const now = performance.now()
      latencies.push(now - from)
      from = now
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return (done * 1000) / (performance.now() - startedAt)
}
