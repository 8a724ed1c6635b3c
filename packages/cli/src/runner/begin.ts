/**
 * What every run begins with, whether it goes on to apply or only opens a change: an id with its
 * key, a plan that changes something, and faults that end as results. Nothing here executes.
 */
import type { Client } from '@holdpoint/api/client'
import type { ChangeId, Plan } from '@holdpoint/core'
import type { Environment } from '../io/environment.ts'
import { Fault } from '../io/fault.ts'
import { type Granted, openGranted } from './broker/granted.ts'
import type { Connection } from './broker/kind.ts'
import type { Interrupts } from './interrupts.ts'
import { type Ending, type RunResult, resultOf, toolFailed } from './run-result.ts'
import { reserve as askToReserve, EvidenceRefused, NotReserved } from './server-calls.ts'
import { JobRefused, NothingToDo, ToolFailed } from './tool.ts'

/** Asks for an id when it is first needed, and only once. */
export function reserveOnce(client: Client, workspace: string) {
  let reserved: ReturnType<typeof reservedFor> | null = null
  return () => {
    reserved ??= reservedFor(client, workspace)
    return reserved
  }
}

async function reservedFor(client: Client, workspace: string) {
  const answer = await askToReserve(client, { workspace, sameAs: null })
  if (!answer.ok) throw new NotReserved(answer.problem)
  const { hidingKey, previous, ...ids } = answer.value
  const bytes = (text: string) => Buffer.from(text, 'base64')
  return {
    ...ids,
    hidingKey: bytes(hidingKey),
    previous: previous === null ? null : { ...previous, hidingKey: bytes(previous.hidingKey) },
  }
}

/** Opens the run's credentials when they are first asked for, and closes what was opened. */
export function grantedOnce(
  sources: {
    readonly client: Client
    readonly environment: () => Environment
    readonly program: readonly string[]
  },
  reserve: () => Promise<{
    readonly change: ChangeId
    readonly connections: readonly Connection[]
  }>,
): { readonly granted: () => Promise<Granted | null>; readonly close: () => Promise<void> } {
  let opening: Promise<Granted | null> | null = null
  const open = async (): Promise<Granted | null> => {
    const { change, connections } = await reserve()
    const { client, program } = sources
    return openGranted({ client, change, connections, found: sources.environment(), program })
  }
  return {
    granted: () => {
      opening ??= open()
      return opening
    },
    close: async () => {
      const opened = opening === null ? null : await opening.catch(() => null)
      await opened?.close()
    },
  }
}

/** What could not be prepared leaves nothing behind. */
export async function closing<T>(
  prepared: Promise<T>,
  granting: { readonly close: () => Promise<void> },
): Promise<T> {
  try {
    return await prepared
  } catch (cause) {
    await granting.close()
    throw cause
  }
}

/** The tool says so itself; where it does not, only when there is nothing at all in the plan. */
export function changesNothing(plan: Plan): boolean {
  if (plan.errored) return false
  if (plan.applyable !== null) return !plan.applyable
  const isNoop = (each: { readonly action: string }) => each.action === 'noop'
  const acts = plan.deferred.length + plan.invocations.length + plan.drift.length
  return acts === 0 && plan.resources.every(isNoop) && plan.outputs.every(isNoop)
}

/** Faults and refusals of input become results; anything else is a bug and passes. */
export async function guarded<T>(
  work: () => Promise<T>,
  interrupts: Interrupts,
): Promise<T | RunResult> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ToolFailed) {
      if (interrupts.interrupted) return resultOf({ type: 'interrupted' }, null)
      const { message: title, stderr, exitCode: toolExitCode } = cause
      return toolFailed({ title, stderr, toolExitCode })
    }
    return resultOf(endingOf(cause), null)
  }
}

function endingOf(cause: unknown): Ending {
  if (cause instanceof NothingToDo) return { type: 'nothing_to_do' }
  if (cause instanceof JobRefused) return { type: 'invalid', sentence: cause.message }
  if (cause instanceof EvidenceRefused || cause instanceof NotReserved)
    return { type: 'refused', problem: cause.problem }
  if (!(cause instanceof Fault)) throw cause
  if (cause.code === 'plan_unreadable') return { type: 'invalid', sentence: cause.message }
  return { type: 'fault', sentence: cause.message, cause }
}
