/**
 * The credential beside the diff: per connection who it becomes, for how long, narrowed or why not,
 * and what it may. What is not narrowed is said in words and not by colour alone.
 */
import {
  connectionName,
  lifetimeWords,
  narrowedWords,
  parseScope,
  type ScopedConnection,
} from '@holdpoint/core'
import type { ReactElement } from 'react'
import { becauseText, issuedText, leftOf, stoppedText } from '../../model/stopping.ts'
import type { Moment } from '../../model/time.ts'
import type { ChangeView } from '../../model/wire.ts'
import { capital } from '../../model/words.ts'
import { Raw } from '../../ui/pieces.tsx'

export function Credential(props: {
  readonly change: ChangeView
  readonly when: Moment
}): ReactElement {
  const { change, when } = props
  const text = change.evaluation?.scope ?? null
  const scope = text === null ? null : parseScope(text)
  if (text !== null && scope === null)
    return <p className="small why-error">Its credentials cannot be read here.</p>
  if (scope === null || scope.connections.length === 0)
    return <p className="small text-2">None: the runner uses those it finds.</p>
  const issued = change.execution?.credentials ?? []
  return (
    <>
      <Stopped change={change} when={when} />
      {scope.connections.map((each) => (
        <Connection
          key={each.connection}
          scoped={each}
          issued={issued.filter(({ connection }) => connection === each.connection)}
          when={when}
        />
      ))}
    </>
  )
}

type IssuedView = NonNullable<ChangeView['execution']>['credentials'][number]

function Connection(props: {
  readonly scoped: ScopedConnection
  readonly issued: readonly IssuedView[]
  readonly when: Moment
}): ReactElement {
  const { scoped } = props
  return (
    <div className="credential">
      <b className="strong">{connectionName(scoped.kind)}</b> <Raw text={scoped.account} />
      <div className="small text-2">
        as <Raw text={scoped.identity} />
      </div>
      <div className="small text-2">{lifetimeWords(scoped)}</div>
      <Issued issued={props.issued} when={props.when} />
      {scoped.narrowed ? <div className="small">{narrowedWords(scoped)}</div> : null}
      {scoped.narrowed ? null : <Reasons scoped={scoped} />}
      {scoped.statements.length === 0 ? null : <Statements scoped={scoped} />}
    </div>
  )
}

/** Open from the start; a keyboard reaches it, so it can scroll the panel. */
function Reasons(props: { readonly scoped: ScopedConnection }): ReactElement {
  return (
    <details open>
      <summary className="small hold-word">{narrowedWords(props.scoped)}</summary>
      <ul className="small text-2">
        {props.scoped.because.map((reason) => (
          <li key={reason}>
            <Raw text={reason} plain />
          </li>
        ))}
      </ul>
    </details>
  )
}

function Statements(props: { readonly scoped: ScopedConnection }): ReactElement {
  const { statements, policy } = props.scoped
  return (
    <details className="folded">
      <summary className="small">What it may do</summary>
      <ul className="statements small">
        {statements.map(({ actions, resources }) => (
          <li key={`${actions.join(' ')} ${resources.join(' ')}`}>
            {actions.map((action) => (
              <div key={action}>
                <Raw text={action} />
              </div>
            ))}
            <div className="text-2">on</div>
            {resources.map((resource) => (
              <div key={resource} className="statement-on">
                <Raw text={resource} />
              </div>
            ))}
          </li>
        ))}
      </ul>
      {policy === null ? null : (
        <details className="folded">
          <summary className="small">The policy, byte for byte</summary>
          <Raw text={policy} />
        </details>
      )}
    </details>
  )
}

function Stopped(props: {
  readonly change: ChangeView
  readonly when: Moment
}): ReactElement | null {
  const { execution } = props.change
  const stopped = execution === null ? null : stoppedText(execution, props.when)
  if (execution === null || stopped === null) return null
  return (
    <div className="small hold-word credential-stopped">
      <Raw text={`${stopped}${becauseText(execution)}`} plain /> Nothing is issued but what saves
      the state.
    </div>
  )
}

/** What was handed out of one connection; the state's own credential after the others. */
function Issued(props: {
  readonly issued: readonly IssuedView[]
  readonly when: Moment
}): ReactElement | null {
  const { issued, when } = props
  if (issued.length === 0) return null
  const left = leftOf(issued, when)
  return (
    <>
      {issued.map((each, at) => (
        <div key={each.credential} className="small num">
          {capital(issuedText(each))}
          {each.purpose === 'state' ? ' to save the state' : ''}; {left[at]?.honoured}
        </div>
      ))}
    </>
  )
}
