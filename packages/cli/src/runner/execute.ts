/**
 * The one apply of a released change. It starts the tool once and never again, whatever happens to
 * the server meanwhile; the outcome is told until somebody has heard it.
 */
import { compareSources, HEARTBEAT_MS, type Outcome } from '@holdpoint/core'
import { sleep } from '../io/clock.ts'
import { Fault } from '../io/fault.ts'
import type { Ended } from '../io/spawn.ts'
import { currentSource } from './facts.ts'
import type { Interrupts } from './interrupts.ts'
import type { Prepared } from './prepare.ts'
import { Progress } from './progress.ts'
import type { OnEvent } from './run-event.ts'
import type { ServerCalls } from './server-calls.ts'
import { callTool, followTool } from './tool-run.ts'

export interface Execution {
  readonly prepared: Prepared
  readonly calls: ServerCalls
  readonly interrupts: Interrupts
  readonly onEvent: OnEvent
}

export interface Executed {
  readonly outcome: Outcome
  /** Has the server heard of it? */
  readonly recorded: boolean
  /** Redacted; what the tool said outside its own account. */
  readonly stderr: string
}

/** Exit codes as a shell gives them: not started, and interrupted. */
const NOT_STARTED = 127
const INTERRUPTED = 130

export async function execute(execution: Execution): Promise<Executed> {
  const { prepared, calls, onEvent } = execution
  const stop = new AbortController()
  const beating = beat(execution, stop.signal)
  const progress = new Progress(prepared.plan)
  const ended = await applyOnce(execution, progress)
  const outcome = await describe(execution, { exitCode: ended.exitCode, progress })
  onEvent({ type: 'finished', outcome })
  const recorded = await tellOutcome(calls, outcome)
  stop.abort()
  await beating
  const stderr = prepared.redactText(ended.stderr.toString('utf8')).trim()
  return { outcome, recorded, stderr }
}

type ToolEnd = Pick<Ended, 'exitCode' | 'stderr'>

async function applyOnce(execution: Execution, progress: Progress): Promise<ToolEnd> {
  const { prepared, interrupts, onEvent } = execution
  const { job, planFile, environment, redactText } = prepared
  if (interrupts.interrupted) return { exitCode: INTERRUPTED, stderr: Buffer.alloc(0) }
  const args = ['apply', '-input=false', '-json', ...job.arguments.apply, planFile.path]
  const { program } = job.tool
  const call = { program, args, cwd: job.rootModule, env: environment.env, planFile }
  const child = followTool(call, {
    onEvent,
    redact: redactText,
    killGroupAtEnd: false,
    onHook: (hook) => {
      progress.note(hook)
      onEvent({ type: 'progress', ...hook, done: progress.done, total: progress.total })
    },
  })
  try {
    return await interrupts.during(child, child.ended)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return { exitCode: NOT_STARTED, stderr: Buffer.from(cause.message) }
  }
}

async function describe(
  execution: Execution,
  end: { readonly exitCode: number; readonly progress: Progress },
): Promise<Outcome> {
  const { exitCode, progress } = end
  const succeeded = exitCode === 0
  return {
    result: succeeded ? 'applied' : 'failed',
    exitCode,
    appliedCount: succeeded ? progress.total : progress.done,
    totalCount: progress.total,
    sourceChanged: await sourceChanged(execution),
    lineage: await lineageAfter(execution.prepared),
  }
}

/** Hashed once more: code that ran may have been exchanged after the check. */
async function sourceChanged(execution: Execution): Promise<boolean> {
  const { prepared, onEvent } = execution
  const { job, environment } = prepared
  const before = prepared.facts.source
  const planFiles = before.files.filter((file) => file.path.startsWith('plan:'))
  try {
    const now = await currentSource({ job, environment, planFiles })
    const differences = compareSources(before, now.manifest)
    if (differences.length > 0) onEvent({ type: 'source_changed', differences })
    return differences.length > 0
  } catch {
    // The folder cannot be read as it was: that is a change of it.
    return true
  }
}

/** A plan is applied to the state it was made for, or the tool refuses: only a first one asks. */
async function lineageAfter(prepared: Prepared): Promise<string | null> {
  return prepared.facts.target.lineage ?? (await lineageNow(prepared))
}

/** `null` where it cannot be read; the state itself is thrown away. */
export async function lineageNow(
  prepared: Pick<Prepared, 'job' | 'environment'>,
): Promise<string | null> {
  const { job, environment } = prepared
  const args = ['state', 'pull']
  const { program } = job.tool
  const call = { program, args, cwd: job.rootModule, env: environment.env, planFile: null }
  try {
    const ended = await callTool(call, STATE_BYTES_MAX).ended
    const state: unknown = ended.exitCode === 0 ? JSON.parse(ended.stdout.toString('utf8')) : null
    if (typeof state !== 'object' || state === null) return null
    const lineage: unknown = Reflect.get(state, 'lineage')
    return typeof lineage === 'string' && lineage !== '' ? lineage : null
  } catch {
    // An outcome without a lineage is still an outcome: it must be told.
    return null
  }
}

const STATE_BYTES_MAX = 512 * 1024 * 1024

async function beat(execution: Execution, signal: AbortSignal): Promise<void> {
  const { calls, onEvent } = execution
  let told = false
  for (let count = 1; ; count += 1) {
    await sleep(HEARTBEAT_MS, signal)
    if (signal.aborted) return
    const answer = await calls.beat(count).catch(() => null)
    if (answer?.ok !== true || answer.value.goOn || told) continue
    onEvent({ type: 'grant_over' })
    told = true
  }
}

const TELL_AGAIN_MS_MIN = 250
const TELL_AGAIN_MS_MAX = 5_000
const TELL_FOR_MS = 15 * 60_000

/** The server may be away while we end. Telling twice is harmless; applying twice never happens. */
export async function tellOutcome(calls: ServerCalls, outcome: Outcome): Promise<boolean> {
  const enough = AbortSignal.timeout(TELL_FOR_MS)
  for (
    let wait = TELL_AGAIN_MS_MIN;
    !enough.aborted;
    wait = Math.min(wait * 2, TELL_AGAIN_MS_MAX)
  ) {
    const answer = await calls.finish(outcome).catch((cause: unknown) => {
      if (cause instanceof Fault) return null
      throw cause
    })
    if (answer?.ok === true) return true
    if (answer !== null && answer.status < 500) return await wasHeard(calls)
    await sleep(wait, enough)
  }
  return false
}

/** Refused after an answer that was lost: then the change already has the outcome. */
async function wasHeard(calls: ServerCalls): Promise<boolean> {
  const answer = await calls.view().catch(() => null)
  return answer?.ok === true && answer.value.outcome !== null
}
