/** Lines and labels of a chart by weeks. Text keeps its size; nothing here needs colour. */
import type { ReactElement } from 'react'
import { day } from '../../model/time.ts'

export interface Frame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export function plotWidth({ width, left, right }: Frame): number {
  return width - left - right
}

export function plotHeight({ height, top, bottom }: Frame): number {
  return height - top - bottom
}

export function yOf(frame: Frame, share: number): number {
  return frame.top + plotHeight(frame) * (1 - share)
}

export function Axes(props: {
  readonly frame: Frame
  readonly ticks: readonly { readonly share: number; readonly text: string }[]
  readonly starts: readonly number[]
  readonly xOf: (week: number) => number
}): ReactElement {
  const { frame, ticks, starts, xOf } = props
  const now = { now: Date.now() }
  return (
    <>
      {ticks.map(({ share, text }) => (
        <g key={text}>
          <line
            className="chart-line"
            x1={frame.left}
            x2={frame.width - frame.right}
            y1={yOf(frame, share)}
            y2={yOf(frame, share)}
          />
          <text
            className="chart-text"
            x={frame.left - 8}
            y={yOf(frame, share) + 4}
            textAnchor="end"
          >
            {text}
          </text>
        </g>
      ))}
      {labelled(starts.length, plotWidth(frame)).map((week) => (
        <text
          key={week}
          className="chart-text"
          x={xOf(week)}
          y={frame.height - 6}
          textAnchor="middle"
        >
          {shortDay(day(starts[week] ?? 0, now))}
        </text>
      ))}
    </>
  )
}

/** `8 September` is too long below a bar. */
function shortDay(text: string): string {
  return text.replace(/([A-Z][a-z]{2})[a-z]+/, '$1')
}

const LABEL_WIDTH = 78

/** Weeks whose label fits, counted back from the last. */
function labelled(weeks: number, width: number): readonly number[] {
  const every = Math.max(1, Math.ceil((weeks * LABEL_WIDTH) / width))
  return Array.from({ length: weeks }, (_, week) => week).filter(
    (week) => (weeks - 1 - week) % every === 0,
  )
}
