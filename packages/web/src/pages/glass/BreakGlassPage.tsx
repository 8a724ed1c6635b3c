/**
 * Breaking the glass: plain and without navigation, so that nothing else is done here by mistake. It
 * says whom it passes by and what it never passes by, and is done only with a passkey.
 */
import { type ChangeId, parseChangeId } from '@holdpoint/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useId, useState } from 'react'
import { Link, Navigate, useLocation, useNavigate, useParams } from 'react-router'
import { changeQuery, whoamiQuery } from '../../api.ts'
import {
  breakButton,
  NEVER_SKIPPED,
  skippedPeople,
  type Typed,
  whyNotBreak,
} from '../../model/glass.ts'
import type { ChangeView, Whoami } from '../../model/wire.ts'
import { shortDigest } from '../../model/words.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { Fault, NotFound, Refused } from '../../ui/states.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { Disagreement } from '../change/Act.tsx'
import { breakGlass } from '../change/sign-decision.ts'
import { type Evidence, useEvidence } from '../change/use-evidence.ts'
import { Outside, ProblemText, TextField } from '../identity/Outside.tsx'
import { useTask } from '../identity/use-task.ts'

export function BreakGlassPage(): ReactElement {
  useTitle('Break the glass')
  const id = parseChangeId(useParams()['id'] ?? '')
  const who = useQuery(whoamiQuery)
  const place = useLocation()
  if (id === null) return <NotFound />
  if (who.isError) return <Fault retry={() => void who.refetch()} />
  if (who.isPending) return <div className="shell-loading" />
  if (!who.data.ok)
    return <Navigate to={`/sign-in?next=${encodeURIComponent(place.pathname)}`} replace />
  return <OfChange id={id} me={who.data.value} />
}

function OfChange(props: { readonly id: ChangeId; readonly me: Whoami }): ReactElement {
  const change = useQuery(changeQuery(props.id))
  if (change.isError) return <Fault retry={() => void change.refetch()} />
  if (change.data === undefined) return <div className="shell-loading" />
  if (!change.data.ok) return <Refused problem={change.data.problem} />
  return <Breaking change={change.data.value} me={props.me} />
}

function Breaking(props: { readonly change: ChangeView; readonly me: Whoami }): ReactElement {
  const { change, me } = props
  const evidence = useEvidence(change)
  const { fingerprint } = evidence
  const why = change.you.breakGlass
  return (
    <Outside title="Break the glass">
      <p>
        <Raw text={evidence.headline} plain /> in <b>{change.workspace.name}</b>, held for others.
      </p>
      <p className="small">
        <Link to={`/c/${change.id}`}>Look at the whole change</Link>
      </p>
      {fingerprint.state === 'differs' ? (
        <Disagreement computed={fingerprint.digest} said={change.binding.fingerprint} />
      ) : why === null ? (
        <Form change={change} me={me} evidence={evidence} />
      ) : (
        <p className="problem" role="alert">
          <b>{why.title}.</b> {why.detail} {why.remedy}
        </p>
      )}
    </Outside>
  )
}

function Skips(props: { readonly change: ChangeView }): ReactElement {
  const people = skippedPeople(props.change)
  return (
    <>
      <h2>It passes by</h2>
      <ul className="glass-list">
        {people.length === 0 ? <li>Nobody who could decide now</li> : null}
        {people.map((name) => (
          <li key={name}>
            <Raw text={name} plain />
          </li>
        ))}
      </ul>
      <h2>It never passes by</h2>
      <ul className="glass-list">
        {NEVER_SKIPPED.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <p className="small text-2">
        They see it at once. It is released for 15 minutes. Somebody else reviews it within 72
        hours; while that is overdue you cannot do it again.
      </p>
    </>
  )
}

interface FormProps {
  readonly change: ChangeView
  readonly me: Whoami
  readonly evidence: Evidence
}

function Form(props: FormProps): ReactElement {
  const { change, me, evidence } = props
  const [typed, setTyped] = useState<Typed>({ reason: '', workspace: '' })
  const { fingerprint } = evidence
  const task = useTask()
  const go = useNavigate()
  const id = useId()
  const missing = whyNotBreak(typed, change.workspace.name)
  const why =
    missing ?? (fingerprint.state === 'same' ? null : 'The fingerprint is still computed here.')
  const send = (): void => {
    if (fingerprint.state !== 'same') return
    const reason = typed.reason.trim()
    const deciding = { change, me, fingerprint: fingerprint.digest, reason }
    task.run(
      () => breakGlass(deciding),
      () => void go(`/c/${change.id}`),
    )
  }
  return (
    <>
      <Skips change={change} />
      <TextField
        label="Why can nobody be waited for?"
        hint="At least 20 characters. It stays with the change, and they read it."
        value={typed.reason}
        max={1000}
        change={(reason) => setTyped({ ...typed, reason })}
        initial
      />
      <TextField
        label={`Type the workspace’s name: ${change.workspace.name}`}
        value={typed.workspace}
        max={200}
        change={(workspace) => setTyped({ ...typed, workspace })}
      />
      <p className="tiny text-2">
        Fingerprint{' '}
        <span className="mono">
          {fingerprint.state === 'same' ? shortDigest(fingerprint.digest) : '…'}
        </span>
        , computed in this page
      </p>
      <ActionButton
        kind="ink"
        size="wide"
        disabled={why !== null || task.busy}
        describedBy={`${id}-why`}
        onPress={send}
      >
        {breakButton(change)}
      </ActionButton>
      <p id={`${id}-why`} className="tiny text-2">
        {why ?? 'It asks for your passkey.'}
      </p>
      <ProblemText problem={task.problem} />
    </>
  )
}
