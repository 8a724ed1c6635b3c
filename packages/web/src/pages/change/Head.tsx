/** Status and until when, headline, where, by whom and how trusted. Their words are quoted apart. */
import type { ReactElement } from 'react'
import { requesterWords } from '../../model/actors.ts'
import { placeText } from '../../model/place.ts'
import type { StatusView } from '../../model/status.ts'
import type { ChangeView } from '../../model/wire.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Pill, Raw } from '../../ui/pieces.tsx'
import { GlassBadge } from './GlassCard.tsx'

export function Head(props: {
  readonly change: ChangeView
  readonly status: StatusView
  readonly headline: string
  readonly news: string | null
}): ReactElement {
  const { change, status, headline, news } = props
  const by = requesterWords(change)
  return (
    <header className="head">
      <div className="head-status">
        <Pill tone={status.tone}>{status.title}</Pill>
        {change.glass === null ? null : <GlassBadge />}
        <span className="small text-2 num">{status.beside}</span>
        {news === null ? null : <span className="news tiny fade-in">{news}</span>}
      </div>
      <h1 tabIndex={-1} id="headline">
        <Raw text={headline} plain />
      </h1>
      <p className="head-line small">
        <Raw text={status.line} plain />
      </p>
      <div className="head-meta">
        <span>
          in <b>{change.workspace.name}</b>,{' '}
          <span className="num">
            <Raw text={placeText(change.target)} plain />
          </span>
        </span>
        <span className="head-by">
          {by.agent ? 'opened by ' : 'by '}
          {by.agent ? <Icon name="robot" size={14} /> : null}
          <b>
            <Raw text={by.name} plain />
          </b>{' '}
          <Raw text={by.through} plain />, {by.trust}
        </span>
      </div>
    </header>
  )
}

/** Never above the headline, and within marks: it is what somebody says, not what the plan does. */
export function TheirWords(props: {
  readonly words: string | null
  readonly agent: boolean
}): ReactElement | null {
  if (props.words === null || props.words.trim() === '') return null
  return (
    <p className="their-words small text-2">
      {props.agent ? 'Its reason, in its own words: ' : 'In their words: '}
      <q>
        <Raw text={props.words.trim()} plain />
      </q>
    </p>
  )
}
