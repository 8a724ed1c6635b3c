/**
 * What `apply` and `gate` share: a run's events to the screen, signals to the run, and its end to
 * an exit code. While people are waited for the line says how long, and Ctrl-C asks what becomes of
 * the change; while the tool runs Ctrl-C is the runner's.
 */
import type { Client } from '@holdpoint/api/client'
import { nodePrimitives } from '@holdpoint/api/node'
import type { ChangeId, Plan } from '@holdpoint/core'
import type { TimedManner } from '../render-change.ts'
import { comparePlans } from '../render-compare.ts'
import { renderEnding } from '../render-ending.ts'
import { createRunRenderer, type RunPlace } from '../render-run.ts'
import { safe, shortId } from '../render-text.ts'
import type { Run } from '../runner/run.ts'
import type { ChangeView, OnEvent, RunEvent } from '../runner/run-event.ts'
import type { RunResult } from '../runner/run-result.ts'
import { usage } from './ended.ts'
import { loadChange } from './load-change.ts'
import type { Call } from './row.ts'
import { runDocument } from './run-document.ts'

export type WhenInterrupted = 'leave' | 'withdraw'

export interface Session {
  readonly onEvent: OnEvent
  readonly whenInterrupted: () => WhenInterrupted
  /** Follows a run to its end, prints it, and answers with the exit code. */
  readonly follow: (run: Run) => Promise<number>
}

const TICK_MS = 30_000
/** A terminal and its wrapper can both deliver one and the same Ctrl-C. */
const SAME_PRESS_MS = 250

export function openSession(
  call: Call,
  place: Omit<RunPlace, 'progressColumns'> & { readonly client: Client },
): Session {
  const { screen } = call
  const chosen = readChoice(call.flags.find('on-interrupt'))
  const renderer = createRunRenderer({ ...place, progressColumns: screen.progressColumns })
  const kept: Kept = { plan: null, change: null, choice: chosen ?? 'leave', view: null }
  const manner = (): TimedManner => ({
    ink: screen.ink,
    columns: screen.columns,
    full: call.flags.has('full'),
    now: Date.now(),
  })
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'planned') kept.plan = event.plan
    if (event.type === 'moved') kept.view = event.change
    if (event.type === 'opened') kept.change = event.change
    const shown = renderer.show(event, manner())
    for (const note of shown.notes) screen.note(note)
    if (shown.lines.length > 0) screen.lines(shown.lines)
    if (shown.progress !== null) screen.progress(shown.progress)
  }
  const follow = async (run: Run): Promise<number> => {
    const ticking = setInterval(() => {
      const line = screen.asks ? renderer.waiting(manner()) : null
      if (line !== null) screen.progress(line)
    }, TICK_MS)
    const stop = onSignals(async (signal) => {
      const waiting = renderer.waiting(manner()) !== null
      if (waiting && chosen === null && signal === 'SIGINT') {
        kept.choice = await askChoice(call, kept.change)
      }
      run.control.interrupt()
    })
    try {
      const result = await run.ended
      const told = { startedAt: renderer.startedAt(), goesOnWith: renderer.goesOnWith() }
      await report(call, { result, kept, client: place.client, ...told, manner: manner() })
      return result.exitCode
    } finally {
      clearInterval(ticking)
      stop()
    }
  }
  return { onEvent, whenInterrupted: () => kept.choice, follow }
}

interface Kept {
  plan: Plan | null
  change: ChangeId | null
  choice: WhenInterrupted
  view: ChangeView | null
}

function readChoice(typed: string | null): WhenInterrupted | null {
  if (typed === null || typed === 'leave' || typed === 'withdraw') return typed
  throw usage('--on-interrupt is withdraw or leave')
}

async function askChoice(call: Call, change: string | null): Promise<WhenInterrupted> {
  if (!call.screen.asks) return 'leave'
  const id = change === null ? 'it' : shortId(change)
  const answer = await call.screen.ask(`Withdraw ${id}? Else it stays held. [y/N] `)
  return answer !== null && /^y(es)?$/i.test(answer) ? 'withdraw' : 'leave'
}

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

function onSignals(handle: (signal: Signal) => Promise<void>): () => void {
  let last = Number.NEGATIVE_INFINITY
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const listener = (): void => {
      const now = performance.now()
      if (now - last < SAME_PRESS_MS) return
      last = now
      void handle(signal)
    }
    process.on(signal, listener)
    return { signal, listener }
  })
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener)
  }
}

interface Report {
  readonly result: RunResult
  readonly kept: Kept
  readonly client: Client
  readonly startedAt: number | null
  readonly goesOnWith: string | null
  readonly manner: TimedManner
}

async function report(call: Call, { result, kept, client, ...rest }: Report): Promise<void> {
  const { screen } = call
  const { ending } = result
  const change = result.change ?? kept.change
  if (ending.type === 'failed' || ending.type === 'tool_failed' || ending.type === 'lost') {
    for (const line of lastLines(ending.stderr)) screen.note(safe(line))
    if (result.toolExitCode !== null) screen.note(`The tool’s exit code is ${result.toolExitCode}`)
  }
  const logEntry = await findLogEntry(client, result)
  screen.document(runDocument({ ...result, change }, { logEntry, view: kept.view }))
  const compared = await compareWithNewer(client, result, kept.plan)
  const { startedAt, goesOnWith } = rest
  const ended = { ending, change, startedAt, logEntry, compared, goesOnWith }
  const lines = renderEnding(ended, rest.manner)
  const bad = ['refused', 'invalid', 'fault'].includes(ending.type)
  if (bad) screen.fail(lines)
  else screen.lines(lines)
}

const STDERR_LINES = 40

function lastLines(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-STDERR_LINES)
}

async function findLogEntry(client: Client, { ending, change }: RunResult): Promise<number | null> {
  if (change === null || (ending.type !== 'applied' && ending.type !== 'failed')) return null
  const answer = await client.call('change', { params: { change } }).catch(() => null)
  if (answer === null || !answer.ok) return null
  const entry = answer.value.timeline.findLast((each) => each.type === 'execution_finished')
  return entry?.seq ?? null
}

/** A comparison is a help, not an outcome: where it cannot be made, nothing is said. */
async function compareWithNewer(
  client: Client,
  { ending }: RunResult,
  plan: Plan | null,
): Promise<readonly string[]> {
  if (ending.type !== 'closed' || plan === null || ending.view.supersededBy === null) return []
  const newer = await loadChange(client, ending.view.supersededBy).catch(() => null)
  return newer === null ? [] : comparePlans(plan, newer.plan, nodePrimitives)
}
