/**
 * What Ctrl-C means at each moment. While a tool runs it gets exactly one SIGINT, because a second
 * makes it exit at once and lose data; later ones are told to the caller. While people are waited
 * for, it ends the waiting.
 */
import type { Child } from '../io/spawn.ts'
import type { OnEvent } from './run-event.ts'

export interface RunControl {
  /** Call on SIGINT and SIGTERM. */
  readonly interrupt: () => void
  /** Kills the running tool; only after the person was asked. Data may be lost. */
  readonly kill: () => void
}

export class Interrupts implements RunControl {
  readonly #onEvent: OnEvent
  readonly #waiting = new AbortController()
  #child: Child | null = null
  #interrupted = false

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent
  }

  /** Aborts when the person wants to stop and no tool is running. */
  get signal(): AbortSignal {
    return this.#waiting.signal
  }

  get interrupted(): boolean {
    return this.#interrupted
  }

  readonly interrupt = (): void => {
    this.#interrupted = true
    if (this.#child === null) this.#waiting.abort()
    else this.#onEvent({ type: this.#child.interruptOnce() ? 'interrupt_sent' : 'interrupt_again' })
  }

  readonly kill = (): void => {
    this.#interrupted = true
    this.#child?.killGroup()
  }

  async during<T>(child: Child, ended: Promise<T>): Promise<T> {
    this.#child = child
    try {
      return await ended
    } finally {
      this.#child = null
    }
  }
}
