/** A change as one row that opens it: the inbox, the history and a workspace show the same. */
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import type { InboxIcon, InboxRow } from '../model/inbox-view.ts'
import { grouped } from '../model/words.ts'
import { GlassBadge } from '../pages/change/GlassCard.tsx'
import { Icon, type IconName } from './Icon.tsx'
import { Raw, Tile } from './pieces.tsx'

const ICONS: { readonly [I in InboxIcon]: IconName } = {
  danger: 'warn',
  held: 'hold',
  unknown: 'question',
  running: 'clock',
  done: 'good',
  bad: 'minus',
  quiet: 'dot',
}

export function ChangeRowLink(props: { readonly row: InboxRow }): ReactElement {
  const { row } = props
  return (
    <Link
      className={`inbox-row${row.ended === true ? ' inbox-row-ended' : ''}`}
      to={`/c/${row.id}`}
      data-row=""
    >
      <span className={`inbox-icon inbox-icon-${row.icon}`} role="img" aria-label={row.iconText}>
        <Icon name={ICONS[row.icon]} size={row.icon === 'danger' ? 20 : 16} />
      </span>
      <div className="inbox-text cut">
        <div className="inbox-title cut">
          {row.breakGlass ? <GlassBadge /> : null}{' '}
          {row.reminded === undefined ? null : (
            <span className="inbox-reminded num">{row.reminded}</span>
          )}{' '}
          <Raw text={row.headline} plain />
        </div>
        <div className="inbox-sub cut">
          <Raw text={row.sub} plain />
        </div>
      </div>
      <div className="inbox-counts num">
        {row.counts.map(({ action, count }) => (
          <span key={action} className={`inbox-count hues-${action}`}>
            <Tile action={action} small />
            {grouped(count)}
          </span>
        ))}
      </div>
      <div className="inbox-who">
        <div className="cut">{row.who[0]}</div>
        <div className="cut">{row.who[1]}</div>
      </div>
      <div className="inbox-time num">
        <div className={row.soon ? 'inbox-soon' : ''}>{row.left}</div>
        <div className="text-3">{row.since}</div>
      </div>
    </Link>
  )
}
