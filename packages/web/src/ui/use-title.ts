/** The tab's title says where one is and how it stands. */
import { useEffect } from 'react'

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Holdpoint`
  }, [title])
}
