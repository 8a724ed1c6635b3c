/**
 * Keeps one evaluation child warm and gives it one job at a time, each under a deadline. A child
 * that hangs, crashes or grows too large is killed and replaced; its job gets a failure, which the
 * caller turns into people, never into `allow` (I14).
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type {
  Connection,
  CredentialGap,
  PolicyEvaluation,
  PolicyFacts,
  PolicyProblem,
  RunnerTrust,
  Target,
} from '@holdpoint/core'

/** What would be granted is derived where the plan is read. */
export interface CredentialJob {
  readonly connections: readonly Connection[]
  readonly target: Target
  readonly trust: RunnerTrust
  /** The scope that was derived before and still holds: it is frozen. */
  readonly frozen: string | null
}

export interface CredentialFindings {
  /** Canonical text; `null` where the workspace has no connection. */
  readonly scope: string | null
  readonly gaps: readonly CredentialGap[]
  /** What the plan brings along, in words. */
  readonly own: readonly string[]
}

export type ChildJob =
  | { readonly kind: 'read'; readonly policy: string }
  | {
      readonly kind: 'evaluate'
      readonly policy: string
      /** The plan document's bytes. */
      readonly plan: Uint8Array
      readonly facts: PolicyFacts
      readonly now: number
      /** `null`: the workspace has no connection, so nothing is granted. */
      readonly credentials: CredentialJob | null
    }

export type ChildReply =
  | { readonly kind: 'problems'; readonly problems: readonly PolicyProblem[] }
  | {
      readonly kind: 'evaluated'
      readonly evaluated: PolicyEvaluation
      readonly credentials: CredentialFindings
    }

/** Why there is no answer; a sentence part that goes into the finding. */
export type ChildFailure = { readonly kind: 'failed'; readonly because: 'late' | 'crashed' }

export interface EvaluationProcess {
  readonly run: (job: ChildJob) => Promise<ChildReply | ChildFailure>
  readonly close: () => Promise<void>
}

export interface EvaluationProcessOptions {
  readonly deadlineMs: number
  readonly heapMegabytes: number
  /** The program; tests hand in ones that misbehave. */
  readonly program: string
}

export const EVALUATION_DEFAULTS: EvaluationProcessOptions = {
  deadlineMs: 5_000,
  heapMegabytes: 256,
  program: fileURLToPath(new URL('./evaluation-child.ts', import.meta.url)),
}

export function startEvaluationProcess(options: EvaluationProcessOptions): EvaluationProcess {
  let child: ChildProcess | null = spawnChild(options)
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  const next = (): ChildProcess => {
    if (child === null || child.exitCode !== null || !child.connected) child = spawnChild(options)
    return child
  }
  const once = async (job: ChildJob): Promise<ChildReply | ChildFailure> => {
    if (closed) return { kind: 'failed', because: 'crashed' }
    const running = next()
    const answer = await oneJob(running, job, options.deadlineMs)
    if (answer.kind !== 'failed') return answer
    running.kill('SIGKILL')
    child = closed ? null : spawnChild(options)
    return answer
  }
  return {
    run: (job) => {
      const mine = last.then(() => once(job))
      last = mine.catch(() => undefined)
      return mine
    },
    close: async () => {
      closed = true
      child?.kill('SIGKILL')
      child = null
    },
  }
}

function spawnChild(options: EvaluationProcessOptions): ChildProcess {
  const child = fork(options.program, [], {
    env: {},
    execArgv: [`--max-old-space-size=${options.heapMegabytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // The server may end while a child is idle; and a child that cannot start is a failed job.
  child.unref()
  child.channel?.unref()
  child.on('error', () => child.kill('SIGKILL'))
  return child
}

function oneJob(
  child: ChildProcess,
  job: ChildJob,
  deadlineMs: number,
): Promise<ChildReply | ChildFailure> {
  return new Promise((resolve) => {
    const end = (answer: ChildReply | ChildFailure): void => {
      clearTimeout(timer)
      child.removeAllListeners('message')
      child.off('exit', crashed)
      resolve(answer)
    }
    const crashed = (): void => end({ kind: 'failed', because: 'crashed' })
    const timer = setTimeout(() => end({ kind: 'failed', because: 'late' }), deadlineMs)
    child.once('exit', crashed)
    child.once('message', (reply) => {
      end(isReply(reply) ? reply : { kind: 'failed', because: 'crashed' })
    })
    child.send(job, (error) => {
      if (error !== null) crashed()
    })
  })
}

/** Our own program answers; what is not one of its two answers is treated as a crash. */
function isReply(reply: unknown): reply is ChildReply {
  if (typeof reply !== 'object' || reply === null || !('kind' in reply)) return false
  if (reply.kind === 'problems') return 'problems' in reply && Array.isArray(reply.problems)
  if (reply.kind !== 'evaluated' || !('evaluated' in reply)) return false
  const { evaluated } = reply
  if (typeof evaluated !== 'object' || evaluated === null || !('verdict' in evaluated)) return false
  return ['allow', 'hold', 'deny'].some((verdict) => verdict === evaluated.verdict)
}
