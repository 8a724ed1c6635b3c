/**
 * From the last approval to the moment the tool starts: what a person who has approved waits for.
 * The clock starts at the approval's entry, which is a little before its commit, and stops when a
 * program that stands in for the tool notes that it runs, which is a little after its start.
 */
import { findPostgres, startPostgres } from '../../packages/server/test/postgres.ts'
import { type Running, start } from '../../test/harness/command.ts'
import { type Installation, install, WORKSPACE } from '../../test/harness/installation.ts'
import {
  approve,
  type ChangeId,
  type ChangeView,
  until,
  untilHeld,
  view,
} from '../../test/harness/story.ts'
import { hashingRow, LARGE_SOURCE, writeLargeSource } from './large-source.ts'
import { atMost, joined, type Measure, type Measured, type Row, skipped } from './measure.ts'
import { givenStandIn, type StandIn } from './stand-in-tool.ts'
import { milliseconds, quantile, row } from './statistics.ts'
import { verificationRow } from './verification.ts'

const RUNS = 100
const RUNS_WITH_LARGE_SOURCE = 10
const P99_MS_MAX = 150
const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules: []
`

export const approvalToStart: Measure = {
  name: 'approval-to-start',
  run: async () => joined([await onPostgres(), await onPglite()]),
}

async function onPglite(): Promise<Measured> {
  const installation = await install({ policy: POLICY })
  try {
    return await measured('PGlite', installation)
  } finally {
    await installation.close()
  }
}

async function onPostgres(): Promise<Measured> {
  const found = findPostgres()
  if ('missing' in found) return skipped(what('PostgreSQL'), found.missing)
  const server = await startPostgres(found.bin, { durable: true })
  try {
    await server.query('create database bench')
    const databaseUrl = server.urlOf('bench')
    const installation = await install({ policy: POLICY, databaseUrl })
    try {
      return await measured('PostgreSQL', installation)
    } finally {
      await installation.close()
    }
  } finally {
    await server.stop()
  }
}

function what(database: string): string {
  return `approval to start, p99 on ${database}`
}

async function measured(database: string, installation: Installation): Promise<Measured> {
  const tool = await givenStandIn()
  try {
    // The first one binds the workspace, and fills caches.
    const first = await once({ installation, tool }, null)
    const samples = await many({ installation, tool }, { last: first.change, runs: RUNS })
    const found = quantile(samples.fromEntry, 0.99)
    const verdict = atMost({ what: what(database), found, bound: P99_MS_MAX, text: milliseconds })
    const rows = [
      row(`${database}: approval's entry to start`, samples.fromEntry),
      row(`${database}: approval's answer to start`, samples.fromAnswer),
      ...(await withLargeSource({ installation, tool }, { database, last: samples.last })),
      await verificationRow(database, installation),
    ]
    return { rows, verdicts: [verdict] }
  } finally {
    await tool.remove()
  }
}

interface Stage {
  readonly installation: Installation
  readonly tool: StandIn
}

async function withLargeSource(
  stage: Stage,
  { database, last }: { readonly database: string; readonly last: ChangeId },
): Promise<readonly Row[]> {
  await writeLargeSource(stage.tool.folder)
  const samples = await many(stage, { last, runs: RUNS_WITH_LARGE_SOURCE })
  return [
    row(`${database}: the same with ${LARGE_SOURCE}`, samples.fromEntry),
    await hashingRow(stage.tool.folder),
  ]
}

async function many(
  stage: Stage,
  { last, runs }: { readonly last: ChangeId; readonly runs: number },
) {
  const fromEntry: number[] = []
  const fromAnswer: number[] = []
  let previous = last
  for (let run = 0; run < runs; run += 1) {
    const sample = await once(stage, previous)
    fromEntry.push(sample.startedAt - sample.recordedAt)
    fromAnswer.push(sample.startedAt - sample.answeredAt)
    previous = sample.change
  }
  return { fromEntry, fromAnswer, last: previous }
}

interface Sample {
  readonly change: ChangeId
  /** Milliseconds since 1970, all by this machine's clock. */
  readonly recordedAt: number
  readonly answeredAt: number
  readonly startedAt: number
}

async function once({ installation, tool }: Stage, previous: ChangeId | null): Promise<Sample> {
  const { folder, environment } = tool
  const running = start(installation, ['apply'], { folder, as: 'mira', environment })
  const held = await Promise.race([untilHeld(installation, WORKSPACE, previous), failed(running)])
  await until('the runner waits', async () => (await view(installation, held.id)).runner.waiting)
  const answer = await approve(installation, 'ines', held)
  const answeredAt = performance.timeOrigin + performance.now()
  const ended = await running.ended
  if (!answer.ok || ended.code !== 0) throw new Error(`${ended.out}${ended.err}`)
  const recordedAt = approvedAt(await view(installation, held.id))
  return { change: held.id, recordedAt, answeredAt, startedAt: await tool.startedAt() }
}

/** A run that ends before it is held has failed, and says why. */
async function failed({ ended }: Running): Promise<never> {
  const { out, err } = await ended
  throw new Error(`${out}${err}`)
}

function approvedAt({ timeline }: ChangeView): number {
  const entry = timeline.findLast(({ type }) => type === 'approved')
  if (entry === undefined) throw new Error('the change was not approved')
  return entry.at
}
