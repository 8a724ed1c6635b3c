/** Who is here, what they may, and their teams; who administers changes it here. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { useOutletContext } from 'react-router'
import { everybodyQuery } from '../api.ts'
import type { PeopleView, Whoami } from '../model/wire.ts'
import { list } from '../model/words.ts'
import { type Confirming, ConfirmSheet } from '../ui/ConfirmSheet.tsx'
import { ListFrame } from '../ui/ListFrame.tsx'
import { ActionButton } from '../ui/pieces.tsx'
import { Fault, Refused, Skeleton } from '../ui/states.tsx'
import { moveFocus, openFocused, useKeys } from '../ui/use-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { BringInSheet } from './people/BringInSheet.tsx'
import { Invitations } from './people/Invitations.tsx'
import { PersonRow } from './people/PersonRow.tsx'
import type { All, AskFirst } from './people/props.ts'
import { Teams } from './people/Teams.tsx'

export function PeoplePage(): ReactElement {
  const me = useOutletContext<Whoami>()
  const people = useQuery(everybodyQuery)
  useTitle('People')
  useKeys({ next: () => moveFocus(1), previous: () => moveFocus(-1), open: openFocused })
  if (people.isError && people.data === undefined)
    return <Fault retry={() => void people.refetch()} />
  if (people.data?.ok === false) return <Refused problem={people.data.problem} />
  return (
    <ListFrame title="People">
      {people.data === undefined ? (
        <Skeleton rows={6} />
      ) : (
        <Loaded people={people.data.value} me={me} />
      )}
    </ListFrame>
  )
}

function Loaded(props: { readonly people: PeopleView; readonly me: Whoami }): ReactElement {
  const { people, me } = props
  const { all, mayChange } = people
  const [confirming, setConfirming] = useState<Confirming | null>(null)
  const queries = useQueryClient()
  const refresh = (): void => void queries.invalidateQueries()
  if (all === null) return <WhoCan admins={people.admins} />
  const ask = mayChange ? setConfirming : null
  return (
    <>
      <Everybody all={all} me={me} ask={ask} refresh={refresh} />
      {mayChange && me.mode === 'production' ? <Invitations ask={setConfirming} /> : null}
      <Teams all={all} ask={ask} />
      {mayChange ? null : <WhoCan admins={people.admins} />}
      {confirming === null ? null : (
        <ConfirmSheet
          confirming={confirming}
          onClose={() => setConfirming(null)}
          onDone={refresh}
        />
      )}
    </>
  )
}

function Everybody(props: {
  readonly all: All
  readonly me: Whoami
  readonly ask: AskFirst
  readonly refresh: () => void
}): ReactElement {
  const { all, me, ask } = props
  const [bringing, setBringing] = useState(false)
  const here = all.people.filter((person) => person.active)
  const gone = all.people.filter((person) => !person.active)
  const verb = me.mode === 'development' ? 'Add somebody…' : 'Invite somebody…'
  return (
    <section className="inbox-group" aria-labelledby="here">
      <div className="section-head">
        <h2 id="here">
          Here <span className="num text-3">{here.length}</span>
        </h2>
        {ask === null ? null : (
          <ActionButton size="small" onPress={() => setBringing(true)}>
            {verb}
          </ActionButton>
        )}
      </div>
      <ul className="card inbox-list">
        {here.map((person) => (
          <PersonRow key={person.id} person={person} all={all} me={me} ask={ask} />
        ))}
      </ul>
      {gone.length === 0 ? null : (
        <details className="folded">
          <summary className="small">Removed, {gone.length}</summary>
          <ul className="card inbox-list">
            {gone.map((person) => (
              <PersonRow key={person.id} person={person} all={all} me={me} ask={null} />
            ))}
          </ul>
        </details>
      )}
      {bringing ? (
        <BringInSheet all={all} me={me} onDone={props.refresh} onClose={() => setBringing(false)} />
      ) : null}
    </section>
  )
}

/** No dead end: whoever may not, is told who may. */
function WhoCan(props: { readonly admins: PeopleView['admins'] }): ReactElement {
  const names = props.admins.map(({ name }) => name)
  return (
    <section className="card state-card" aria-label="Who can change this">
      <h2>Who can change this</h2>
      <p className="text-2">
        {names.length === 0
          ? 'Nobody administers this server yet: the operator gives the role with the admin token.'
          : `${list(names, 'or')} can bring people in, and change roles and teams.`}
      </p>
    </section>
  )
}
