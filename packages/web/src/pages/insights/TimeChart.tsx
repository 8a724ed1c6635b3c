/** Median and ninth decile from held to decided, by week; a week without one leaves a gap. */
import type { ReactElement } from 'react'
import { timeTicks } from '../../model/insights-view.ts'
import { day, duration } from '../../model/time.ts'
import type { InsightsView } from '../../model/wire.ts'
import { grouped } from '../../model/words.ts'
import { Axes, type Frame, plotWidth, yOf } from './Axes.tsx'
import { ChartTable } from './ChartCard.tsx'
import { useWidth } from './use-width.ts'

type Week = InsightsView['weeks'][number]
const SERIES = [
  { name: 'p90', label: '9 of 10', of: (week: Week) => week.p90Ms },
  { name: 'median', label: 'median', of: (week: Week) => week.medianMs },
] as const

export function TimeChart(props: { readonly insights: InsightsView }): ReactElement {
  const { weeks } = props.insights
  const { ref, width } = useWidth()
  const frame: Frame = { width, height: 180, left: 52, right: 66, top: 12, bottom: 26 }
  const ticks = timeTicks(Math.max(1_000, ...weeks.map(({ p90Ms }) => p90Ms ?? 0)))
  const most = ticks.at(-1) ?? 1
  const step = plotWidth(frame) / Math.max(1, weeks.length - 1)
  const xOf = (week: number): number => frame.left + step * week
  const now = { now: Date.now() }
  const timeText = (time: number | null): string => (time === null ? 'none' : duration(time))
  return (
    <>
      <div ref={ref} className="chart">
        <svg width={width} height={frame.height} role="img" aria-label="Time to decide by week">
          <Axes
            frame={frame}
            ticks={ticks.map((tick) => ({
              share: tick / most,
              text: tick === 0 ? '0' : duration(tick),
            }))}
            starts={weeks.map(({ start }) => start)}
            xOf={xOf}
          />
          {SERIES.map(({ name, of }) => (
            <Line
              key={name}
              name={name}
              points={weeks.map((week, at) => {
                const time = of(week)
                return time === null ? null : { x: xOf(at), y: yOf(frame, time / most) }
              })}
            />
          ))}
          <EndLabels weeks={weeks} frame={frame} most={most} xOf={xOf} />
        </svg>
      </div>
      <ChartTable
        caption="Time from held to decided by week"
        head={['Week of', 'decided', 'median', '9 of 10 within']}
        rows={weeks.map((week) => [
          day(week.start, now),
          grouped(week.decided),
          timeText(week.medianMs),
          timeText(week.p90Ms),
        ])}
      />
    </>
  )
}

interface Point {
  readonly x: number
  readonly y: number
}

function Line(props: {
  readonly name: string
  readonly points: readonly (Point | null)[]
}): ReactElement {
  const { name, points } = props
  const path = points
    .map((point, at) => {
      if (point === null) return ''
      return `${at > 0 && points[at - 1] !== null ? 'L' : 'M'}${point.x} ${point.y}`
    })
    .join('')
  const last = points.findLastIndex((point) => point !== null)
  // A week alone has no line: a dot shows it, as one shows where the line is now.
  const dots = points.filter(
    (point, at) => point !== null && (at === last || (!points[at - 1] && !points[at + 1])),
  )
  return (
    <g className={`line-${name}`}>
      <path d={path} fill="none" />
      {dots.map((point) =>
        point === null ? null : <circle key={`${point.x}`} cx={point.x} cy={point.y} r={3} />,
      )}
    </g>
  )
}

const LABEL_HEIGHT = 30

function EndLabels(props: {
  readonly weeks: readonly Week[]
  readonly frame: Frame
  readonly most: number
  readonly xOf: (week: number) => number
}): ReactElement | null {
  const { weeks, frame, most, xOf } = props
  const at = weeks.findLastIndex(({ medianMs }) => medianMs !== null)
  const week = weeks[at]
  if (week === undefined) return null
  const heights = SERIES.map(({ of }) => yOf(frame, (of(week) ?? 0) / most))
  const [upper = 0, lower = 0] = heights
  const top = Math.max(frame.top + 6, Math.min(upper, lower - LABEL_HEIGHT))
  const bottom = frame.height - frame.bottom - 12
  const second = Math.min(Math.max(lower, top + LABEL_HEIGHT), bottom)
  const places = [Math.min(top, second - LABEL_HEIGHT), second]
  return (
    <>
      {SERIES.map(({ name, label, of }, index) => (
        <g key={name}>
          <text className="chart-value" x={xOf(at) + 9} y={places[index]}>
            {duration(of(week) ?? 0)}
          </text>
          <text className="chart-text" x={xOf(at) + 9} y={(places[index] ?? 0) + 14}>
            {label}
          </text>
        </g>
      ))}
    </>
  )
}
