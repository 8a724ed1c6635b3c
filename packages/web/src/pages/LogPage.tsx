/** The log: what was checked here and against what, what rests on what, then every entry. */
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { logQuery, type WholeLog } from '../api.ts'
import { logRow, restsOn } from '../model/log-view.ts'
import { ActionButton, Hints } from '../ui/pieces.tsx'
import { Fault, Refused, Skeleton } from '../ui/states.tsx'
import { moveFocus, openFocused, useKeys } from '../ui/use-keys.ts'
import { useMoment } from '../ui/use-now.ts'
import { useSettings } from '../ui/use-settings.ts'
import { useTitle } from '../ui/use-title.ts'
import { CheckCard } from './log/CheckCard.tsx'
import { EntryRows } from './log/EntryRows.tsx'
import { RestsOnCard } from './log/RestsOnCard.tsx'
import { useLogCheck } from './log/use-log-check.ts'

export function LogPage(): ReactElement {
  const log = useQuery(logQuery)
  useTitle('Log')
  useKeys({ next: () => moveFocus(1), previous: () => moveFocus(-1), open: openFocused })
  if (log.data?.ok === false) return <Refused problem={log.data.problem} />
  if (log.isError && log.data === undefined) return <Fault retry={() => void log.refetch()} />
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">Log</h1>
      </div>
      <div className="page">
        {log.data === undefined ? <Skeleton rows={5} /> : <Loaded log={log.data.value} />}
      </div>
      <Hints
        hints={[
          { keys: ['J', 'K'], does: 'next, previous' },
          { keys: ['O'], does: 'open its proof' },
          { keys: ['G', 'I'], does: 'inbox' },
          { keys: ['?'], does: 'all keys' },
        ]}
      />
    </>
  )
}

const FIRST_ROWS = 100

function Loaded(props: { readonly log: WholeLog }): ReactElement {
  const { log } = props
  const when = useMoment()
  const check = useLogCheck(log)
  const { query, set } = useSettings()
  const [drawn, setDrawn] = useState(FIRST_ROWS)
  const open = query.get('entry')
  const openSeq = open === null ? null : Number(open)
  const wanted = openSeq === null ? 0 : log.head.size - openSeq + 1
  const newest = log.entries.toReversed()
  const rows = newest.slice(0, Math.max(drawn, wanted)).map((entry) => logRow(entry, when))
  return (
    <>
      <div className="card log-top">
        <CheckCard log={log} check={check} when={when} />
        <RestsOnCard shares={restsOn(log.entries)} read={log.entries.length} size={log.head.size} />
      </div>
      <div className="log-head">
        <h2>Entries</h2>
        <a className="button button-plain button-small" href="/api/v1/audit/export" download>
          Export a bundle…
        </a>
      </div>
      <EntryRows
        rows={rows}
        head={log.head}
        open={openSeq}
        toggle={(seq) => set({ entry: seq === openSeq ? null : String(seq) })}
      />
      {rows.length < newest.length ? (
        <div className="plan-more">
          <ActionButton size="small" onPress={() => setDrawn(drawn + FIRST_ROWS)}>
            Show older entries
          </ActionButton>
        </div>
      ) : null}
    </>
  )
}
