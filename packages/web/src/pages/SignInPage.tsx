/**
 * Signing in. In development one picks who to be, without any proof, and the page says so. This
 * version has no other way, and says that too.
 */
import type { ApiProblem } from '@holdpoint/api/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { useSearchParams } from 'react-router'
import { client, peopleQuery } from '../api.ts'
import { safeNext } from '../model/next.ts'
import type { DevelopmentPeople } from '../model/wire.ts'
import { initials, list } from '../model/words.ts'
import { Icon } from '../ui/Icon.tsx'
import { DevelopmentBar } from '../ui/Shell.tsx'
import { Fault } from '../ui/states.tsx'
import { useTitle } from '../ui/use-title.ts'

export function SignInPage(): ReactElement {
  const people = useQuery(peopleQuery)
  const [query] = useSearchParams()
  useTitle('Sign in')
  if (people.isPending) return <div className="shell-loading" />
  if (people.isError) return <Fault retry={() => void people.refetch()} />
  const next = safeNext(query.get('next'))
  return (
    <>
      {people.data.ok ? <DevelopmentBar /> : null}
      <main className="sign-in">
        <div className="sign-in-box">
          <div className="sign-in-brand">
            <Icon name="logo" size={26} />
            Holdpoint
          </div>
          <h1>Sign in to {window.location.host}</h1>
          {people.data.ok ? (
            <PeoplePicker people={people.data.value.people} next={next} />
          ) : (
            <NoSignIn problem={people.data.problem} />
          )}
        </div>
      </main>
    </>
  )
}

type People = DevelopmentPeople['people']

function PeoplePicker(props: { readonly people: People; readonly next: string }): ReactElement {
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const beSomebody = async (handle: string): Promise<void> => {
    const answer = await client.call('signInDevelopment', { body: { person: handle } })
    if (answer.ok) window.location.assign(props.next)
    else setProblem(answer.problem)
  }
  return (
    <>
      <p className="text-2">
        Pick who you want to be. No proof is asked, so nothing done here proves anything.
      </p>
      <div className="sign-in-people">
        {props.people.map((person) => (
          <PersonButton key={person.handle} person={person} be={beSomebody} />
        ))}
      </div>
      {props.people.length === 0 ? (
        <p className="small text-2 sign-in-note">
          There is nobody yet. Add people with{' '}
          <span className="mono">holdpoint access person add</span>.
        </p>
      ) : null}
      {problem === null ? null : (
        <p className="problem" role="alert">
          <b>{problem.title}.</b> {problem.detail} {problem.remedy}
        </p>
      )}
      <p className="small text-3 sign-in-note">
        Decisions made here are marked as development, unsigned, on every page, in the log and in
        every export.
      </p>
    </>
  )
}

function PersonButton(props: {
  readonly person: People[number]
  readonly be: (handle: string) => Promise<void>
}): ReactElement {
  const { person } = props
  return (
    <AriaButton className="sign-in-person" onPress={() => void props.be(person.handle)}>
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

function NoSignIn(props: { readonly problem: ApiProblem }): ReactElement {
  const { code, title, detail, remedy } = props.problem
  if (code !== 'development_only')
    return (
      <p className="problem" role="alert">
        <b>{title}.</b> {detail} {remedy}
      </p>
    )
  return (
    <>
      <p className="text-2">
        This version has no way to sign a person in on a production server, so nobody can decide
        here. Rules that allow still work, and the terminal works with a token.
      </p>
      <p className="small text-3 sign-in-note">
        {title}. {detail}
      </p>
    </>
  )
}
