/**
 * Runs `holdpoint` as a person would: a process of its own, with the real command line. What it
 * prints is handed on line by line, so that the story shows the product and not a retelling.
 */
import { readEnvironment } from '../io/environment.ts'
import { spawnChild } from '../io/spawn.ts'
import { WORKSPACE } from './configuration.ts'
import type { Stage } from './stage.ts'

export interface ActorCall {
  readonly as: string
  readonly args: readonly string[]
  readonly onLine: (line: string) => void
}

export interface Acting {
  readonly ended: Promise<{
    readonly code: number
    readonly lines: readonly string[]
    /** What it said on standard error, which is not handed on by itself: progress, or a refusal. */
    readonly said: readonly string[]
  }>
  readonly stop: () => void
}

const OUTPUT_BYTES_MAX = 1 << 20

/** `tool` is the program that plans and applies; `null` lets holdpoint find it. */
export function act(stage: Stage, tool: string | null, call: ActorCall): Acting {
  const lines: string[] = []
  const child = spawnChild({
    program: process.execPath,
    args: [process.argv[1] ?? '', '--as', call.as, ...call.args],
    cwd: stage.project,
    env: {
      ...readEnvironment(),
      NO_COLOR: '1',
      HOLDPOINT_SERVER: stage.url,
      HOLDPOINT_WORKSPACE: WORKSPACE,
      ...(tool === null ? {} : { HOLDPOINT_TOOL_PATH: tool }),
    },
    descriptor: null,
    stdoutBytesMax: OUTPUT_BYTES_MAX,
    stderrBytesMax: OUTPUT_BYTES_MAX,
    onLine: (line) => {
      lines.push(line)
      call.onLine(line)
    },
    killGroupAtEnd: true,
    signal: null,
  })
  stage.running.add(child.killGroup)
  const ended = child.ended.then(({ exitCode, stderr }) => {
    stage.running.delete(child.killGroup)
    const said = stderr.toString('utf8').trimEnd().split('\n')
    return { code: exitCode, lines: [...lines, ...said], said }
  })
  return { ended, stop: child.killGroup }
}
