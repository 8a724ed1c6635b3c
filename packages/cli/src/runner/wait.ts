/**
 * Waits until people or rules have decided. The change itself is asked after every hint and after
 * every silence, so a release is never lost; a server that is away is waited for, for a while.
 */
import type { ApiProblem, Client } from '@holdpoint/api/client'
import { isOpen } from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import { openHints } from './change-stream.ts'
import { Patience } from './patience.ts'
import type { ChangeView, OnEvent } from './run-event.ts'
import type { ServerCalls } from './server-calls.ts'

export type Waited =
  | { readonly type: 'released' }
  | { readonly type: 'closed'; readonly view: ChangeView }
  /** Still held, and the caller does not wait. */
  | { readonly type: 'held' }
  | { readonly type: 'stopped' }
  | { readonly type: 'refused'; readonly problem: ApiProblem }
  /** The server gave no answer for as long as it is waited for. */
  | { readonly type: 'away' }

export interface Waiting {
  readonly client: Client
  readonly calls: ServerCalls
  readonly noWait: boolean
  readonly awayMsMax: number
  readonly signal: AbortSignal
  readonly onEvent: OnEvent
}

export async function waitForRelease(waiting: Waiting): Promise<Waited> {
  const done = new AbortController()
  const signal = AbortSignal.any([waiting.signal, done.signal])
  const hints = openHints(waiting.client, waiting.calls.change, signal)
  const seen = new Seen(waiting.onEvent)
  const patience = new Patience(waiting.awayMsMax)
  try {
    while (!waiting.signal.aborted) {
      const waited = await look(waiting, { seen, patience })
      if (waited !== null) return waited
      await hints.next()
    }
    return { type: 'stopped' }
  } finally {
    done.abort()
  }
}

/** `null` while there is nothing to tell but that it goes on. */
async function look(
  waiting: Waiting,
  { seen, patience }: { readonly seen: Seen; readonly patience: Patience },
): Promise<Waited | null> {
  const answer = await waiting.calls.view().catch((cause: unknown) => {
    if (cause instanceof Fault) return null
    throw cause
  })
  if (answer === null || (!answer.ok && isPassing(answer.status))) {
    seen.away()
    return patience.isOver() ? { type: 'away' } : null
  }
  patience.answered()
  if (!answer.ok) return { type: 'refused', problem: answer.problem }
  const view = answer.value
  seen.moved(view)
  if (view.status === 'released') return { type: 'released' }
  if (!isOpen(view.status)) return { type: 'closed', view }
  return view.status === 'held' && waiting.noWait ? { type: 'held' } : null
}

/** The server, or something before it, is busy or broken: not an answer to the question. */
function isPassing(status: number): boolean {
  return status === 429 || status >= 500
}

/** Tells the caller of what is new, and of nothing twice. */
class Seen {
  readonly #onEvent: OnEvent
  #last = ''
  #isAway = false

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent
  }

  away(): void {
    if (!this.#isAway) this.#onEvent({ type: 'server_away' })
    this.#isAway = true
  }

  moved(change: ChangeView): void {
    if (this.#isAway) this.#onEvent({ type: 'server_back' })
    this.#isAway = false
    const text = JSON.stringify([change.status, change.timeline.length, change.slots])
    if (text !== this.#last) this.#onEvent({ type: 'moved', change })
    this.#last = text
  }
}
