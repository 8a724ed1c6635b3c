/**
 * One call of the tool: its environment, its limits, its lines turned into events. Lines are
 * redacted here, at the only place where the tool's words become the runner's.
 */
import type { Environment } from '../../io/environment.ts'
import { type Child, type SpawnRequest, spawnChild } from '../../io/spawn.ts'
import type { RedactText } from '../output-redaction.ts'
import type { PlanFile } from '../plan-file.ts'
import type { ToolHook } from '../progress.ts'
import type { OnEvent, RunEvent, ToolProblem } from '../run-event.ts'
import { readToolLine } from './tool-stream.ts'

export interface ToolCall {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Environment
  readonly planFile: PlanFile | null
}

const STDERR_BYTES_MAX = 1 << 20
const SMALL_BYTES_MAX = 1 << 20

/** Collects stdout, for `show` and `state pull`. */
export function callTool(call: ToolCall, stdoutBytesMax: number = SMALL_BYTES_MAX): Child {
  return start(call, { stdoutBytesMax, onLine: null, killGroupAtEnd: true })
}

export interface Listener {
  readonly onEvent: OnEvent
  readonly redact: RedactText
  readonly onHook: (hook: ToolHook) => void
  /** What planning left behind dies; what an approved apply started may live on. */
  readonly killGroupAtEnd: boolean
}

/** Streams `-json` lines into events. */
export function followTool(call: ToolCall, listener: Listener): Child {
  const { onEvent, redact, onHook, killGroupAtEnd } = listener
  const onLine = (line: string): void => {
    const read = readToolLine(line)
    if (read === null) return
    if (read.kind === 'hook') onHook(read.hook)
    if (read.kind === 'problem') {
      onEvent(problemEvent(read.problem, redact))
      if (isLocked(read.problem)) onEvent({ type: 'warning', text: LOCKED })
    } else onEvent({ type: 'tool_output', text: redact(read.text) })
  }
  return start(call, { stdoutBytesMax: SMALL_BYTES_MAX, onLine, killGroupAtEnd })
}

/** A run that was killed leaves its lock, and no one else may take it away. */
const LOCKED =
  'Another run holds the lock of this state. See whether it still runs; if it was killed, take its ' +
  'lock away with terraform force-unlock <ID>, and look at what it did before you go on'

function isLocked({ summary }: ToolProblem): boolean {
  return summary === 'Error acquiring the state lock'
}

function problemEvent(problem: ToolProblem, redact: RedactText): RunEvent {
  const { summary, detail } = problem
  const redacted = { ...problem, summary: redact(summary), detail: redact(detail) }
  return { type: 'tool_problem', problem: redacted }
}

type Output = Pick<SpawnRequest, 'stdoutBytesMax' | 'onLine' | 'killGroupAtEnd'>

function start(call: ToolCall, output: Output): Child {
  const { planFile, ...rest } = call
  const descriptor = planFile?.descriptor ?? null
  const stderrBytesMax = STDERR_BYTES_MAX
  return spawnChild({ ...rest, ...output, descriptor, stderrBytesMax, signal: null })
}
