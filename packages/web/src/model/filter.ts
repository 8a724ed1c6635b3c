/** Which rows are drawn: text, action, rule, "has hidden". All of it lives in the address. */
import { ACTIONS, type Action } from '@holdpoint/core'
import type { Row } from './rows.ts'

export interface Filter {
  readonly text: string
  readonly action: Action | null
  readonly rule: string | null
  readonly hidden: boolean
}

export function filterFrom(query: URLSearchParams): Filter {
  const action = query.get('action')
  return {
    text: query.get('q') ?? '',
    action: ACTIONS.find((each) => each === action) ?? null,
    rule: query.get('rule'),
    hidden: query.get('hidden') === '1',
  }
}

export function isFiltering(filter: Filter): boolean {
  return filter.text !== '' || filter.action !== null || filter.rule !== null || filter.hidden
}

export function filterRows(rows: readonly Row[], filter: Filter): readonly Row[] {
  if (!isFiltering(filter)) return rows
  const text = filter.text.toLowerCase()
  return rows.filter(
    (row) =>
      (text === '' || row.key.toLowerCase().includes(text)) &&
      (filter.action === null || row.action === filter.action) &&
      (filter.rule === null || row.rules.includes(filter.rule)) &&
      (!filter.hidden || row.hidden > 0),
  )
}

/** The query with one setting changed; what is empty leaves the address. */
export function withSetting(
  query: URLSearchParams,
  name: string,
  value: string | null,
): URLSearchParams {
  const next = new URLSearchParams(query)
  if (value === null || value === '') next.delete(name)
  else next.set(name, value)
  return next
}
