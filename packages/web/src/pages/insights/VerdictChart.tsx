/** Changes per week by verdict, as stacked bars. */
import type { ReactElement } from 'react'
import { countTicks } from '../../model/insights-view.ts'
import { day } from '../../model/time.ts'
import type { InsightsView } from '../../model/wire.ts'
import { grouped } from '../../model/words.ts'
import { Axes, type Frame, plotHeight, plotWidth, yOf } from './Axes.tsx'
import { ChartTable } from './ChartCard.tsx'
import { useWidth } from './use-width.ts'

const KINDS = ['allow', 'hold', 'deny'] as const
type Week = InsightsView['weeks'][number]

export function VerdictChart(props: { readonly insights: InsightsView }): ReactElement {
  const { weeks, total } = props.insights
  const { ref, width } = useWidth()
  const frame: Frame = { width, height: 180, left: 40, right: 8, top: 12, bottom: 26 }
  const ticks = countTicks(Math.max(1, ...weeks.map(sumOf)))
  const most = ticks.at(-1) ?? 1
  const step = plotWidth(frame) / weeks.length
  const centre = (week: number): number => frame.left + step * (week + 0.5)
  const now = { now: Date.now() }
  return (
    <>
      <div ref={ref} className="chart">
        <svg
          width={width}
          height={frame.height}
          role="img"
          aria-label="Changes per week by verdict"
        >
          <Axes
            frame={frame}
            ticks={ticks.map((tick) => ({ share: tick / most, text: grouped(tick) }))}
            starts={weeks.map(({ start }) => start)}
            xOf={centre}
          />
          {weeks.map((week, at) => (
            <Bar
              key={week.start}
              week={week}
              frame={frame}
              place={{ x: centre(at), width: Math.max(3, Math.min(34, step * 0.64)), most }}
            />
          ))}
        </svg>
      </div>
      <ul className="legend small">
        {KINDS.map((kind) => (
          <li key={kind}>
            <span className={`swatch swatch-${kind}`} aria-hidden="true" />
            {kind} <span className="num">{grouped(total[kind])}</span>
          </li>
        ))}
      </ul>
      <ChartTable
        caption="Changes per week by verdict"
        head={['Week of', ...KINDS]}
        rows={weeks.map((week) => [
          day(week.start, now),
          ...KINDS.map((kind) => grouped(week[kind])),
        ])}
      />
    </>
  )
}

function sumOf({ allow, hold, deny }: Week): number {
  return allow + hold + deny
}

function Bar(props: {
  readonly week: Week
  readonly frame: Frame
  readonly place: { readonly x: number; readonly width: number; readonly most: number }
}): ReactElement {
  const { week, frame, place } = props
  let below = 0
  return (
    <g>
      {KINDS.map((kind) => {
        const from = below
        below += week[kind]
        const height = (week[kind] / place.most) * plotHeight(frame)
        // A gap of one pixel keeps the parts apart without their colour.
        return week[kind] === 0 ? null : (
          <rect
            key={kind}
            className={`bar-${kind}`}
            x={place.x - place.width / 2}
            y={yOf(frame, (from + week[kind]) / place.most)}
            width={place.width}
            height={Math.max(2, height - 1)}
            rx={1}
          />
        )
      })}
    </g>
  )
}
