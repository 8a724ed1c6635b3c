/** One workspace: what is open there, where it acts, who owns it, who can decide what. */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link, useParams } from 'react-router'
import { client, workspaceQuery, workspacesQuery } from '../api.ts'
import { historyDays } from '../model/history-view.ts'
import type { HistoryRow, WorkspaceView } from '../model/wire.ts'
import { FirstCommand } from '../ui/FirstCommand.tsx'
import { Icon } from '../ui/Icon.tsx'
import { RowGroup } from '../ui/RowGroup.tsx'
import { Fault, NotFound, Refused, Skeleton } from '../ui/states.tsx'
import { moveFocus, openFocused, useKeys } from '../ui/use-keys.ts'
import { useMoment } from '../ui/use-now.ts'
import { useTitle } from '../ui/use-title.ts'
import { PlaceCard } from './workspace/PlaceCard.tsx'
import { WhoDecides } from './workspace/WhoDecides.tsx'

export function WorkspacePage(): ReactElement {
  const name = useParams()['*'] ?? ''
  const all = useQuery(workspacesQuery)
  useTitle(name)
  useKeys({ next: () => moveFocus(1), previous: () => moveFocus(-1), open: openFocused })
  if (all.isError && all.data === undefined) return <Fault retry={() => void all.refetch()} />
  if (all.data === undefined) return <Loading name={name} />
  if (!all.data.ok) return <Refused problem={all.data.problem} />
  const found = all.data.value.workspaces.find((each) => each.name === name)
  return found === undefined ? <NotFound /> : <ById id={found.id} name={name} />
}

function Loading(props: { readonly name: string }): ReactElement {
  return (
    <>
      <Top name={props.name} />
      <div className="page">
        <Skeleton rows={4} />
      </div>
    </>
  )
}

function Top(props: { readonly name: string }): ReactElement {
  return (
    <div className="top top-page">
      <Link to="/workspaces">Workspaces</Link>
      <Icon name="next" size={12} />
      <h1 className="top-current top-title">{props.name}</h1>
    </div>
  )
}

function ById(props: { readonly id: WorkspaceView['id']; readonly name: string }): ReactElement {
  const { id, name } = props
  const workspace = useQuery(workspaceQuery(id))
  if (workspace.isError && workspace.data === undefined)
    return <Fault retry={() => void workspace.refetch()} />
  if (workspace.data === undefined) return <Loading name={name} />
  if (!workspace.data.ok) return <Refused problem={workspace.data.problem} />
  const view = workspace.data.value
  return (
    <>
      <Top name={name} />
      <div className="page workspace-page">
        <div className="workspace-main">
          <Changes workspace={name} />
          <WhoDecides workspace={view} />
        </div>
        <div className="workspace-side">
          <PlaceCard workspace={view} />
        </div>
      </div>
    </>
  )
}

const LAST = 5
const OPEN = 'evaluating,held,released,executing,outcome_unknown'

function Changes(props: { readonly workspace: string }): ReactElement {
  const { workspace } = props
  const open = useChanges({ workspace, status: OPEN, limit: 50 })
  const last = useChanges({ workspace, limit: LAST })
  if (open === null || last === null) return <Skeleton rows={3} />
  const ended = last.filter(({ id }) => !open.some((each) => each.id === id))
  return (
    <>
      {open.length === 0 ? null : <Group title="Open" rows={open} />}
      {ended.length === 0 ? null : <Group title="Last changes" rows={ended} />}
      {open.length + ended.length === 0 ? (
        <section className="card inbox-empty inbox-group" aria-label="Nothing yet">
          <h2>No change here yet</h2>
          <p className="small text-2">
            The first one comes with <FirstCommand workspace={workspace} />
          </p>
        </section>
      ) : (
        <p className="workspace-more small">
          <Link to={`/history?workspace=${encodeURIComponent(workspace)}`}>
            Every change of this workspace
          </Link>
        </p>
      )}
    </>
  )
}

function useChanges(query: {
  readonly workspace: string
  readonly status?: string
  readonly limit: number
}): readonly HistoryRow[] | null {
  const changes = useQuery({
    queryKey: ['history', 'workspace', query],
    queryFn: () => client.call('changes', { query }),
  })
  return changes.data?.ok === true ? changes.data.value.changes : null
}

function Group(props: {
  readonly title: string
  readonly rows: readonly HistoryRow[]
}): ReactElement {
  const when = useMoment()
  const rows = historyDays(props.rows, when).flatMap((day) => day.rows)
  return <RowGroup title={props.title} rows={rows} />
}
