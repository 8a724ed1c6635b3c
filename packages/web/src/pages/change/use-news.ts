/** What moved since this page was opened: said aloud, and shown for a minute beside the status. */
import { useEffect, useRef, useState } from 'react'
import { newsOf } from '../../model/news.ts'
import { ago } from '../../model/time.ts'
import type { ChangeView, Whoami } from '../../model/wire.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { useMoment } from '../../ui/use-now.ts'

const SHOWN_FOR_MS = 60_000

export function useNews(change: ChangeView, me: Whoami): string | null {
  const announce = useAnnounce()
  const seen = useRef(change.timeline.at(-1)?.seq ?? -1)
  const reminded = useRef(change.remindedAt)
  const [news, setNews] = useState<{ text: string; at: number } | null>(null)
  const when = useMoment(news === null ? null : news.at + SHOWN_FOR_MS)
  useEffect(() => {
    const isReminded = change.remindedAt !== null && change.remindedAt !== reminded.current
    reminded.current = change.remindedAt
    const moved = newsOf(change.timeline, { after: seen.current, me: me.actor.id })
    const text = moved ?? (isReminded ? 'it still waits for you.' : null)
    seen.current = change.timeline.at(-1)?.seq ?? seen.current
    if (text === null) return
    announce(text)
    setNews({ text, at: Date.now() })
  }, [change, me, announce])
  if (news === null || when.now - news.at > SHOWN_FOR_MS) return null
  return `Changed ${ago(news.at, when)}: ${news.text}`
}
