/**
 * The one apply of a plan file: that very file, in the environment it was planned in. Then what the
 * folder and the state are, because code that ran may have changed both.
 */
import { compareSources, type Outcome } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { Fault } from '../../io/fault.ts'
import type { Ended } from '../../io/spawn.ts'
import { Progress } from '../progress.ts'
import type { Started, ToolEnd } from '../tool.ts'
import { currentSource } from './facts.ts'
import { actedWithOthers } from './not-ours.ts'
import { type TerraformPlan, withoutHandedOut } from './prepare.ts'
import { callTool, followTool } from './tool-run.ts'

/** Exit codes as a shell gives them: not started, and interrupted. */
const NOT_STARTED = 127
const INTERRUPTED = 130

interface Execution extends Started {
  readonly prepared: TerraformPlan
}

export async function execute(prepared: TerraformPlan, started: Started): Promise<ToolEnd> {
  const execution = { ...started, prepared }
  const progress = new Progress(prepared.plan)
  const ended = await applyOnce(execution, progress)
  const outcome = await describe(execution, { exitCode: ended.exitCode, progress })
  const redact = withoutHandedOut(started.broker, prepared.redactText)
  const stderr = redact(ended.stderr.toString('utf8')).trim()
  return { outcome, stderr }
}

type ProgramEnd = Pick<Ended, 'exitCode' | 'stderr'>

async function applyOnce(execution: Execution, progress: Progress): Promise<ProgramEnd> {
  const { prepared, interrupts, onEvent, broker } = execution
  const { job, planFile } = prepared
  if (interrupts.interrupted) return { exitCode: INTERRUPTED, stderr: Buffer.alloc(0) }
  const args = ['apply', '-input=false', '-json', ...job.arguments.apply, planFile.path]
  const { program } = job.tool
  const call = { program, args, cwd: job.rootModule, env: environmentFor(execution), planFile }
  const child = followTool(call, {
    onEvent,
    redact: withoutHandedOut(broker, prepared.redactText),
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

/** The grant stands in every call's user agent, so that the cloud's own log joins back to it. */
function environmentFor({ prepared, broker, grant }: Execution): Environment {
  const { env } = prepared.environment
  if (broker === null) return env
  const agent = [env['TF_APPEND_USER_AGENT'], `holdpoint/${grant}`].filter((each) => each)
  return { ...env, ...broker.env, TF_APPEND_USER_AGENT: agent.join(' ') }
}

async function describe(
  execution: Execution,
  end: { readonly exitCode: number; readonly progress: Progress },
): Promise<Outcome> {
  const { exitCode, progress } = end
  const succeeded = exitCode === 0
  const { broker, prepared } = execution
  // What was refused its credentials did nothing, and needed no others.
  const isNotOurs = broker !== null && progress.done > 0 && actedWithOthers(prepared.plan, broker)
  return {
    result: succeeded ? 'applied' : 'failed',
    exitCode,
    appliedCount: succeeded ? progress.total : progress.done,
    totalCount: progress.total,
    sourceChanged: await sourceChanged(execution),
    lineage: await lineageAfter(execution),
    ...(isNotOurs ? { credentialsNotOurs: true } : {}),
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
async function lineageAfter(execution: Execution): Promise<string | null> {
  const { prepared } = execution
  return (
    prepared.facts.target.lineage ?? (await lineageNow(prepared.job, environmentFor(execution)))
  )
}

/** `null` where it cannot be read; the state itself is thrown away. */
export async function lineageNow(
  job: TerraformPlan['job'],
  env: Environment,
): Promise<string | null> {
  const args = ['state', 'pull']
  const { program } = job.tool
  const call = { program, args, cwd: job.rootModule, env, planFile: null }
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
