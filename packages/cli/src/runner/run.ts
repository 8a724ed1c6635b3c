/**
 * The life of a change that is executed here, whichever tool does it: reserve, plan, open,
 * wait, check everything again, claim, execute once, tell the outcome. Never prints, never exits: it
 * reports events and returns how it ended.
 */
import type { Client } from '@holdpoint/api/client'
import { newSigningKey } from '@holdpoint/api/node'
import { type ChangeId, type Difference, isOpen } from '@holdpoint/core'
import type { Environment } from '../io/environment.ts'
import { Fault } from '../io/fault.ts'
import { changesNothing, closing, grantedOnce, guarded, reserveOnce } from './begin.ts'
import type { Broker } from './broker/broker.ts'
import { claim } from './claim.ts'
import { execute } from './execute.ts'
import { Interrupts, type RunControl } from './interrupts.ts'
import { continueChange, openChange } from './open-change.ts'
import type { OnEvent } from './run-event.ts'
import { type Ending, type RunResult, resultOf } from './run-result.ts'
import { type Request, type ServerCalls, serverCalls } from './server-calls.ts'
import type { Prepared, Rechecked, Started, Tool, ToolEnd } from './tool.ts'
import { waitForRelease } from './wait.ts'

export interface RunOptions<P extends Prepared> extends RunSettings {
  readonly tool: Tool<P>
}

/** What a run needs besides the tool. */
export interface RunSettings {
  readonly environment: () => Environment
  /** Argv of this very program, for what asks the broker as a program. */
  readonly program: readonly string[]
  readonly workspaceName: string
  readonly client: Client
  /** Our own token, so that it can be hidden in the tool's output. */
  readonly token: string | null
  readonly request: Omit<Request, 'door'>
  readonly onEvent: OnEvent
  /** Ends with 75 as soon as the change is held. */
  readonly noWait: boolean
  /** How long a server is asked that gives no answer; see `AWAY_MS_MAX`. */
  readonly awayMsMax: number
  /** What Ctrl-C while waiting does to the change. */
  readonly whenInterrupted: 'leave' | 'withdraw'
  /** 60 to 3600. */
  readonly grantSeconds: number
  /** Asked when something differs: `again` after it was put back, in this same run. */
  readonly onDifference: (differences: readonly Difference[]) => Promise<'again' | 'stop'>
}

export interface Run {
  readonly control: RunControl
  /** Never rejects for a refusal or a fault: those are results. */
  readonly ended: Promise<RunResult>
}

export function startRun<P extends Prepared>(options: RunOptions<P>): Run {
  const interrupts = new Interrupts(options.onEvent)
  return { control: interrupts, ended: guarded(() => apply(options, interrupts), interrupts) }
}

/** What others do to the same place must not keep a run busy for ever. */
const MADE_AGAIN_MAX = 5

async function apply<P extends Prepared>(
  options: RunOptions<P>,
  interrupts: Interrupts,
): Promise<RunResult> {
  for (let round = 1; ; round += 1) {
    const result = await applyPrepared(options, interrupts)
    const isOutdated = result.ending.type === 'differs' && result.ending.isOutdated
    if (!isOutdated || round > MADE_AGAIN_MAX || interrupts.interrupted) return result
  }
}

async function applyPrepared<P extends Prepared>(
  options: RunOptions<P>,
  interrupts: Interrupts,
): Promise<RunResult> {
  const { client, workspaceName, tool, token, onEvent } = options
  const reserve = reserveOnce(client, workspaceName)
  const granting = grantedOnce(options, reserve)
  const { granted } = granting
  const context = { reserve, granted, token, interrupts, onEvent }
  const prepared = await closing(tool.prepare(context), granting)
  try {
    const { change, workspace, previous } = await reserve()
    if (interrupts.interrupted) return resultOf({ type: 'interrupted' }, null)
    if (changesNothing(prepared.plan)) return resultOf({ type: 'nothing_to_do' }, null)
    const goesOn = prepared.continues ?? change
    const calls = serverCalls({ client, key: newSigningKey(), change: goesOn, workspace })
    return await openAndApply({
      ...{ options, interrupts, prepared, calls, previous },
      recheck: () => tool.recheck(prepared),
      execute: (started) => tool.execute(prepared, { ...started, interrupts, onEvent }),
      broker: async () => (await granted())?.openForApply(calls) ?? null,
    })
  } finally {
    await prepared.close()
    await granting.close()
  }
}

interface Opening {
  readonly options: RunSettings
  readonly interrupts: Interrupts
  readonly prepared: Prepared
  readonly recheck: () => Promise<Rechecked>
  readonly execute: (started: Pick<Started, 'grant' | 'broker'>) => Promise<ToolEnd>
  readonly broker: () => Promise<Broker | null>
  readonly calls: ServerCalls
  readonly previous: { readonly change: ChangeId } | null
}

async function openAndApply(opening: Opening): Promise<RunResult> {
  const { options, prepared, calls } = opening
  const request: Request = { ...options.request, door: 'apply' }
  const { signal } = opening.interrupts
  const { onEvent, awayMsMax } = options
  const begin = prepared.continues === null ? openChange : continueChange
  const opened = await begin({ calls, prepared, request, onEvent, signal, awayMsMax })
  if (!opened.ok) return resultOf({ type: 'refused', problem: opened.problem }, null)
  if (prepared.continues === null) await tellReplaced(opening)
  return resultOf(await untilEnded(opening), calls.change)
}

