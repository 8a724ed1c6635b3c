/** Workspaces that one may see: what is open there, what was last, who owns them. */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link, useNavigate } from 'react-router'
import { workspacesQuery } from '../api.ts'
import { ago } from '../model/time.ts'
import type { WorkspaceRow } from '../model/wire.ts'
import { list } from '../model/words.ts'
import { addressOfWorkspace, labelLines } from '../model/workspace-view.ts'
import { FirstCommand } from '../ui/FirstCommand.tsx'
import { ListFrame } from '../ui/ListFrame.tsx'
import { Raw } from '../ui/pieces.tsx'
import { Fault, Refused, Skeleton } from '../ui/states.tsx'
import { moveFocus, openFocused, useKeys } from '../ui/use-keys.ts'
import { useMoment } from '../ui/use-now.ts'
import { useTitle } from '../ui/use-title.ts'

export function WorkspacesPage(): ReactElement {
  const workspaces = useQuery(workspacesQuery)
  const go = useNavigate()
  useTitle('Workspaces')
  useKeys({
    next: () => moveFocus(1),
    previous: () => moveFocus(-1),
    open: openFocused,
    up: () => void go('/'),
  })
  if (workspaces.isError && workspaces.data === undefined)
    return <Fault retry={() => void workspaces.refetch()} />
  if (workspaces.data?.ok === false) return <Refused problem={workspaces.data.problem} />
  return (
    <ListFrame title="Workspaces">
      {workspaces.data === undefined ? (
        <Skeleton rows={5} />
      ) : (
        <Rows rows={workspaces.data.value.workspaces} />
      )}
    </ListFrame>
  )
}

function Rows(props: { readonly rows: readonly WorkspaceRow[] }): ReactElement {
  if (props.rows.length === 0)
    return (
      <section className="card inbox-empty" aria-label="Nothing yet">
        <h2>No workspaces yet</h2>
        <p className="small text-2">
          A workspace appears with its first change: <FirstCommand workspace="payments/prod" />
        </p>
      </section>
    )
  return (
    <ul className="card inbox-list" aria-label="Workspaces">
      {props.rows.map((row) => (
        <li key={row.id}>
          <Row row={row} />
        </li>
      ))}
    </ul>
  )
}

function Row(props: { readonly row: WorkspaceRow }): ReactElement {
  const { row } = props
  const when = useMoment()
  const owners = row.owners.map(({ name }) => name)
  return (
    <Link className="workspace-row" to={addressOfWorkspace(row.name)} data-row="">
      <span className="workspace-name">
        <span className="strong">{row.name}</span>
        <span className="small text-2 mono cut">
          <Raw text={labelLines(row.labels).join(' ')} plain />
        </span>
      </span>
      <span className="workspace-last small">
        {row.last === null ? (
          <span className="text-3">No change yet</span>
        ) : (
          <>
            <span className="cut">
              <Raw text={row.last.headline} plain />
            </span>
            <span className="text-2">
              {row.last.status.replaceAll('_', ' ')}, {ago(row.last.openedAt, when)}
            </span>
          </>
        )}
      </span>
      <span className="small text-2 workspace-owners">
        {owners.length === 0 ? 'nobody owns it' : `owned by ${list(owners, 'and')}`}
      </span>
      <span className="workspace-open num small">
        {row.open === 0 ? <span className="text-3">none open</span> : `${row.open} open`}
      </span>
    </Link>
  )
}
