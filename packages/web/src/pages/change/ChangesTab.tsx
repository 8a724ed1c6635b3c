/** The plan's rows: filter, groups of equal shape, pages of 300, and what else is in the plan. */
import { storesData } from '@holdpoint/api/stored-data'
import { ACTIONS, alsoIn, type Plan, planWarnings, reachOf } from '@holdpoint/core'
import { type ReactElement, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { LOOKS, presentActions } from '../../model/actions.ts'
import { filterFrom, filterRows, isFiltering } from '../../model/filter.ts'
import { groupRows, type ListItem, page } from '../../model/groups.ts'
import type { Row } from '../../model/rows.ts'
import type { ChangeView } from '../../model/wire.ts'
import { count, grouped } from '../../model/words.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { useSettings } from '../../ui/use-settings.ts'
import { AlsoList } from './AlsoList.tsx'
import { GroupRow } from './GroupRow.tsx'
import { PlanRow } from './PlanRow.tsx'
import { ReachList } from './ReachList.tsx'

/** Few rows need no filter. */
const FILTER_FROM = 8

export function ChangesTab(props: {
  readonly change: ChangeView
  readonly plan: Plan
  readonly rows: readonly Row[]
}): ReactElement {
  const { change, plan, rows } = props
  const [query] = useSearchParams()
  const reach = useMemo(() => reachOf(plan, storesData), [plan])
  const items = useMemo(() => groupRows(filterRows(rows, filterFrom(query))), [rows, query])
  const found = items.reduce((sum, item) => sum + (item.kind === 'row' ? 1 : item.rows.length), 0)
  return (
    <>
      {planWarnings(plan).map((text) => (
        <p key={text} className="plan-warning small" role="note">
          <Raw text={text} plain />
        </p>
      ))}
      <ReachList title="What it reaches" groups={reach.consequences} />
      {rows.length >= FILTER_FROM ? (
        <FilterBar change={change} found={found} total={rows.length} />
      ) : null}
      <Rows items={items} />
      <ReachList title="What it touches" groups={reach.places} />
      <AlsoList sections={alsoIn(plan)} />
    </>
  )
}

function Rows(props: { readonly items: readonly ListItem[] }): ReactElement {
  const [pages, setPages] = useState(1)
  const drawn = page(props.items, pages)
  const left = props.items.length - drawn.length
  if (props.items.length === 0)
    return <p className="card plan-empty text-2">No resource changes here.</p>
  return (
    <ul className="card plan-list" aria-label="Resource changes">
      {drawn.map((item) => (
        <li key={item.key}>
          {item.kind === 'group' ? <GroupRow group={item} /> : <PlanRow row={item.row} />}
        </li>
      ))}
      {left > 0 ? (
        <li className="plan-more">
          <span className="text-2 num">
            {grouped(drawn.length)} of {count(props.items.length, 'line')} drawn
          </span>
          <ActionButton size="small" onPress={() => setPages(pages + 1)}>
            Show more
          </ActionButton>
        </li>
      ) : null}
    </ul>
  )
}

function FilterBar(props: {
  readonly change: ChangeView
  readonly found: number
  readonly total: number
}): ReactElement {
  const { change } = props
  const { query, set } = useSettings()
  const filter = filterFrom(query)
  const actions = presentActions(change.summary).map((each) => each.action)
  return (
    <search className="filter-bar" aria-label="Filter resource changes">
      <input
        id="plan-filter"
        className="input input-small"
        type="search"
        placeholder="Filter by address"
        aria-label="Filter by address"
        value={filter.text}
        onChange={(event) => set({ q: event.target.value })}
      />
      <select
        className="input input-small"
        aria-label="Action"
        value={filter.action ?? ''}
        onChange={(event) => set({ action: event.target.value })}
      >
        <option value="">All actions</option>
        {ACTIONS.filter((action) => actions.includes(action)).map((action) => (
          <option key={action} value={action}>
            {LOOKS[action].word}
          </option>
        ))}
      </select>
      <label className="filter-check small">
        <input
          type="checkbox"
          checked={filter.hidden}
          onChange={(event) => set({ hidden: event.target.checked ? '1' : null })}
        />
        has hidden
      </label>
      <span className="small text-3 num filter-count" role="status">
        {isFiltering(filter) ? `${grouped(props.found)} of ` : ''}
        {grouped(props.total)}
      </span>
    </search>
  )
}
