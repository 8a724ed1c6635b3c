/**
 * The gate: every command of every door comes through `handle`, and nothing else writes entries.
 * Commands that wait at the same moment share one transaction; a batch that fails is done again one
 * by one, so that one bug does not fail its neighbours. It answers only after the commit.
 */
import type { Actor } from '@holdpoint/core'
import { type BatchResult, type BatchSources, type Remembered, runBatch } from './gate-batch.ts'
import { Histories } from './gate-histories.ts'
import { type Installation, loadInstallation } from './gate-installation.ts'
import { believing, createChangeReader } from './gate-reads.ts'
import { Bug, Fault } from './io/fault.ts'
import { Tampered } from './log/stored-entry.ts'
import type { Gate, GateAnswer, GateCommand, HeadWatch } from './ports.ts'
import type { Database } from './store/db.ts'
import { readHead } from './store/entries.ts'

export interface GateOptions extends Omit<BatchSources, 'histories'> {
  readonly database: Database
  readonly watch: HeadWatch
}

/** Commands that share one transaction at most. */
export const BATCH_MAX = 64

interface Waiting {
  readonly actor: Actor
  readonly command: GateCommand
  readonly resolve: (answer: GateAnswer) => void
  readonly reject: (error: unknown) => void
}

export function createGate(options: GateOptions): Gate {
  const memory = new Memory(options)
  const { database, watch } = options
  const { histories } = memory.sources
  const waiting: Waiting[] = []
  let draining: Promise<void> | null = null
  let closed = false

  const drain = async (): Promise<void> => {
    // One turn of the event loop, so that what arrives with the first command shares its batch.
    await new Promise(setImmediate)
    while (waiting.length > 0) await settle(waiting.splice(0, BATCH_MAX), memory)
    draining = null
  }

  return {
    handle: async (actor, command) => {
      if (closed) throw new Fault('shutting_down', 'the server is shutting down')
      return await new Promise<GateAnswer>((resolve, reject) => {
        waiting.push({ actor, command, resolve, reject })
        draining ??= drain()
      })
    },
    ...createChangeReader({ database, histories, watch }),
    access: async () => (await currentInstallation(memory)).access,
    policy: async () => (await currentInstallation(memory)).policy,
    close: async () => {
      closed = true
      await draining
    },
  }
}

/** What one process keeps between batches; only ever newer. */
class Memory {
  readonly sources: GateOptions & BatchSources
  #remembered: Remembered = { installation: null, size: 0, desk: null }

  constructor(options: GateOptions) {
    this.sources = { ...options, histories: new Histories(options.macKey) }
  }

  get remembered(): Remembered {
    return this.#remembered
  }

  /** What a batch left, after its commit. */
  committed({ remembered, histories }: BatchResult): void {
    for (const [id, history] of histories) this.sources.histories.keep(id, history)
    this.saw(remembered)
    this.#remembered = { ...this.#remembered, desk: remembered.desk }
  }

  /** Nothing that a failed batch counted is to be counted on. */
  failed(): void {
    this.#remembered = { ...this.#remembered, desk: null }
  }

  saw({ installation, size }: Pick<Remembered, 'installation' | 'size'>): void {
    if (size >= this.#remembered.size)
      this.#remembered = { ...this.#remembered, installation, size }
  }
}

/** Answers every command of the batch, whatever happens. */
async function settle(batch: readonly Waiting[], memory: Memory): Promise<void> {
  const state = memory.sources.watch.state()
  if (state !== 'ok') return refuseAll(batch, state.readsOnly)
  try {
    const result = await commit(batch, memory)
    memory.committed(result)
    batch.forEach((each, index) => {
      const answer = result.answers[index]
      if (answer === undefined) each.reject(new Bug('a command was not answered'))
      else each.resolve(answer)
    })
  } catch (error) {
    memory.failed()
    await settleFailed(batch, error, memory)
  }
}

async function settleFailed(
  batch: readonly Waiting[],
  error: unknown,
  memory: Memory,
): Promise<void> {
  if (error instanceof Tampered) {
    memory.sources.watch.alarm(error.message)
    return refuseAll(batch, error.message)
  }
  const isUnknown = error instanceof Fault && error.code === 'commit_unknown'
  if (batch.length === 1 || isUnknown) {
    for (const each of batch) each.reject(error)
    return
  }
  for (const each of batch) await settle([each], memory)
}

function refuseAll(batch: readonly Waiting[], why: string): void {
  for (const each of batch)
    each.resolve({ ok: false, refusal: { code: 'reads_only', why }, seqs: [], change: null })
}

async function commit(batch: readonly Waiting[], memory: Memory): Promise<BatchResult> {
  const { remembered, sources } = memory
  let isWritten = false
  try {
    return await sources.database.kysely.transaction().execute(async (tx) => {
      const result = await runBatch(tx, { sent: batch, remembered }, sources)
      isWritten = true
      return result
    })
  } catch (cause) {
    if (cause instanceof Tampered || cause instanceof Bug || cause instanceof Fault) throw cause
    // A commit that failed may have happened: doing it again could do it twice.
    if (isWritten)
      throw new Fault('commit_unknown', 'it is not known whether commands were recorded', { cause })
    throw new Fault('database_failed', 'commands could not be recorded', {
      cause,
      retryable: true,
    })
  }
}

async function currentInstallation(memory: Memory): Promise<Installation> {
  // Taken before the head is read, so that the head can only be ahead of it.
  const known = memory.remembered.installation
  const { sources } = memory
  const { kysely } = sources.database
  return await believing(sources.watch, async () => {
    const head = await readHead(kysely)
    const installation = await loadInstallation(kysely, { known, head }, sources)
    memory.saw({ installation, size: head.size })
    return installation
  })
}
