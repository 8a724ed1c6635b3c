/** The entries as a table; each opens its proof of being in the log, checked in this browser. */
import { type ReactElement, useEffect, useRef } from 'react'
import { Link } from 'react-router'
import type { LogRow } from '../../model/log-view.ts'
import type { LogPage } from '../../model/wire.ts'
import { grouped } from '../../model/words.ts'
import { Raw } from '../../ui/pieces.tsx'
import { EntryProof } from './EntryProof.tsx'

export function EntryRows(props: {
  readonly rows: readonly LogRow[]
  readonly head: LogPage
  readonly open: number | null
  readonly toggle: (seq: number) => void
}): ReactElement {
  return (
    <div className="card log-table">
      <table aria-label="Entries">
        <thead>
          <tr>
            <th scope="col">Entry</th>
            <th scope="col">Time</th>
            <th scope="col" className="log-stream">
              Of
            </th>
            <th scope="col">Event</th>
            <th scope="col" className="log-who">
              Who
            </th>
            <th scope="col" className="log-leaf">
              Leaf
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <Entry
              key={row.seq}
              row={row}
              head={props.head}
              open={row.seq === props.open}
              toggle={() => props.toggle(row.seq)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** An address that names an entry brings it into view once. */
function useScrollTo(open: boolean) {
  const row = useRef<HTMLTableRowElement>(null)
  const wasOpen = useRef(open)
  useEffect(() => {
    if (wasOpen.current) row.current?.scrollIntoView({ block: 'center' })
  }, [])
  return row
}

function Entry(props: {
  readonly row: LogRow
  readonly head: LogPage
  readonly open: boolean
  readonly toggle: () => void
}): ReactElement {
  const { row, open, head } = props
  const place = useScrollTo(open)
  const striped = row.development ? ' log-development' : ''
  return (
    <>
      <tr ref={place} className={`log-row${open ? ' log-open' : ''}${striped}`}>
        <td>
          <button
            type="button"
            className="log-toggle mono num"
            aria-expanded={open}
            aria-label={`Entry ${row.seq}, open its proof`}
            data-row=""
            onClick={props.toggle}
          >
            {grouped(row.seq)}
          </button>
        </td>
        <td className="num">
          <time title={`${row.day}, ${row.utc}`}>{row.time}</time>
        </td>
        <td className="log-stream">
          <Stream stream={row.stream} />
        </td>
        <td>
          <Raw text={row.type} />
          <span className="log-below text-2">
            by <Raw text={row.who} plain />
            <br />
            <Stream stream={row.stream} />
            <br />
            leaf <span className="mono">{row.leaf}</span>
          </span>
        </td>
        <td className="log-who">
          <Raw text={row.who} plain />
        </td>
        <td className="mono text-2 log-leaf">{row.leaf}</td>
      </tr>
      {open ? (
        <tr className="log-detail">
          <td colSpan={6}>
            <EntryProof row={row} head={head} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

function Stream(props: { readonly stream: string }): ReactElement {
  const { stream } = props
  if (!stream.startsWith('chg_')) return <Raw text={stream} plain />
  return (
    <Link className="mono" to={`/c/${stream}`}>
      {stream}
    </Link>
  )
}
