/** The frame of pages for who is not signed in, and the pieces that they share. */
import type { ApiProblem } from '@holdpoint/api/client'
import { type ReactElement, type ReactNode, useId } from 'react'
import { Icon } from '../../ui/Icon.tsx'

export function Outside(props: {
  readonly title: string
  readonly children: ReactNode
}): ReactElement {
  return (
    <main className="sign-in">
      <div className="sign-in-box">
        <div className="sign-in-brand">
          <Icon name="logo" size={26} />
          Holdpoint
        </div>
        <h1 tabIndex={-1}>{props.title}</h1>
        {props.children}
      </div>
    </main>
  )
}

export function TextField(props: {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly max: number
  readonly change: (text: string) => void
  readonly initial?: boolean
}): ReactElement {
  const id = useId()
  const hint = props.hint === undefined ? {} : { 'aria-describedby': `${id}-hint` }
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="input"
        type="text"
        autoComplete="off"
        maxLength={props.max}
        value={props.value}
        onChange={(event) => props.change(event.target.value)}
        {...hint}
        {...(props.initial === true ? { 'data-initial': 'true' } : {})}
      />
      {props.hint === undefined ? null : (
        <span id={`${id}-hint`} className="tiny text-3">
          {props.hint}
        </span>
      )}
    </div>
  )
}

export function ProblemText(props: { readonly problem: ApiProblem | null }): ReactElement | null {
  const { problem } = props
  if (problem === null) return null
  return (
    <p className="problem" role="alert">
      <b>{problem.title}.</b> {problem.detail} {problem.remedy}
    </p>
  )
}
