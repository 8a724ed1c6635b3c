/** The history: every change that one may see, newest first, narrowed by what the address says. */
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { historyPages } from '../api.ts'
import { historyDays, historyQueryOf, isNarrowed } from '../model/history-view.ts'
import type { HistoryRow } from '../model/wire.ts'
import { FirstCommand } from '../ui/FirstCommand.tsx'
import { ActionButton, Hints } from '../ui/pieces.tsx'
import { RowGroup } from '../ui/RowGroup.tsx'
import { Fault, Refused, Skeleton } from '../ui/states.tsx'
import { moveFocus, openFocused, useKeys } from '../ui/use-keys.ts'
import { useMoment } from '../ui/use-now.ts'
import { useSettings } from '../ui/use-settings.ts'
import { useTitle } from '../ui/use-title.ts'
import { HistoryFilters } from './history/HistoryFilters.tsx'

export function HistoryPage(): ReactElement {
  const [query] = useSearchParams()
  const history = useInfiniteQuery(historyPages(historyQueryOf(query)))
  const go = useNavigate()
  useTitle('History')
  useKeys({
    next: () => moveFocus(1),
    previous: () => moveFocus(-1),
    open: openFocused,
    up: () => void go('/'),
    filter: () => document.getElementById('history-text')?.focus(),
  })
  if (history.isError && history.data === undefined)
    return <Fault retry={() => void history.refetch()} />
  const pages = history.data?.pages ?? []
  const refused = pages.find((page) => !page.ok)
  if (refused?.ok === false) return <Refused problem={refused.problem} />
  const rows = pages.flatMap((page) => (page.ok ? page.value.changes : []))
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">History</h1>
      </div>
      <div className="page">
        <HistoryFilters />
        {history.data === undefined ? (
          <Skeleton rows={6} />
        ) : (
          <Rows
            rows={rows}
            more={history.hasNextPage}
            busy={history.isFetchingNextPage}
            showMore={() => void history.fetchNextPage()}
          />
        )}
      </div>
      <Hints
        hints={[
          { keys: ['J', 'K'], does: 'next, previous' },
          { keys: ['Enter'], does: 'open' },
          { keys: ['/'], does: 'filter' },
          { keys: ['?'], does: 'all keys' },
        ]}
      />
    </>
  )
}

function Rows(props: {
  readonly rows: readonly HistoryRow[]
  readonly more: boolean
  readonly busy: boolean
  readonly showMore: () => void
}): ReactElement {
  const { rows, more, busy } = props
  const when = useMoment()
  return (
    <>
      {rows.length === 0 && !more ? <Nothing /> : null}
      {historyDays(rows, when).map((day) => (
        <RowGroup key={day.title} {...day} counted={false} />
      ))}
      {more ? (
        <div className="history-more">
          {rows.length === 0 ? (
            <p className="text-2">Nothing like this among the newest changes.</p>
          ) : null}
          <ActionButton disabled={busy} onPress={props.showMore}>
            {rows.length === 0 ? 'Look further back' : 'Show older changes'}
          </ActionButton>
        </div>
      ) : null}
    </>
  )
}

function Nothing(): ReactElement {
  const { query, clear } = useSettings()
  if (isNarrowed(query))
    return (
      <section className="card inbox-empty" aria-label="Nothing found">
        <h2>No change is like this</h2>
        <p className="small text-2">Among those that you may see.</p>
        <div>
          <ActionButton size="small" onPress={clear}>
            Clear the filter
          </ActionButton>
        </div>
      </section>
    )
  return (
    <section className="card inbox-empty" aria-label="Nothing yet">
      <h2>No changes yet</h2>
      <p className="small text-2">
        The first appears with <FirstCommand workspace="payments/prod" />
      </p>
    </section>
  )
}
