/** The inbox: needs you, waiting for others, yours. A decision needs the page, so rows only open. */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useNavigate } from 'react-router'
import { inboxQuery } from '../api.ts'
import { type InboxGroup, inboxGroups } from '../model/inbox-view.ts'
import { FirstCommand } from '../ui/FirstCommand.tsx'
import { Hints } from '../ui/pieces.tsx'
import { RowGroup } from '../ui/RowGroup.tsx'
import { Fault, Refused, Skeleton } from '../ui/states.tsx'
import { moveFocus, openFocused, useKeys } from '../ui/use-keys.ts'
import { useMoment } from '../ui/use-now.ts'
import { useTitle } from '../ui/use-title.ts'

export function InboxPage(): ReactElement {
  const inbox = useQuery(inboxQuery)
  const when = useMoment()
  const go = useNavigate()
  useTitle('Inbox')
  useKeys({
    next: () => moveFocus(1),
    previous: () => moveFocus(-1),
    open: openFocused,
    up: () => void go('/'),
  })
  if (inbox.isError && inbox.data === undefined) return <Fault retry={() => void inbox.refetch()} />
  if (inbox.data?.ok === false) return <Refused problem={inbox.data.problem} />
  const groups = inbox.data === undefined ? null : inboxGroups(inbox.data.value, when)
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">Inbox</h1>
      </div>
      <div className="page">
        {groups === null ? <Skeleton rows={4} /> : <Groups groups={groups} />}
      </div>
      <Hints
        hints={[
          { keys: ['J', 'K'], does: 'next, previous' },
          { keys: ['Enter'], does: 'open' },
          { keys: ['G', 'H'], does: 'history' },
          { keys: ['?'], does: 'all keys' },
        ]}
      />
    </>
  )
}

function Groups(props: { readonly groups: readonly InboxGroup[] }): ReactElement {
  const [needsYou, ...others] = props.groups
  return (
    <>
      {needsYou === undefined ? null : needsYou.rows.length === 0 ? (
        <NothingNeedsYou />
      ) : (
        <RowGroup {...needsYou} />
      )}
      {others.map((group) =>
        group.rows.length === 0 ? null : <RowGroup key={group.title} {...group} />,
      )}
    </>
  )
}

function NothingNeedsYou(): ReactElement {
  return (
    <section className="inbox-group card inbox-empty" aria-label="Needs you">
      <h2>Nothing needs you</h2>
      <p className="small text-2">
        A change appears here when you can fill one of its slots. A workspace appears with its first
        change: <FirstCommand workspace="payments/prod" />
      </p>
    </section>
  )
}
