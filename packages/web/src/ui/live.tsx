/**
 * The server's events: hints that something moved, after which the page asks again. When the
 * connection is gone the page says since when, and deciding is off until it is back.
 */
import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useState,
} from 'react'

export interface Connection {
  /** When the connection was lost; `null` while it is there. */
  readonly lostAt: number | null
}

const ConnectionContext = createContext<Connection>({ lostAt: null })

export function LiveEvents(props: { readonly children: ReactNode }): ReactElement {
  const [lostAt, setLostAt] = useState<number | null>(null)
  const queries = useQueryClient()
  useEffect(() => {
    let source: EventSource | null = null
    let again: ReturnType<typeof setTimeout> | undefined
    const refresh = (): void => void queries.invalidateQueries({ predicate: isLive })
    const connect = (): void => {
      source = new EventSource('/api/v1/events')
      source.onopen = () => {
        setLostAt(null)
        refresh()
      }
      source.addEventListener('change', refresh)
      source.onerror = () => {
        setLostAt((since) => since ?? Date.now())
        // A stream that was refused is not tried again by the browser itself.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, 3000)
      }
    }
    const lose = (): void => setLostAt((since) => since ?? Date.now())
    // The browser may know before the stream does; a stream that survived is opened anew to be sure.
    const find = (): void => {
      source?.close()
      connect()
    }
    connect()
    addEventListener('offline', lose)
    addEventListener('online', find)
    return () => {
      removeEventListener('offline', lose)
      removeEventListener('online', find)
      clearTimeout(again)
      source?.close()
    }
  }, [queries])
  return <ConnectionContext value={{ lostAt }}>{props.children}</ConnectionContext>
}

/** Evidence and proofs never change; what people and machines do does. */
function isLive(query: { readonly queryKey: readonly unknown[] }): boolean {
  return ['inbox', 'change', 'log', 'history', 'workspace', 'grants'].includes(
    String(query.queryKey[0]),
  )
}

export function useConnection(): Connection {
  return useContext(ConnectionContext)
}

/** One change's own stream: its event comes even where the reader may see nothing else. */
export function useChangeEvents(id: string): void {
  const queries = useQueryClient()
  useEffect(() => {
    const source = new EventSource(`/api/v1/changes/${encodeURIComponent(id)}/events`)
    const refresh = (): void => {
      void queries.invalidateQueries({ queryKey: ['change', id] })
    }
    source.addEventListener('change', refresh)
    return () => source.close()
  }, [id, queries])
}
