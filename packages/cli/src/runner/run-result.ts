/** How a run ended, and the exit code that goes with it (DESIGN §9). */
import type { ApiProblem } from '@holdpoint/api/client'
import type { ChangeId, Difference, Outcome } from '@holdpoint/core'
import type { ChangeView } from './run-event.ts'

export type Ending =
  /** `recorded`: has the server heard? `stderr` is redacted. */
  | {
      readonly type: 'applied' | 'failed'
      readonly outcome: Outcome
      readonly recorded: boolean
      readonly stderr: string
    }
  /** It started, and nobody here can say how it ended; the server was told nothing. `stderr` is redacted. */
  | { readonly type: 'lost'; readonly stderr: string }
  /** The plan changes nothing; no change was opened. */
  | { readonly type: 'nothing_to_do' }
  /** The tool could not plan or show; nothing was opened. */
  | { readonly type: 'tool_failed'; readonly title: string; readonly stderr: string }
  /** Stopped before anything was opened. */
  | { readonly type: 'interrupted' }
  /** Still held: `--no-wait`, or Ctrl-C while waiting. */
  | { readonly type: 'held' }
  /** Denied, rejected, expired, superseded, withdrawn, or started elsewhere. */
  | { readonly type: 'closed'; readonly view: ChangeView }
  | { readonly type: 'withdrawn' }
  /** What would run is not what was approved; the approvals stand. */
  | {
      readonly type: 'differs'
      readonly differences: readonly Difference[]
      /** What was prepared can never be executed, whatever is put back. */
      readonly isOutdated: boolean
    }
  | { readonly type: 'refused'; readonly problem: ApiProblem }
  /** `gate`: the grant is consumed, the pipeline may apply. */
  | { readonly type: 'go'; readonly until: number }
  /** `gate finish`: the outcome is recorded. */
  | { readonly type: 'recorded'; readonly outcome: Outcome }
  /** What was given cannot be used: a sentence. */
  | { readonly type: 'invalid'; readonly sentence: string }
  /** Server, tool or machine did not cooperate: a sentence. */
  | { readonly type: 'fault'; readonly sentence: string; readonly cause: unknown }

export interface RunResult {
  readonly exitCode: 0 | 1 | 2 | 3 | 75
  readonly ending: Ending
  readonly change: ChangeId | null
  /** The wrapped tool's own code when it failed, else `null`. */
  readonly toolExitCode: number | null
}

export function resultOf(ending: Ending, change: ChangeId | null): RunResult {
  return { exitCode: exitCodeOf(ending), ending, change, toolExitCode: toolExitCodeOf(ending) }
}

export function toolFailed(failed: {
  readonly title: string
  readonly stderr: string
  readonly toolExitCode: number | null
}): RunResult {
  const { title, stderr, toolExitCode } = failed
  return { exitCode: 3, ending: { type: 'tool_failed', title, stderr }, change: null, toolExitCode }
}

function exitCodeOf(ending: Ending): RunResult['exitCode'] {
  switch (ending.type) {
    case 'applied':
    case 'recorded':
      // Applied but unheard: the outcome is unknown to everybody else.
      return ending.type === 'recorded' || ending.recorded ? 0 : 3
    case 'nothing_to_do':
    case 'go':
      return 0
    case 'held':
      return 75
    case 'closed':
      return ending.view.status === 'outcome_unknown' ? 3 : 1
    case 'withdrawn':
    case 'differs':
      return 1
    case 'refused':
      return refusedCode(ending.problem)
    case 'invalid':
      return 2
    case 'failed':
    case 'lost':
    case 'tool_failed':
    case 'interrupted':
    case 'fault':
      return 3
  }
}

function refusedCode(problem: ApiProblem): RunResult['exitCode'] {
  if (problem.code === 'fault') return 3
  return problem.code === 'invalid_input' ? 2 : 1
}

function toolExitCodeOf(ending: Ending): number | null {
  return ending.type === 'failed' ? ending.outcome.exitCode : null
}
