/**
 * Stops every run that one may stop, at once. One that cannot be stopped keeps none of the others from
 * being so, and is named: whoever pulled the switch must not believe that all is quiet.
 */
import type { ApiProblem } from '@holdpoint/api/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { client } from '../../api.ts'
import { isTypedStopAll, STAYS, STOP_ALL, stopDoes } from '../../model/stopping.ts'
import type { GrantView } from '../../model/wire.ts'
import { count, list } from '../../model/words.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { ReasonSheet } from '../../ui/ReasonSheet.tsx'
import { TextField } from '../identity/Outside.tsx'

interface Sending {
  readonly busy: boolean
  readonly problem: ApiProblem | null
}

export function StopAllSheet(props: {
  readonly grants: readonly GrantView[]
  readonly onClose: () => void
}): ReactElement {
  const { grants, onClose } = props
  const [typed, setTyped] = useState('')
  const [sending, setSending] = useState<Sending>({ busy: false, problem: null })
  const queries = useQueryClient()
  const announce = useAnnounce()
  const stop = async (reason: string): Promise<void> => {
    setSending({ busy: true, problem: null })
    const running = (await Promise.all(grants.map((grant) => tryStop(grant, reason)))).flat()
    await queries.invalidateQueries()
    setSending({ busy: false, problem: running.length === 0 ? null : stillRunning(running) })
    if (running.length > 0) return
    announce(`You stopped ${count(grants.length, 'run')}.`)
    onClose()
  }
  const door = grants.every((grant) => grant.door === 'gate') ? 'gate' : 'apply'
  return (
    <ReasonSheet
      title={`Stop all ${grants.length} that run`}
      label="Why they have to stop"
      action={`Stop all ${grants.length} now`}
      sending={sending}
      send={(reason) => void stop(reason)}
      onClose={onClose}
      besides={{
        given: isTypedStopAll(typed),
        field: <TextField label={`Type “${STOP_ALL}”`} value={typed} max={40} change={setTyped} />,
      }}
    >
      <div className="sheet-says small text-2">
        <p>In {list(workspacesOf(grants), 'and')}. For each of them:</p>
        <p>{stopDoes(door)}</p>
        <p>{STAYS} Until when a cloud honours what was handed out stands with each afterwards.</p>
      </div>
    </ReasonSheet>
  )
}

function workspacesOf(grants: readonly GrantView[]): readonly string[] {
  return [...new Set(grants.map(({ workspace }) => workspace))].toSorted()
}

/** What still runs because it could not be stopped; an answer that was lost counts as none. */
async function tryStop(grant: GrantView, reason: string): Promise<readonly string[]> {
  const params = { change: grant.change }
  const answer = await client.call('revokeGrant', { params, body: { reason } }).catch(() => null)
  if (answer?.ok === true) return []
  return [`${grant.workspace} (${answer === null ? 'no answer' : answer.problem.detail})`]
}

function stillRunning(running: readonly string[]): ApiProblem {
  return {
    code: 'fault',
    title: `${count(running.length, 'run is', 'runs are')} not stopped`,
    detail: `${list(running, 'and')}.`,
    remedy: 'The others are. Try again, or use holdpoint grants revoke --all.',
  }
}
