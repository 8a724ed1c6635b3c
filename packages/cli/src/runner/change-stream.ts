/**
 * Hints that a change moved, from the server's event stream, with reconnecting. A hint is never a
 * fact: whoever hears one asks for the change. When there is no stream, waiting ends soon by
 * itself, so that nothing is missed.
 */
import type { Client } from '@holdpoint/api/client'
import type { ChangeId } from '@holdpoint/core'
import { sleep } from '../io/clock.ts'

export interface Hints {
  /** Ends at the next hint, or soon without one, or when the signal aborts. */
  readonly next: () => Promise<void>
}

const RECONNECT_MS = 2_000
/** The server sends a comment every 15 seconds; three missed ones are a dead line. */
const SILENCE_MS_MAX = 45_000
const ASK_ANYWAY_MS = 30_000

export function openHints(client: Client, change: ChangeId, signal: AbortSignal): Hints {
  const bell = new Bell()
  const stream = { connected: false, lastId: '' }
  const listen = async (): Promise<void> => {
    while (!signal.aborted) {
      await listenOnce({ client, change, signal, stream, onHint: () => bell.ring() })
      stream.connected = false
      bell.ring()
      await sleep(RECONNECT_MS, signal)
    }
  }
  void listen()
  return { next: () => bell.wait(stream.connected ? ASK_ANYWAY_MS : RECONNECT_MS, signal) }
}

interface Listening {
  readonly client: Client
  readonly change: ChangeId
  readonly signal: AbortSignal
  readonly stream: { connected: boolean; lastId: string }
  readonly onHint: () => void
}

async function listenOnce(listening: Listening): Promise<void> {
  const { client, change, stream, onHint } = listening
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS_MAX)
  try {
    const response = await client.raw('changeEvents', {
      params: { change },
      headers: {
        accept: 'text/event-stream',
        ...(stream.lastId === '' ? {} : { 'last-event-id': stream.lastId }),
      },
      signal: AbortSignal.any([listening.signal, silence.signal]),
    })
    if (!response.ok || response.body === null) return
    stream.connected = true
    const parser = new EventParser()
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS_MAX)
      const events = parser.add(chunk)
      if (events === 0) continue
      stream.lastId = parser.lastId
      onHint()
    }
  } catch {
    // The line broke or was given up: the caller connects again, and asks meanwhile.
  } finally {
    clearTimeout(timer)
  }
}

/** Counts events of a stream (WHATWG HTML, server-sent events) and keeps the last id. */
export class EventParser {
  #rest = ''
  #hasData = false
  lastId = ''

  add(chunk: string): number {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    let events = 0
    for (const line of lines) {
      if (line === '') {
        if (this.#hasData) events += 1
        this.#hasData = false
      } else if (line.startsWith('data')) this.#hasData = true
      else if (line.startsWith('id:')) this.lastId = line.slice(3).trim()
    }
    return events
  }
}

/** One waiter at a time; a ring before the waiting counts. */
class Bell {
  #rung = false
  #wake: (() => void) | null = null

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    const early = new AbortController()
    this.#wake = () => early.abort()
    if (!this.#rung) await sleep(milliseconds, AbortSignal.any([signal, early.signal]))
    this.#wake = null
    this.#rung = false
  }
}
