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
import { clock, type Moment } from '../../model/time.ts'
import type { ChangeView } from '../../model/wire.ts'
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
  return (
    <>
      <Issued change={change} when={when} />
      {scope.connections.map((each) => (
        <Connection key={each.connection} scoped={each} />
      ))}
    </>
  )
}

function Connection(props: { readonly scoped: ScopedConnection }): ReactElement {
  const { scoped } = props
  return (
    <div>
      <b className="strong">{connectionName(scoped.kind)}</b> <Raw text={scoped.account} />
      <div className="small text-2">
        as <Raw text={scoped.identity} />
      </div>
      <div className="small text-2">{lifetimeWords(scoped)}</div>
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
      <table className="state-table small">
        <thead>
          <tr>
            <th scope="col">Actions</th>
            <th scope="col">Resources</th>
          </tr>
        </thead>
        <tbody>
          {statements.map(({ actions, resources }) => (
            <tr key={`${actions.join(' ')} ${resources.join(' ')}`}>
              <td>
                <Raw text={actions.join(', ')} />
              </td>
              <td>
                <Raw text={resources.join(', ')} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {policy === null ? null : (
        <details className="folded">
          <summary className="small">The policy, byte for byte</summary>
          <Raw text={policy} />
        </details>
      )}
    </details>
  )
}

function Issued(props: {
  readonly change: ChangeView
  readonly when: Moment
}): ReactElement | null {
  const { execution } = props.change
  if (execution === null) return null
  const { revokedAt, credentials } = execution
  return (
    <>
      {revokedAt === null ? null : (
        <p className="small hold-word">
          Revoked {clock(revokedAt, props.when)}: nothing is issued but what saves the state
        </p>
      )}
      {credentials.map(({ credential, kind, purpose, count, until }) => (
        <p key={credential} className="small text-2 num">
          {kind === null ? 'A connection that is gone' : connectionName(kind)}
          {purpose === 'state' ? ', to save the state' : ''}: issued {count}×, the cloud honours it
          until {clock(until, props.when)}
        </p>
      ))}
    </>
  )
}
