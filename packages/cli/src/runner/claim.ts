/**
 * Claims the one grant. The answer may be lost on the way: then the server is asked again, and an
 * execution that is under way was started by our key, which nobody else has. Without a clear yes
 * nothing runs.
 */
import type { Answer, ApiProblem, Reply } from '@holdpoint/api/client'
import { sleep } from '../io/clock.ts'
import { Fault } from '../io/fault.ts'
import { Patience } from './patience.ts'
import type { ServerCalls, StartBody } from './server-calls.ts'

export type Claimed =
  | { readonly type: 'started'; readonly grant: string; readonly until: number }
  /** Not now: look at the change again. */
  | { readonly type: 'again'; readonly busy: boolean }
  | { readonly type: 'refused'; readonly problem: ApiProblem }
  /** Stopped, or given up, while no answer had come: the grant may be used, and nothing runs. */
  | { readonly type: 'unsure' }

const ASK_AGAIN_MS = 500
const BUSY_MS = 3_000

/** Refusals after which the change says more: it went back to held, was denied, or moved. */
const LOOK_AGAIN: readonly string[] = [
  'approvals_missing',
  'not_evaluated',
  'wrong_state',
  'evaluation_stale',
  'denied_now',
]

type Calls = Pick<ServerCalls, 'start' | 'view'>

export async function claim(
  calls: Calls,
  body: StartBody,
  { signal, awayMsMax }: { readonly signal: AbortSignal; readonly awayMsMax: number },
): Promise<Claimed> {
  const patience = new Patience(awayMsMax)
  let uncertain = false
  for (;;) {
    const answer = await answerOrNull(calls.start(body))
    if (answer?.ok === true) return { type: 'started', ...answer.value }
    if (answer !== null && isFinal(answer))
      return await refusedClaim({ calls, problem: answer.problem, uncertain }, signal)
    uncertain = true
    await sleep(ASK_AGAIN_MS, signal)
    if (signal.aborted || patience.isOver()) return { type: 'unsure' }
  }
}

/** A server that is in read-only, or in another time, says no however long it is asked. */
const SAYS_NO: readonly string[] = ['reads_only', 'clock_differs']

function isFinal(answer: Extract<Answer<Reply<'start'>>, { ok: false }>): boolean {
  return answer.status < 500 || SAYS_NO.includes(answer.problem.code)
}

interface RefusedClaim {
  readonly calls: Calls
  readonly problem: ApiProblem
  /** An earlier answer was lost. */
  readonly uncertain: boolean
}

async function refusedClaim(refused: RefusedClaim, signal: AbortSignal): Promise<Claimed> {
  const { calls, problem, uncertain } = refused
  if (problem.code === 'grant_used' && uncertain) return await ownStart(calls, problem)
  if (problem.code === 'workspace_busy') {
    await sleep(BUSY_MS, signal)
    return { type: 'again', busy: true }
  }
  if (!LOOK_AGAIN.includes(problem.code)) return { type: 'refused', problem }
  await sleep(ASK_AGAIN_MS, signal)
  return { type: 'again', busy: false }
}

/** The first answer was lost and the grant is used: by us, if the change executes now. */
async function ownStart(calls: Calls, problem: ApiProblem): Promise<Claimed> {
  const answer = await answerOrNull(calls.view())
  if (answer?.ok !== true) return { type: 'refused', problem }
  const { status, execution } = answer.value
  if (status !== 'executing' || execution === null) return { type: 'refused', problem }
  return { type: 'started', grant: '', until: execution.until }
}

async function answerOrNull<T extends Answer<Reply<'start'> | Reply<'change'>>>(
  asked: Promise<T>,
): Promise<T | null> {
  try {
    return await asked
  } catch (cause) {
    if (cause instanceof Fault) return null
    throw cause
  }
}
