/**
 * The one execution of a released change, whichever tool does it: heartbeats while it goes on, and
 * an outcome that is told until somebody has heard it. It starts the tool once and never again,
 * whatever happens to the server meanwhile.
 */
import type { Answer, Reply } from '@holdpoint/api/client'
import { HEARTBEAT_LOST_MS, HEARTBEAT_MS, type Outcome } from '@holdpoint/core'
import { now, sleep } from '../io/clock.ts'
import { Fault } from '../io/fault.ts'
import type { OnEvent } from './run-event.ts'
import type { Ending } from './run-result.ts'
import type { ServerCalls } from './server-calls.ts'
import type { ToolEnd } from './tool.ts'

export interface Execution {
  readonly calls: ServerCalls
  readonly onEvent: OnEvent
  /** The tool's own part, bound to what was prepared; called once. */
  readonly start: () => Promise<ToolEnd>
  /**
   * The server says that the grant is over, or was not heard of for too long. Called at each beat
   * until it answers that the tool was told: what goes on after a silence is still to be stopped.
   */
  readonly onGrantOver: () => Promise<'stopped' | 'goes_on'>
}

type GrantOver = 'told' | 'not_heard'

type Executed = Extract<Ending, { type: 'applied' | 'failed' | 'lost' }>

export async function execute(execution: Execution): Promise<Executed> {
  const { calls, onEvent, start } = execution
  const stop = new AbortController()
  const beating = beat(execution, stop.signal)
  try {
    const { outcome, stderr } = await start()
    if (outcome === null) return { type: 'lost', stderr }
    onEvent({ type: 'finished', outcome })
    const recorded = await tellOutcome(calls, outcome)
    return { type: outcome.result, outcome, recorded, stderr }
  } finally {
    // Of what nobody knows nothing is told: without a heartbeat the server says so itself.
    stop.abort()
    await beating
  }
}

async function beat(
  { calls, onEvent, onGrantOver }: Omit<Execution, 'start'>,
  signal: AbortSignal,
): Promise<void> {
  let said: GrantOver | null = null
  let isStopped = false
  let heardAt = now()
  for (let count = 1; ; count += 1) {
    await sleep(HEARTBEAT_MS, signal)
    if (signal.aborted) return
    const answer = await calls.beat(count).catch(() => null)
    if (answer?.ok === true && answer.value.goOn) heardAt = now()
    const because = overBecause(answer, heardAt)
    if (because === null || isStopped) continue
    if (said !== because) onEvent({ type: 'grant_over', because })
    said = because
    isStopped = (await onGrantOver()) === 'stopped'
  }
}

/** After so long without a word the server takes this run for lost, and so do we. */
function overBecause(answer: Answer<Reply<'heartbeat'>> | null, heardAt: number): GrantOver | null {
  if (answer?.ok === true) return answer.value.goOn ? null : 'told'
  return now() - heardAt >= HEARTBEAT_LOST_MS ? 'not_heard' : null
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
