/** Your own terminals: each opens and watches as you until it ends, and you end it when you like. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { client, terminalsQuery } from '../../api.ts'
import { moment } from '../../model/time.ts'
import type { Terminals as TerminalsReply } from '../../model/wire.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { Refused, Skeleton } from '../../ui/states.tsx'
import { useMoment } from '../../ui/use-now.ts'
import { ProblemText } from './Outside.tsx'
import { useTask } from './use-task.ts'

export function Terminals(): ReactElement {
  const terminals = useQuery(terminalsQuery)
  if (terminals.data === undefined) return <Skeleton rows={1} />
  if (!terminals.data.ok) return <Refused problem={terminals.data.problem} />
  const all = terminals.data.value.terminals
  return (
    <section aria-labelledby="terminals">
      <div className="inbox-head">
        <h2 id="terminals">Your terminals</h2>
        <span>They open and watch changes as you, and never decide.</span>
      </div>
      <div className="card">
        {all.length === 0 ? (
          <p className="settings-card text-2">
            <span>
              None is connected. <span className="mono">holdpoint login</span> connects one.
            </span>
          </p>
        ) : (
          <ul className="settings-list">
            {all.map((terminal) => (
              <TerminalRow key={terminal.id} terminal={terminal} />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function TerminalRow(props: {
  readonly terminal: TerminalsReply['terminals'][number]
}): ReactElement {
  const { id, name, until } = props.terminal
  const queries = useQueryClient()
  const task = useTask()
  const when = useMoment()
  const end = (): void =>
    task.run(
      () => client.call('endTerminal', { body: { terminal: id } }),
      () => void queries.invalidateQueries({ queryKey: ['terminals'] }),
    )
  return (
    <li className="settings-row">
      <div>
        <div className="cut-text">
          <Raw text={name} plain />
        </div>
        <div className="small text-2">Until {moment(until, when)} at most.</div>
        <div className="tiny text-3 mono">{id}</div>
        <ProblemText problem={task.problem} />
      </div>
      <ActionButton size="small" disabled={task.busy} label={`Disconnect ${name}`} onPress={end}>
        Disconnect
      </ActionButton>
    </li>
  )
}
