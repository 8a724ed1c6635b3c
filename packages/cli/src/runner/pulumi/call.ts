/** One call of Pulumi: a program and its arguments, the environment of its lists, never a shell. */
import type { Environment } from '../../io/environment.ts'
import { type Child, spawnChild } from '../../io/spawn.ts'
import type { PlanFile } from '../plan-file.ts'
import { pulumiEnvironment, withGranted } from './environment.ts'
import type { PulumiJob } from './job.ts'

export interface PulumiCall {
  readonly args: readonly string[]
  readonly planFile: PlanFile | null
  /** Lines of standard output as they come; `null` keeps them. */
  readonly onLine: ((line: string) => void) | null
  /** What planning left behind dies; what an approved update started may live on. */
  readonly killGroupAtEnd: boolean
  /** Where the run has connections: a home and settings of ours, and what the broker adds. */
  readonly granted: Environment | null
}

const STDOUT_BYTES_MAX = 512 * 1024 * 1024
const STDERR_BYTES_MAX = 1 << 20

export function callPulumi(job: PulumiJob, call: PulumiCall): Child {
  const { env } = pulumiEnvironment(job.readEnvironment())
  return spawnChild({
    program: job.program,
    args: [...call.args, `--stack=${job.stack}`, '--non-interactive'],
    cwd: job.folder,
    env: withGranted(env, call.granted),
    descriptor: call.planFile?.descriptor ?? null,
    stdoutBytesMax: STDOUT_BYTES_MAX,
    stderrBytesMax: STDERR_BYTES_MAX,
    onLine: call.onLine,
    killGroupAtEnd: call.killGroupAtEnd,
    signal: null,
  })
}

/** A short question whose answer is on standard output. */
export const QUESTION = {
  planFile: null,
  onLine: null,
  killGroupAtEnd: true,
} as const
