/**
 * Watches which destroyed resources are on the screen: half of it, for one second, in a focused
 * tab. Kept while this tab is open; it is a statement of this page and nothing more.
 */
import { createContext, useContext, useEffect, useState } from 'react'
import { halfInView } from '../../model/shown.ts'
import { createShownWatches, type Watch } from '../../model/shown-watch.ts'

const TICK_MS = 100
const seenByChange = new Map<string, ReadonlySet<string>>()

export interface ShownWatch {
  readonly seen: ReadonlySet<string>
  /** A ref for the element that shows `key`; several elements may show the same. */
  readonly watch: (key: string) => Watch<Element>
}

export const ShownContext = createContext<ShownWatch>({
  seen: new Set(),
  watch: () => () => undefined,
})

export function useShownWatch(changeId: string): ShownWatch {
  const [seen, setSeen] = useState<ReadonlySet<string>>(seenByChange.get(changeId) ?? new Set())
  const [watches] = useState(() => createShownWatches<Element>())

  useEffect(() => {
    const timer = setInterval(() => {
      const focused = document.hasFocus() && document.visibilityState === 'visible'
      const done = watches.tick(TICK_MS, (element) => focused && isInView(element))
      if (done.length === 0) return
      setSeen((before) => {
        const next = new Set([...before, ...done])
        seenByChange.set(changeId, next)
        return next
      })
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [changeId, watches])

  return { seen, watch: watches.of }
}

export function useShown(): ShownWatch {
  return useContext(ShownContext)
}

function isInView(element: Element): boolean {
  const box = element.getBoundingClientRect()
  const viewport = document.documentElement.clientHeight
  const visible = Math.min(box.bottom, viewport) - Math.max(box.top, 0)
  return box.height > 0 && halfInView({ visible, height: box.height, viewport })
}
