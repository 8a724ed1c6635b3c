/**
 * The gate: every command of every door comes through `handle`, and nothing else writes entries.
 * Commands that wait at the same moment share one transaction; a batch that fails is done again one
 * by one, so that one bug does not fail its neighbours. It answers only after the commit.
 */
import type { Actor } from '@holdpoint/core'
import { type BatchResult, type BatchSources, type Remembered, runBatch } from './gate-batch.ts'
import { foldChange } from './gate-changes.ts'
import { type Installation, loadInstallation } from './gate-installation.ts'
import { Bug, Fault } from './io/fault.ts'
import { Tampered } from './log/stored-entry.ts'
import type { Gate, GateAnswer, GateCommand, HeadWatch } from './ports.ts'
import type { Database } from './store/db.ts'
import { readHead } from './store/entries.ts'

export interface GateOptions extends BatchSources {
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
  const memory = new Memory()
  const waiting: Waiting[] = []
  let draining: Promise<void> | null = null
  let closed = false

  const drain = async (): Promise<void> => {
    // One turn of the event loop, so that what arrives with the first command shares its batch.
    await new Promise(setImmediate)
    while (waiting.length > 0) await settle(waiting.splice(0, BATCH_MAX), memory, options)
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
    change: async (id) =>
      await believing(options.watch, () => foldChange(options.database.kysely, id, options.macKey)),
    access: async () => (await currentInstallation(memory, options)).access,
    policy: async () => (await currentInstallation(memory, options)).policy,
    close: async () => {
      closed = true
      await draining
    },
  }
}

/** What one process keeps between batches; only ever newer. */
class Memory {
  #remembered: Remembered = { installation: null, size: 0 }

  get remembered(): Remembered {
    return this.#remembered
  }

  learn(found: Remembered): void {
    if (found.size >= this.#remembered.size) this.#remembered = found
  }
}

/** Answers every command of the batch, whatever happens. */
async function settle(
  batch: readonly Waiting[],
  memory: Memory,
  options: GateOptions,
): Promise<void> {
  const state = options.watch.state()
  if (state !== 'ok') return refuseAll(batch, state.readsOnly)
  try {
    const { answers, remembered } = await commit(batch, memory.remembered, options)
    memory.learn(remembered)
    batch.forEach((each, index) => {
      const answer = answers[index]
      if (answer === undefined) each.reject(new Bug('a command was not answered'))
      else each.resolve(answer)
    })
  } catch (error) {
    await settleFailed(batch, error, { memory, options })
  }
}

async function settleFailed(
  batch: readonly Waiting[],
  error: unknown,
  again: { readonly memory: Memory; readonly options: GateOptions },
): Promise<void> {
  const { memory, options } = again
  if (error instanceof Tampered) {
    options.watch.alarm(error.message)
    return refuseAll(batch, error.message)
  }
  const isUnknown = error instanceof Fault && error.code === 'commit_unknown'
  if (batch.length === 1 || isUnknown) {
    for (const each of batch) each.reject(error)
    return
  }
  for (const each of batch) await settle([each], memory, options)
}

function refuseAll(batch: readonly Waiting[], why: string): void {
  for (const each of batch)
    each.resolve({ ok: false, refusal: { code: 'reads_only', why }, seqs: [], change: null })
}

async function commit(
  batch: readonly Waiting[],
  remembered: Remembered,
  options: GateOptions,
): Promise<BatchResult> {
  let isWritten = false
  try {
    return await options.database.kysely.transaction().execute(async (tx) => {
      const result = await runBatch(tx, { sent: batch, remembered }, options)
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

async function currentInstallation(memory: Memory, options: GateOptions): Promise<Installation> {
  // Taken before the head is read, so that the head can only be ahead of it.
  const known = memory.remembered.installation
  const { kysely } = options.database
  return await believing(options.watch, async () => {
    const head = await readHead(kysely)
    const installation = await loadInstallation(kysely, { known, head }, options)
    memory.learn({ installation, size: head.size })
    return installation
  })
}

async function believing<T>(watch: HeadWatch, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (!(cause instanceof Tampered)) throw cause
    watch.alarm(cause.message)
    throw new Fault('reads_only', 'what is stored is not what was recorded', { cause })
  }
}
