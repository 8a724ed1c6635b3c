/**
 * Opens a change and leaves it to others: plan, open, read the verdict, forget the key. What runs
 * here can never start what it opened, because nothing that claims or applies is in reach of it.
 */
import { newSigningKey } from '@holdpoint/api/node'
import type { ChangeId } from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import { changesNothing, closing, grantedOnce, guarded, reserveOnce } from './begin.ts'
import { Interrupts, type RunControl } from './interrupts.ts'
import { openChange } from './open-change.ts'
import type { RunSettings } from './run.ts'
import type { ChangeView } from './run-event.ts'
import { type RunResult, resultOf } from './run-result.ts'
import { type ServerCalls, serverCalls } from './server-calls.ts'
import type { Prepared, Tool } from './tool.ts'
import { waitForRelease } from './wait.ts'

export interface ProposeOptions
  extends Pick<
    RunSettings,
    | 'workspaceName'
    | 'client'
    | 'token'
    | 'request'
    | 'onEvent'
    | 'awayMsMax'
    | 'environment'
    | 'program'
  > {
  /** A tool's `prepare`, and nothing else of it. */
  readonly prepare: Tool<Prepared>['prepare']
}

export interface Proposed {
  readonly ending:
    | { readonly type: 'open'; readonly view: ChangeView }
    /** The very same plan is open already, and keeps the run and the decisions that it has. */
    | { readonly type: 'open_already'; readonly change: ChangeId }
}

export interface Proposal {
  readonly control: RunControl
  /** Never rejects for a refusal or a fault: those are results. */
  readonly ended: Promise<Proposed | RunResult>
}

export function startProposal(options: ProposeOptions): Proposal {
  const interrupts = new Interrupts(options.onEvent)
  const ended = guarded(() => propose(options, interrupts), interrupts)
  return { control: interrupts, ended }
}

async function propose(
  options: ProposeOptions,
  interrupts: Interrupts,
): Promise<Proposed | RunResult> {
  const { client, workspaceName, prepare, token, onEvent } = options
  const reserve = reserveOnce(client, workspaceName)
  const granting = grantedOnce(options, reserve)
  const { granted } = granting
  const context = { reserve, granted, token, interrupts, onEvent }
  const prepared = await closing(prepare(context), granting)
  try {
    const { change, workspace } = await reserve()
    if (interrupts.interrupted) return resultOf({ type: 'interrupted' }, null)
    if (changesNothing(prepared.plan)) return resultOf({ type: 'nothing_to_do' }, null)
    // To go on with it would take it from the run that waits for it.
    if (prepared.continues !== null)
      return { ending: { type: 'open_already', change: prepared.continues } }
    const calls = serverCalls({ client, key: newSigningKey(), change, workspace })
    return await open({ options, interrupts, prepared, calls })
  } finally {
    await prepared.close()
    await granting.close()
  }
}

interface Opening {
  readonly options: ProposeOptions
  readonly interrupts: Interrupts
  readonly prepared: Prepared
  readonly calls: ServerCalls
}

async function open(opening: Opening): Promise<Proposed | RunResult> {
  const { options, interrupts, prepared, calls } = opening
  const { client, onEvent, awayMsMax } = options
  const { signal } = interrupts
  const request = { ...options.request, door: 'apply' } as const
  const opened = await openChange({ calls, prepared, request, onEvent, signal, awayMsMax })
  if (!opened.ok) return resultOf({ type: 'refused', problem: opened.problem }, null)
  const waited = await waitForRelease({ client, calls, noWait: true, awayMsMax, signal, onEvent })
  if (waited.type === 'refused') return resultOf(waited, calls.change)
  if (waited.type === 'away') throw new Fault('server_unreachable', AWAY)
  const seen = await calls.view()
  if (!seen.ok) return resultOf({ type: 'refused', problem: seen.problem }, calls.change)
  return { ending: { type: 'open', view: seen.value } }
}

const AWAY = 'The change was opened, and then the server gave no answer; look at it again later'
