/**
 * Watches which destroyed resources are on the screen: half of it, for one second, in a focused
 * tab. Kept while this tab is open; it is a statement of this page and nothing more.
 */
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { halfInView, SHOWN_AFTER_MS } from '../../model/shown.ts'

const TICK_MS = 100
const seenByChange = new Map<string, ReadonlySet<string>>()

export interface ShownWatch {
  readonly seen: ReadonlySet<string>
  /** A ref for the element that shows `key`; several elements may show the same. */
  readonly watch: (key: string) => (element: Element | null) => (() => void) | undefined
}

export const ShownContext = createContext<ShownWatch>({
  seen: new Set(),
  watch: () => () => undefined,
})

export function useShownWatch(changeId: string): ShownWatch {
  const [seen, setSeen] = useState<ReadonlySet<string>>(seenByChange.get(changeId) ?? new Set())
  const elements = useRef(new Map<Element, { key: string; forMs: number }>())

  useEffect(() => {
    const timer = setInterval(() => {
      const done = step(elements.current)
      if (done.length === 0) return
      setSeen((before) => {
        const next = new Set([...before, ...done])
        seenByChange.set(changeId, next)
        return next
      })
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [changeId])

  const watch = useCallback(
    (key: string) => (element: Element | null) => {
      if (element === null) return undefined
      elements.current.set(element, { key, forMs: 0 })
      return () => void elements.current.delete(element)
    },
    [],
  )
  return { seen, watch }
}

export function useShown(): ShownWatch {
  return useContext(ShownContext)
}

/** Adds a tick to what is in view; returns the keys that have been there long enough. */
function step(elements: Map<Element, { key: string; forMs: number }>): readonly string[] {
  const focused = document.hasFocus() && document.visibilityState === 'visible'
  const done: string[] = []
  for (const [element, state] of elements) {
    state.forMs = focused && isInView(element) ? state.forMs + TICK_MS : 0
    if (state.forMs < SHOWN_AFTER_MS) continue
    done.push(state.key)
    elements.delete(element)
  }
  return done
}

function isInView(element: Element): boolean {
  const box = element.getBoundingClientRect()
  const viewport = document.documentElement.clientHeight
  const visible = Math.min(box.bottom, viewport) - Math.max(box.top, 0)
  return box.height > 0 && halfInView({ visible, height: box.height, viewport })
}
