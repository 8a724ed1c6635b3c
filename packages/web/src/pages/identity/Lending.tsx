/** Who stands in for you, and for whom you stand in: lent until a day, ended at any time. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { client, lendingQuery } from '../../api.ts'
import { type Moment, moment } from '../../model/time.ts'
import type { LendingView } from '../../model/wire.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { Refused, Skeleton } from '../../ui/states.tsx'
import { useMoment } from '../../ui/use-now.ts'
import { ProblemText, TextField } from './Outside.tsx'
import { useTask } from './use-task.ts'

export function Lending(): ReactElement {
  const lending = useQuery(lendingQuery)
  const when = useMoment(null)
  if (lending.data === undefined) return <Skeleton rows={1} />
  if (!lending.data.ok) return <Refused problem={lending.data.problem} />
  const view = lending.data.value
  return (
    <section aria-labelledby="lending">
      <div className="inbox-head">
        <h2 id="lending">Standing in</h2>
        <span>
          Lend your approvals while you are away. What you requested yourself is never lent.
        </span>
      </div>
      <div className="card">
        <ul className="settings-list">
          {view.lent.map((each) => (
            <li key={`${each.person} ${each.team}`} className="settings-row">
              <Line verb="stands in for you" lent={each} when={when} />
              <End lent={each} />
            </li>
          ))}
          {view.borrowed.map((each) => (
            <li key={`for ${each.person} ${each.team}`} className="settings-row">
              <Line verb="is stood in for by you" lent={each} when={when} />
            </li>
          ))}
        </ul>
        {view.teams.length === 0 ? (
          <p className="settings-card small text-2">
            You are in no team, so there is nothing to lend.
          </p>
        ) : (
          <Lend teams={view.teams} />
        )}
      </div>
    </section>
  )
}

type Lent = LendingView['lent'][number]

function Line(props: {
  readonly verb: string
  readonly lent: Lent
  readonly when: Moment
}): ReactElement {
  const { verb, lent, when } = props
  return (
    <div>
      <b>
        <Raw text={lent.name} plain />
      </b>{' '}
      {verb} in {lent.team === null ? 'every team' : <Raw text={lent.team} plain />} until{' '}
      {moment(lent.until, when)}
    </div>
  )
}

function End(props: { readonly lent: Lent }): ReactElement {
  const task = useTask()
  const queries = useQueryClient()
  const { person: to, team } = props.lent
  const end = (): void =>
    task.run(
      () => client.call('endLending', { body: { to, team } }),
      () => void queries.invalidateQueries(),
    )
  return (
    <>
      <ActionButton size="small" disabled={task.busy} onPress={end}>
        End it
      </ActionButton>
      <ProblemText problem={task.problem} />
    </>
  )
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

function Lend(props: { readonly teams: readonly string[] }): ReactElement {
  const [to, setTo] = useState('')
  const [team, setTeam] = useState('')
  const [day, setDay] = useState('')
  const task = useTask()
  const queries = useQueryClient()
  const isReady = to.trim() !== '' && DAY.test(day)
  const lend = (): void => {
    const until = Date.parse(`${day}T23:59:59Z`)
    const body = { to: to.trim(), team: team.trim() === '' ? null : team.trim(), until }
    task.run(
      () => client.call('lend', { body }),
      () => {
        setTo('')
        void queries.invalidateQueries()
      },
    )
  }
  return (
    <div className="settings-card">
      <TextField label="Who stands in (handle)" value={to} max={200} change={setTo} />
      <TextField
        label="Team"
        hint={`One of ${props.teams.join(', ')}; empty for all of them.`}
        value={team}
        max={200}
        change={setTeam}
      />
      <TextField
        label="Last day"
        hint="As 2026-12-01, at most 90 days from now; it ends with that day, UTC."
        value={day}
        max={10}
        change={setDay}
      />
      <ActionButton disabled={!isReady || task.busy} onPress={lend}>
        Lend my approvals
      </ActionButton>
      <ProblemText problem={task.problem} />
    </div>
  )
}
