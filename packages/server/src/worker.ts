/**
 * The queue of effects: enqueued in the transaction that records their events, performed only after
 * it has committed, retried until done. Being late is fine; being performed twice is too.
 */
import type { Effect } from '@holdpoint/core'
import { fromKysely, type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import type { Log } from './io/log.ts'
import type { Metrics } from './metrics.ts'
import type { EffectQueue } from './ports.ts'
import type { Database } from './store/db.ts'
import type { Tx } from './store/tables.ts'

const QUEUE = 'effects'
/** With back-off, ten tries are 17 to 34 minutes; what fails so long is asked for at the next start. */
const RETRIES_MAX = 10

export interface EffectWorker {
  /** Starts performing; called once, when everything an effect needs is there. */
  readonly start: (perform: (effect: Effect) => Promise<void>) => Promise<void>
  /** Lets running effects finish; the queue keeps the rest for the next start. */
  readonly close: () => Promise<void>
  readonly queue: EffectQueue
}

interface QueueSources {
  readonly database: Database
  readonly log: Log
}

export interface WorkerSources extends QueueSources {
  readonly metrics: Metrics
}

export async function createWorker(sources: WorkerSources): Promise<EffectWorker> {
  const boss = await openQueue(sources)
  return {
    queue: { enqueue: (tx, effects) => enqueue(boss, tx, effects) },
    start: async (perform) => {
      const turns = createTurns(AT_ONCE_MAX)
      const inTurn = (effect: Effect) => turns(() => perform(effect))
      await boss.work<Job, unknown, typeof OPTIONS>(QUEUE, OPTIONS, (jobs) =>
        Promise.all(jobs.map((job) => performJob(job, inTurn, sources))),
      )
    },
    close: () => boss.stop({ graceful: true, timeout: 5_000 }),
  }
}

async function openQueue({ database, log }: QueueSources): Promise<PgBoss> {
  const boss = new PgBoss(database.bossOptions)
  boss.on('error', (error) => log.warn({ err: error }, 'the queue met an error'))
  await boss.start()
  await boss.createQueue(QUEUE, { notify: true, retryLimit: RETRIES_MAX, retryBackoff: true })
  return boss
}

/** For whoever runs no server: the next one that starts performs them. */
export async function enqueueOnce(
  sources: QueueSources,
  effects: readonly Effect[],
): Promise<void> {
  if (effects.length === 0) return
  const boss = await openQueue(sources)
  try {
    const { kysely } = sources.database
    await kysely.transaction().execute(async (tx) => await enqueue(boss, tx, effects))
  } finally {
    await boss.stop({ graceful: true, timeout: 5_000 })
  }
}

/** Each may hold a plan in memory, however many one job asks for. */
const AT_ONCE_MAX = 16

/** Defaults strand jobs for half a minute when notifications arrive while one runs. */
const OPTIONS = {
  batchSize: 16,
  burstWhenBatchFull: true,
  perJobResults: true,
  includeMetadata: true,
  localConcurrency: 2,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 2,
} as const

/**
 * What one batch of the gate calls for in one second is one job, or every opening would write many.
 * It is performed side by side and tried again together; to perform one twice is to perform it once.
 */
interface Job {
  readonly effects: readonly Effect[]
}

/** Timers ring on the second, so never early. */
const TICK_MS = 1000
/** Of one job: when one fails, no more than these are performed again. */
const EFFECTS_MAX = 64

async function enqueue(boss: PgBoss, tx: Tx, effects: readonly Effect[]): Promise<void> {
  const groups = Map.groupBy(effects, (effect) =>
    'at' in effect ? Math.ceil(effect.at / TICK_MS) * TICK_MS : null,
  )
  const jobs = [...groups].flatMap(([at, due]) =>
    chunksOf(due).map((chunk) => {
      const data: Job = { effects: chunk }
      return at === null ? { data } : { data, startAfter: new Date(at) }
    }),
  )
  // Inside our transaction, or it hangs on PGlite and escapes on PostgreSQL.
  await boss.insert(QUEUE, jobs, { db: fromKysely(tx) })
}

function chunksOf(effects: readonly Effect[]): readonly (readonly Effect[])[] {
  const count = Math.ceil(effects.length / EFFECTS_MAX)
  return Array.from({ length: count }, (_, index) =>
    effects.slice(index * EFFECTS_MAX, (index + 1) * EFFECTS_MAX),
  )
}

async function performJob(
  job: JobWithMetadata<Job>,
  perform: (effect: Effect) => Promise<void>,
  sources: WorkerSources,
): Promise<JobResult> {
  const { id } = job
  // A job is only a row: one that was written by somebody else must not fail its neighbours.
  if (!Array.isArray(job.data?.effects)) {
    sources.log.error({ job: id }, 'a job in the queue is none of ours')
    return { id, status: 'failed' }
  }
  const last = job.retryCount >= RETRIES_MAX
  const done = await Promise.all(
    job.data.effects.map((effect) => performOne(effect, { perform, last }, sources)),
  )
  return { id, status: done.every(Boolean) ? 'completed' : 'failed' }
}

/** `false` when it failed. One that was performed is performed again with one that was not. */
async function performOne(
  effect: Effect,
  how: { readonly perform: (effect: Effect) => Promise<void>; readonly last: boolean },
  { log, metrics }: WorkerSources,
): Promise<boolean> {
  try {
    await how.perform(effect)
    metrics.performed(effect.type, 'done')
    return true
  } catch (error) {
    metrics.performed(effect.type, 'failed')
    const about = { err: error, effect: effect.type }
    if (how.last) log.error(about, 'an effect failed and is not tried again')
    else log.warn(about, 'an effect failed and will be tried again')
    return false
  }
}

type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Lets at most so many run at once; the others wait in order. */
function createTurns(max: number): Turns {
  const waiting: (() => void)[] = []
  let free = max
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
