/** Whole-page states: loading, nothing there, the server did not answer, a refusal. */
import type { ApiProblem } from '@holdpoint/api/client'
import { type ReactElement, useEffect, useState } from 'react'
import { ActionButton } from './pieces.tsx'

/** The same page for what does not exist and for what one may not know of. */
export function NotFound(): ReactElement {
  return (
    <div className="page">
      <div className="state-card card">
        <h1 tabIndex={-1}>Not found</h1>
        <p className="text-2">There is nothing here, or you may not know of it.</p>
        <a href="/">Inbox</a>
      </div>
    </div>
  )
}

export function Fault(props: { readonly retry: () => void }): ReactElement {
  return (
    <div className="page">
      <div className="state-card card" role="alert">
        <h1 tabIndex={-1}>The server did not answer</h1>
        <p className="text-2">Nothing was decided.</p>
        <ActionButton onPress={props.retry}>Try again</ActionButton>
      </div>
    </div>
  )
}

export function Refused(props: { readonly problem: ApiProblem }): ReactElement {
  const { problem } = props
  if (problem.code === 'not_found') return <NotFound />
  return (
    <div className="page">
      <div className="state-card card" role="alert">
        <h1 tabIndex={-1}>{problem.title}</h1>
        <p className="text-2">{problem.detail}</p>
        <p className="text-2">{problem.remedy}</p>
      </div>
    </div>
  )
}

/** While the code of a page comes. */
export function PageSkeleton(): ReactElement {
  return (
    <div className="page">
      <Skeleton rows={5} />
    </div>
  )
}

/** Nothing for the first 200 ms, then the shape of what comes: no spinner, no shift. */
export function Skeleton(props: { readonly rows: number }): ReactElement | null {
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 200)
    return () => clearTimeout(timer)
  }, [])
  if (!visible) return null
  return (
    <div className="card skeleton" role="status" aria-label="Loading">
      {Array.from({ length: props.rows }, (_, at) => at).map((at) => (
        <div key={at} className="skeleton-row">
          <span />
          <span />
        </div>
      ))}
    </div>
  )
}
