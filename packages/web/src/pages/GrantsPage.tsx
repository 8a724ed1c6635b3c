/** What runs with a grant now, what it was given, and the switch that stops it. */
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { useNavigate } from 'react-router'
import { client, grantsQuery } from '../api.ts'
import { isLiveNow } from '../model/stopping.ts'
import type { Moment } from '../model/time.ts'
import type { GrantView } from '../model/wire.ts'
import { ListFrame } from '../ui/ListFrame.tsx'
import { useConnection } from '../ui/live.tsx'
import { ActionButton } from '../ui/pieces.tsx'
import { Fault, Refused, Skeleton } from '../ui/states.tsx'
import { moveFocus, openFocused, useKeys } from '../ui/use-keys.ts'
import { useMoment } from '../ui/use-now.ts'
import { useTitle } from '../ui/use-title.ts'
import { useDecide } from './change/use-decide.ts'
import { GrantRow } from './grants/GrantRow.tsx'
import { StopAllSheet } from './grants/StopAllSheet.tsx'
import { StopSheet } from './grants/StopSheet.tsx'

export function GrantsPage(): ReactElement {
  const grants = useQuery(grantsQuery)
  const go = useNavigate()
  useTitle('Grants')
  useKeys({
    next: () => moveFocus(1),
    previous: () => moveFocus(-1),
    open: openFocused,
    up: () => void go('/'),
  })
  if (grants.isError && grants.data === undefined)
    return <Fault retry={() => void grants.refetch()} />
  if (grants.data?.ok === false) return <Refused problem={grants.data.problem} />
  return (
    <ListFrame title="Grants">
      {grants.data === undefined ? (
        <Skeleton rows={4} />
      ) : (
        <Grants grants={grants.data.value.grants} />
      )}
    </ListFrame>
  )
}

/** One grant by its change, or all of them that run. */
type Stopping = null | 'all' | GrantView

function Grants(props: { readonly grants: readonly GrantView[] }): ReactElement {
  const when = useMoment()
  const isOffline = useConnection().lostAt !== null
  const [stopping, setStopping] = useState<Stopping>(null)
  const live = props.grants.filter((grant) => isLiveNow(grant, when.now))
  const ended = props.grants.filter((grant) => !isLiveNow(grant, when.now))
  const stoppable = live.filter(({ you }) => you.revoke === null)
  const shared = { when, isOffline, stop: setStopping }
  return (
    <>
      <section aria-labelledby="live-grants" className="inbox-group">
        <div className="section-head">
          <h2 id="live-grants">
            Live <span className="grant-count num">{live.length}</span>
          </h2>
          {stoppable.length < 2 ? null : (
            <ActionButton size="small" disabled={isOffline} onPress={() => setStopping('all')}>
              Stop all {stoppable.length}…
            </ActionButton>
          )}
        </div>
        {live.length === 0 ? <NothingLive /> : <Rows grants={live} label="Live" {...shared} />}
      </section>
      {ended.length === 0 ? null : (
        <section aria-labelledby="ended-grants" className="inbox-group">
          <div className="inbox-head">
            <h2 id="ended-grants">Ended</h2>
            <span>Nothing is issued any more; a cloud may still honour what was.</span>
          </div>
          <Rows grants={ended} label="Ended" {...shared} />
        </section>
      )}
      <StopAny stopping={stopping} all={stoppable} when={when} close={() => setStopping(null)} />
    </>
  )
}

function Rows(props: {
  readonly grants: readonly GrantView[]
  readonly label: string
  readonly when: Moment
  readonly isOffline: boolean
  readonly stop: (grant: GrantView) => void
}): ReactElement {
  return (
    <ul className="card inbox-list" aria-label={props.label}>
      {props.grants.map((grant) => (
        <GrantRow
          key={grant.grant}
          grant={grant}
          when={props.when}
          isOffline={props.isOffline}
          stop={() => props.stop(grant)}
        />
      ))}
    </ul>
  )
}

function NothingLive(): ReactElement {
  return (
    <div className="card inbox-empty">
      <p className="strong">No grant is live</p>
      <p className="small text-2">
        A grant begins when an approved change starts, and ends with its outcome. While one lives it
        stands here, with what it was given and until when a cloud honours that, and whoever may
        apply or approve in its workspace can stop it.
      </p>
      <p className="small text-2">
        In a terminal: <span className="mono">holdpoint grants</span>
      </p>
    </div>
  )
}

function StopAny(props: {
  readonly stopping: Stopping
  readonly all: readonly GrantView[]
  readonly when: Moment
  readonly close: () => void
}): ReactElement | null {
  const { stopping, all, when } = props
  const decide = useDecide()
  const close = (): void => {
    decide.clear()
    props.close()
  }
  if (stopping === null) return null
  if (stopping === 'all') return <StopAllSheet grants={all} onClose={close} />
  const { change, workspace, door, credentials } = stopping
  const send = (reason: string): void =>
    decide.send(() => client.call('revokeGrant', { params: { change }, body: { reason } }), close)
  return (
    <StopSheet {...{ workspace, door, credentials, when, send }} sending={decide} onClose={close} />
  )
}
