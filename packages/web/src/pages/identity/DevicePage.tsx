/** Connecting a terminal (RFC 8628): the code it shows, typed or confirmed by who is signed in. */
import { type ReactElement, useState } from 'react'
import { useOutletContext, useSearchParams } from 'react-router'
import { client } from '../../api.ts'
import type { TerminalView, Whoami } from '../../model/wire.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { ProblemText, TextField } from './Outside.tsx'
import { useTask } from './use-task.ts'

export function DevicePage(): ReactElement {
  useTitle('Connect a terminal')
  const me = useOutletContext<Whoami>()
  const [query] = useSearchParams()
  const [code, setCode] = useState(query.get('code') ?? '')
  const [found, setFound] = useState<TerminalView | null>(null)
  const [ended, setEnded] = useState<'connected' | 'refused' | null>(null)
  const task = useTask()
  const find = (): void =>
    task.run(
      async () => {
        const answer = await client.call('findTerminal', { body: { userCode: code } })
        if (answer.ok) setFound(answer.value)
        return answer
      },
      () => undefined,
    )
  const answer = (allow: boolean) => (): void =>
    task.run(
      () => client.call('answerTerminal', { body: { userCode: code, allow } }),
      () => setEnded(allow ? 'connected' : 'refused'),
    )
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">Connect a terminal</h1>
      </div>
      <div className="page narrow">
        <div className="card settings-card">
          {ended !== null ? (
            <Ended ended={ended} />
          ) : found === null ? (
            <>
              <TextField
                label="The code that your terminal shows"
                hint="Only a code from a terminal that you started yourself."
                value={code}
                max={40}
                change={setCode}
                initial
              />
              <ActionButton kind="ink" disabled={code.trim() === '' || task.busy} onPress={find}>
                Look it up
              </ActionButton>
            </>
          ) : (
            <Confirm found={found} me={me} busy={task.busy} answer={answer} />
          )}
          <ProblemText problem={task.problem} />
        </div>
      </div>
    </>
  )
}

function Confirm(props: {
  readonly found: TerminalView
  readonly me: Whoami
  readonly busy: boolean
  readonly answer: (allow: boolean) => () => void
}): ReactElement {
  const { found, me } = props
  return (
    <>
      <p>
        A terminal that calls itself <Raw text={found.name} /> wants to act as{' '}
        <b>{me.actor.name ?? 'you'}</b>: open changes, watch them, apply what is released. It can
        never approve or reject.
      </p>
      <p className="small text-2">
        Its code is <span className="mono strong">{found.userCode}</span>. If yours shows another
        one, or you started none, refuse.
      </p>
      <div className="settings-actions">
        <ActionButton disabled={props.busy} onPress={props.answer(false)} initial>
          Refuse
        </ActionButton>
        <ActionButton kind="ink" disabled={props.busy} onPress={props.answer(true)}>
          Connect it
        </ActionButton>
      </div>
    </>
  )
}

function Ended(props: { readonly ended: 'connected' | 'refused' }): ReactElement {
  return (
    <p role="status">
      {props.ended === 'connected'
        ? 'Connected. Go on in the terminal; you can close this page.'
        : 'Refused. The terminal was told so.'}
    </p>
  )
}
