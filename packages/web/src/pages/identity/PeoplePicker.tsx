/** Development only: being somebody without any proof. */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { client, peopleQuery } from '../../api.ts'
import type { DevelopmentPeople } from '../../model/wire.ts'
import { initials, list } from '../../model/words.ts'
import { Fault } from '../../ui/states.tsx'
import { ProblemText } from './Outside.tsx'
import { useTask } from './use-task.ts'

type People = DevelopmentPeople['people']

export function PeoplePicker(props: { readonly next: string }): ReactElement {
  const people = useQuery(peopleQuery)
  const task = useTask()
  if (people.isPending) return <div className="shell-loading" />
  if (people.isError) return <Fault retry={() => void people.refetch()} />
  if (!people.data.ok) return <ProblemText problem={people.data.problem} />
  const be = (person: string) => (): void =>
    task.run(
      () => client.call('signInDevelopment', { body: { person } }),
      () => window.location.assign(props.next),
    )
  const everybody = people.data.value.people
  return (
    <>
      <p className="text-2">
        Pick who you want to be. No proof is asked, so nothing done here proves anything.
      </p>
      <div className="sign-in-people">
        {everybody.map((person) => (
          <PersonButton key={person.handle} person={person} be={be(person.handle)} />
        ))}
      </div>
      {everybody.length === 0 ? (
        <p className="small text-2 sign-in-note">
          There is nobody yet. Add people with{' '}
          <span className="mono">holdpoint access person add</span>.
        </p>
      ) : null}
      <ProblemText problem={task.problem} />
      <p className="small text-3 sign-in-note">
        Decisions made here are marked as development, unsigned, on every page, in the log and in
        every export.
      </p>
    </>
  )
}

function PersonButton(props: {
  readonly person: People[number]
  readonly be: () => void
}): ReactElement {
  const { person } = props
  return (
    <AriaButton className="sign-in-person" onPress={props.be}>
      <span className="avatar" aria-hidden="true">
        {initials(person.name)}
      </span>
      <span className="cut">
        <span className="strong">{person.name}</span>
        <br />
        <span className="small text-2">{list(person.teams, 'and') || 'in no team'}</span>
      </span>
    </AriaButton>
  )
}
