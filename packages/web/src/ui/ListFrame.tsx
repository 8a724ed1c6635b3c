/** A page that is one list: its title, what is in it, and the keys that walk it. */
import type { ReactElement, ReactNode } from 'react'
import { Hints } from './pieces.tsx'

export function ListFrame(props: {
  readonly title: string
  readonly children: ReactNode
}): ReactElement {
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">{props.title}</h1>
      </div>
      <div className="page">{props.children}</div>
      <Hints
        hints={[
          { keys: ['J', 'K'], does: 'next, previous' },
          { keys: ['Enter'], does: 'open' },
          { keys: ['?'], does: 'all keys' },
        ]}
      />
    </>
  )
}
