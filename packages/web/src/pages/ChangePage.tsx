/**
 * One change: what it does, what it destroys, who is needed, and the decision. The order of the
 * first screen is fixed (UX §3): consequence before action, action before detail.
 */
import { type ChangeId, parseChangeId } from '@holdpoint/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useEffect } from 'react'
import { useOutletContext, useParams } from 'react-router'
import { changeQuery } from '../api.ts'
import type { ChangeView, Whoami } from '../model/wire.ts'
import { useChangeEvents } from '../ui/live.tsx'
import { Fault, NotFound, Refused, Skeleton } from '../ui/states.tsx'
import { ChangeScreen } from './change/ChangeScreen.tsx'
import { useEvidence } from './change/use-evidence.ts'
import { useNews } from './change/use-news.ts'

export function ChangeRoute(): ReactElement {
  const me = useOutletContext<Whoami>()
  const id = parseChangeId(useParams()['id'] ?? '')
  if (id === null) return <NotFound />
  return <ChangeById key={id} id={id} me={me} />
}

function ChangeById(props: { readonly id: ChangeId; readonly me: Whoami }): ReactElement {
  const change = useQuery(changeQuery(props.id))
  useChangeEvents(props.id)
  if (change.data?.ok === true) return <Loaded change={change.data.value} me={props.me} />
  if (change.data?.ok === false) return <Refused problem={change.data.problem} />
  if (change.isError) return <Fault retry={() => void change.refetch()} />
  return (
    <div className="page">
      <Skeleton rows={5} />
    </div>
  )
}

function Loaded(props: { readonly change: ChangeView; readonly me: Whoami }): ReactElement {
  const { change, me } = props
  const evidence = useEvidence(change)
  const news = useNews(change, me)
  useEffect(() => {
    document.getElementById('headline')?.focus({ preventScroll: true })
  }, [])
  return <ChangeScreen change={change} me={me} evidence={evidence} news={news} />
}
