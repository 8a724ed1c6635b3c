/**
 * Counts how long each watched element has been in view without a break. The same key always has
 * the same callback: React calls a ref anew whenever it is another function, and a page that draws
 * itself every second would then never see a second through.
 */
import { SHOWN_AFTER_MS } from './shown.ts'

/** A ref callback as React takes it: told the element, it returns what to do when it goes. */
export type Watch<E> = (element: E | null) => (() => void) | undefined

export interface ShownWatches<E> {
  readonly of: (key: string) => Watch<E>
  /** Adds `passedMs` to what is in view, starts anew what is not; returns the keys now shown. */
  readonly tick: (passedMs: number, isInView: (element: E) => boolean) => readonly string[]
}

export function createShownWatches<E>(): ShownWatches<E> {
  const elements = new Map<E, { readonly key: string; forMs: number }>()
  const watches = new Map<string, Watch<E>>()
  const create = (key: string): Watch<E> => {
    const watch: Watch<E> = (element) => {
      if (element === null) return undefined
      elements.set(element, { key, forMs: 0 })
      return () => void elements.delete(element)
    }
    watches.set(key, watch)
    return watch
  }
  return {
    of: (key) => watches.get(key) ?? create(key),
    tick: (passedMs, isInView) => {
      const done: string[] = []
      for (const [element, state] of elements) {
        state.forMs = isInView(element) ? state.forMs + passedMs : 0
        if (state.forMs < SHOWN_AFTER_MS) continue
        done.push(state.key)
        elements.delete(element)
      }
      return done
    },
  }
}
