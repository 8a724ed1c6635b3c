/** In numbers, what rests on what. Striped means believed, not proven. */
import type { ReactElement } from 'react'
import type { RestsOn } from '../../model/log-view.ts'
import { count, grouped } from '../../model/words.ts'

export function RestsOnCard(props: {
  readonly shares: readonly RestsOn[]
  readonly read: number
  readonly size: number
}): ReactElement {
  const { shares, read, size } = props
  return (
    <section className="log-rests" aria-label="What rests on what">
      <h2 className="label">What rests on what</h2>
      {shares.map((each) => (
        <Bar key={each.title} rests={each} />
      ))}
      <p className="small text-2">
        Striped means: believed, not proven. The bundle says the same, offline.
        {read < size ? ` Counted over the newest ${grouped(read)} entries.` : ''}
      </p>
    </section>
  )
}

function Bar(props: { readonly rests: RestsOn }): ReactElement {
  const { title, shares } = props.rests
  const total = shares.reduce((sum, share) => sum + share.amount, 0)
  let offset = 0
  return (
    <div className="rests">
      <span className="text-2 num">{count(total, title)}</span>
      <div>
        <svg
          className="rests-bar"
          viewBox="0 0 100 8"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {shares.map((share) => {
            const width = (share.amount / Math.max(1, total)) * 100
            const x = offset
            offset += width
            return <Part key={share.label} x={x} width={width} proven={share.proven} />
          })}
        </svg>
        <p className="small num">
          {shares.length === 0
            ? `No ${title} yet`
            : shares.map((share, at) => (
                <span key={share.label} className={share.proven ? '' : 'strong'}>
                  {at === 0 ? '' : ', '}
                  {grouped(share.amount)} {share.label}
                </span>
              ))}
        </p>
      </div>
    </div>
  )
}

/** Stripes are drawn: a pattern by style attribute would break the policy. */
function Part(props: {
  readonly x: number
  readonly width: number
  readonly proven: boolean
}): ReactElement {
  const { x, width, proven } = props
  if (proven) return <rect x={x} width={width} height="8" className="rests-proven" />
  const stripes = Math.max(1, Math.round(width / 1.6))
  const step = width / stripes
  const marks = Array.from({ length: stripes }, (_, at) => x + at * step)
  return (
    <>
      {marks.map((left) => (
        <path
          key={left}
          d={`M${left} 8 L${left + step * 0.5} 0 L${left + step} 0 L${left + step * 0.5} 8 Z`}
          className="rests-believed"
        />
      ))}
    </>
  )
}
