/** Changes under one title, each a row that opens it. */
import type { ReactElement } from 'react'
import type { InboxRow } from '../model/inbox-view.ts'
import { ChangeRowLink } from './ChangeRowLink.tsx'

export function RowGroup(props: {
  readonly title: string
  readonly rows: readonly InboxRow[]
  /** Says beside the title how many there are. */
  readonly counted?: boolean
}): ReactElement {
  const { title, rows, counted = true } = props
  return (
    <section className="inbox-group" aria-label={title}>
      <div className="inbox-head">
        <h2>{title}</h2>
        {counted ? <span className="num">{rows.length}</span> : null}
      </div>
      <ul className="card inbox-list">
        {rows.map((row) => (
          <li key={row.id}>
            <ChangeRowLink row={row} />
          </li>
        ))}
      </ul>
    </section>
  )
}
