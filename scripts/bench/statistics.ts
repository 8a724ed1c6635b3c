/** Medians and spreads. On a shared machine a mean says most about the neighbours. */
import type { Row } from './measure.ts'

export function median(values: readonly number[]): number {
  const sorted = ordered(values)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  const lower = sorted.length % 2 === 1 ? upper : (sorted[middle - 1] ?? Number.NaN)
  return (lower + upper) / 2
}

/** Nearest rank: the smallest value that `share` of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * values.length))
  return ordered(values)[rank - 1] ?? Number.NaN
}

function ordered(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new Error('nothing was measured')
  return values.toSorted((one, other) => one - other)
}

type Text = (value: number) => string

export const milliseconds: Text = (value) => `${value.toFixed(value < 100 ? 1 : 0)} ms`
export const times: Text = (value) => `${value.toFixed(2)}×`
export const perSecond: Text = (value) => `${Math.round(value)}/s`
export const kilobytes: Text = (value) => `${(value / 1024).toFixed(1)} KB`

export function row(what: string, values: readonly number[], text: Text = milliseconds): Row {
  const spread = `${text(quantile(values, 0))} to ${text(quantile(values, 1))}, n=${values.length}`
  return { what, median: text(median(values)), spread }
}

/** The other one's value at the same place. */
export function paired(
  values: readonly number[],
  others: readonly number[],
  how: (value: number, other: number) => number,
): readonly number[] {
  return values.map((value, index) => how(value, others[index] ?? Number.NaN))
}
