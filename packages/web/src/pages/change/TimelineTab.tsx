/** One line per entry, each with its place in the log; waiting is drawn as waiting. */
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import type { Moment } from '../../model/time.ts'
import { type TimelineLine, timelineOf } from '../../model/timeline.ts'
import type { ChangeView } from '../../model/wire.ts'
import { grouped } from '../../model/words.ts'
import { Raw } from '../../ui/pieces.tsx'

export function TimelineTab(props: {
  readonly change: ChangeView
  readonly when: Moment
}): ReactElement {
  return (
    <ol className="card timeline" aria-label="Timeline">
      {timelineOf(props.change, props.when).map((line) => (
        <Line key={line.key} line={line} />
      ))}
    </ol>
  )
}

function Line(props: { readonly line: TimelineLine }): ReactElement {
  const { line } = props
  if (line.kind === 'gap')
    return (
      <li className="timeline-gap small text-3">
        <Raw text={line.text} plain />
      </li>
    )
  return (
    <li className={line.effect ? 'timeline-line timeline-effect' : 'timeline-line'}>
      <time className="num text-2 small" title={line.utc}>
        {line.time}
      </time>
      <span>
        <b className="strong">
          <Raw text={line.who} plain />
        </b>{' '}
        <Raw text={line.what} plain />
      </span>
      <Link className="mono num timeline-seq" to={`/log?entry=${line.seq}`}>
        {grouped(line.seq)}
      </Link>
    </li>
  )
}