/** Whoever was asked about the earlier change has to know that this one is asked about now. */
async function tellReplaced({ options, calls, previous }: Opening): Promise<void> {
  if (previous === null) return
  const { change } = previous
  const answer = await options.client.call('change', { params: { change } }).catch(() => null)
  if (answer?.ok !== true) return
  const { status, supersededBy, pipeline } = answer.value
  const isNext = isOpen(status) && pipeline === options.request.pipeline
  if (isNext || supersededBy === calls.change) options.onEvent({ type: 'replaces', change })
}

async function untilEnded(opening: Opening): Promise<Ending> {
  const { options, calls, interrupts } = opening
  const { client, noWait, awayMsMax, onEvent } = options
  for (;;) {
    const waiting = { client, calls, noWait, awayMsMax, signal: interrupts.signal, onEvent }
    const waited = await waitForRelease(waiting)
    if (waited.type === 'stopped') return await stopWaiting(opening)
    if (waited.type === 'away') return AWAY
    if (waited.type !== 'released') return waited
    const ending = await startOnce(opening)
    if (ending !== null) return ending
  }
}

async function stopWaiting(opening: Opening): Promise<Ending> {
  const { options, calls } = opening
  if (options.whenInterrupted === 'leave') return { type: 'held' }
  const answer = await calls.withdraw()
  return answer.ok ? { type: 'withdrawn' } : { type: 'refused', problem: answer.problem }
}

/** `null`: not started, look at the change again. */
async function startOnce(opening: Opening): Promise<Ending | null> {
  const { options, calls, interrupts } = opening
  const { onEvent, grantSeconds, awayMsMax } = options
  const checked = await checkAgain(opening.recheck, onEvent)
  if (checked.differences.length > 0) return await refuse(opening, checked)
  // A Ctrl-C before the claim leaves the grant unused.
  if (interrupts.interrupted) return await stopWaiting(opening)
  const body = { binding: checked.facts.binding, differences: [], grantSeconds }
  const claimed = await claim(calls, body, { signal: interrupts.signal, awayMsMax })
  if (claimed.type === 'unsure') return UNSURE
  if (claimed.type === 'refused') return { type: 'refused', problem: claimed.problem }
  if (claimed.type === 'again') {
    if (claimed.busy) onEvent({ type: 'workspace_busy' })
    return null
  }
  onEvent({ type: 'started', grant: claimed.grant, until: claimed.until })
  return await executeWith(opening, claimed.grant)
}

/** The broker is open for as long as the tool runs, and gives nothing once the grant is over. */
async function executeWith(opening: Opening, grant: string): Promise<Ending> {
  const { options, calls, interrupts } = opening
  const { onEvent } = options
  let broker: Broker | null = null
  const start = async (): Promise<ToolEnd> => {
    const opened = await openBroker(opening)
    if ('stderr' in opened) return opened
    broker = opened.broker
    try {
      return await opening.execute({ grant, broker })
    } finally {
      await broker?.close()
    }
  }
  const onGrantOver = async () => {
    // With credentials of its own it outlives a silence and its time, and no person who stops it.
    if (broker === null && !(await isRevoked(calls))) return 'goes_on'
    await broker?.endGrant()
    // It ends by itself and saves its state.
    interrupts.interrupt()
    return 'stopped'
  }
  return await execute({ calls, onEvent, start, onGrantOver })
}

/** Without credentials the tool is not started: that is an outcome, and the workspace is free again. */
async function openBroker({
  broker,
  prepared,
}: Opening): Promise<{ readonly broker: Broker | null } | ToolEnd> {
  try {
    return { broker: await broker() }
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    const outcome = {
      result: 'failed',
      exitCode: EXIT_NOT_STARTED,
      appliedCount: 0,
      totalCount: prepared.plan.resources.filter(({ action }) => action !== 'noop').length,
      sourceChanged: false,
      lineage: null,
    } as const
    const advice = 'the tool was not started. Is the connection still there? Run it again'
    return { outcome, stderr: `${cause.message}: ${advice}\n` }
  }
}

/** As a shell says it of a command that could not be started. */
const EXIT_NOT_STARTED = 126

async function isRevoked(calls: ServerCalls): Promise<boolean> {
  const answer = await calls.view().catch(() => null)
  return answer?.ok === true && typeof answer.value.execution?.revokedAt === 'number'
}

/** Nothing runs, but the server may have recorded the start. */
export const UNSURE: Ending = {
  type: 'fault',
  sentence: 'Ended before the server answered; look at the change before you run it again',
  cause: null,
}

/** The change stays open: whoever is needed can still decide it, and the same plan goes on. */
export const AWAY: Ending = {
  type: 'fault',
  sentence:
    'The server has given no answer for too long, so the waiting ends here; nothing was applied ' +
    'and the change stays open. When the server is back, run the same command again',
  cause: null,
}

/** The check before the start, with its events. */
export async function checkAgain(
  recheck: () => Promise<Rechecked>,
  onEvent: OnEvent,
): Promise<Rechecked> {
  onEvent({ type: 'checking' })
  const checked = await recheck()
  const { differences, looked } = checked
  if (differences.length > 0) onEvent({ type: 'differs', differences })
  else onEvent({ type: 'checked', looked })
  return checked
}

async function refuse(
  { calls, options }: Opening,
  { differences, isOutdated }: Rechecked,
): Promise<Ending | null> {
  await reportRefusal(calls, differences)
  if (isOutdated) return { type: 'differs', differences, isOutdated }
  const next = await options.onDifference(differences)
  return next === 'again' ? null : { type: 'differs', differences, isOutdated }
}

/** The entry is for the auditor; that nothing starts does not depend on it. */
export async function reportRefusal(
  calls: ServerCalls,
  differences: readonly Difference[],
): Promise<void> {
  await calls.refuseStart(differences).catch((cause: unknown) => {
    if (!(cause instanceof Fault)) throw cause
  })
}
