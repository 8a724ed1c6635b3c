/**
 * How a change was looked at, as this page states it with a decision: for how long it was in a tab
 * that could be seen, and whether anything beyond the first screen was opened. A signal, no proof.
 */
import { useCallback, useEffect } from 'react'

export interface Looked {
  readonly opened: boolean
  /** Whole seconds. */
  readonly seconds: number
}

interface Looking {
  milliseconds: number
  opened: boolean
}

const TICK_MS = 250
const SCROLLED_PX = 40
const OPENERS = '[aria-expanded], [role=tab], summary'
const lookedAt = new Map<string, Looking>()

export function useLooked(changeId: string): () => Looked {
  useEffect(() => {
    const looking = lookedAt.get(changeId) ?? { milliseconds: 0, opened: false }
    lookedAt.set(changeId, looking)
    const tick = (): void => {
      if (document.visibilityState === 'visible') looking.milliseconds += TICK_MS
    }
    const scroll = (): void => {
      if (window.scrollY > SCROLLED_PX) looking.opened = true
    }
    const press = ({ target }: Event): void => {
      if (target instanceof Element && target.closest(OPENERS) !== null) looking.opened = true
    }
    const timer = setInterval(tick, TICK_MS)
    document.addEventListener('scroll', scroll, { passive: true })
    document.addEventListener('click', press, true)
    return () => {
      clearInterval(timer)
      document.removeEventListener('scroll', scroll)
      document.removeEventListener('click', press, true)
    }
  }, [changeId])
  return useCallback(() => {
    const looking = lookedAt.get(changeId)
    const milliseconds = looking?.milliseconds ?? 0
    return { opened: looking?.opened ?? false, seconds: Math.floor(milliseconds / 1000) }
  }, [changeId])
}
