/** What narrows or unfolds a page is in its address, so that a view can be sent to others. */
import { startTransition, useOptimistic } from 'react'
import { useSearchParams } from 'react-router'
import { withSetting } from '../model/filter.ts'

export interface Settings {
  readonly query: URLSearchParams
  /** An empty value or `null` takes a setting out of the address. */
  readonly set: (changed: { readonly [name: string]: string | null }) => void
  readonly clear: () => void
}

/**
 * The router follows in a transition, after the event. What was chosen shows before that: otherwise
 * a checkbox springs back for a moment, and a second choice is made on top of the address of before
 * the first.
 */
export function useSettings(): Settings {
  const [address, setAddress] = useSearchParams()
  const [query, showAtOnce] = useOptimistic(address)
  const put = (next: URLSearchParams): void =>
    startTransition(() => {
      showAtOnce(next)
      setAddress(next, { replace: true })
    })
  return {
    query,
    set: (changed) =>
      put(
        Object.entries(changed).reduce(
          (next, [name, value]) => withSetting(next, name, value),
          query,
        ),
      ),
    clear: () => put(new URLSearchParams()),
  }
}
