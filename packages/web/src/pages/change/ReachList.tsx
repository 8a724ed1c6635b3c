/** What a plan reaches beside its rows: a few calm lines, the rest folded and counted. */

import type { ReachGroup, ReachLine } from '@holdpoint/core'
import type { ReactElement } from 'react'
import { PhraseText, Raw } from '../../ui/pieces.tsx'

export function ReachList(props: {
  readonly title: string
  readonly groups: readonly ReachGroup[]
}): ReactElement | null {
  const { title, groups } = props
  if (groups.length === 0) return null
  return (
    <section className="reach" aria-label={title}>
      <div className="inbox-head">
        <h2>{title}</h2>
        <span className="also-explains">As far as the plan says it.</span>
      </div>
      <dl className="card reach-groups">
        {groups.map((group) => (
          <Group key={group.label} group={group} />
        ))}
      </dl>
    </section>
  )
}

function Group(props: { readonly group: ReachGroup }): ReactElement {
  const { label, open, lines } = props.group
  const rest = lines.slice(open)
  return (
    <div className="reach-group">
      <dt>{label}</dt>
      <dd>
        <Lines lines={lines.slice(0, open)} />
        {rest.length === 0 ? null : (
          <details>
            <summary className="small text-2 num">{rest.length} more</summary>
            <Lines lines={rest} />
          </details>
        )}
      </dd>
    </div>
  )
}

function Lines(props: { readonly lines: readonly ReachLine[] }): ReactElement {
  return (
    <ul>
      {props.lines.map(({ key, address, says }) => (
        <li key={key}>
          {address === null ? null : <Raw text={address} />}
          <span>
            <PhraseText phrase={says} />
          </span>
        </li>
      ))}
    </ul>
  )
}
