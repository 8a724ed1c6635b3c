/** Signing for the terminal that began a decision: what it says is shown, and its words compared. */
import { challengeOf, challengeWords, parseDigest } from '@holdpoint/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { Link, useOutletContext, useParams } from 'react-router'
import { changeQuery, client, signatureQuery } from '../../api.ts'
import { signStatement } from '../../identity/authenticator.ts'
import type { SignatureView, Whoami } from '../../model/wire.ts'
import { shortDigest } from '../../model/words.ts'
import { primitives } from '../../platform.ts'
import { ActionButton } from '../../ui/pieces.tsx'
import { NotFound, Refused, Skeleton } from '../../ui/states.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { ProblemText } from './Outside.tsx'
import { useTask } from './use-task.ts'

export function SignPage(): ReactElement {
  useTitle('Sign for your terminal')
  const nonce = parseDigest(useParams()['nonce'] ?? '')
  const signature = useQuery({ ...signatureQuery(nonce), enabled: nonce !== null })
  if (nonce === null) return <NotFound />
  if (signature.data === undefined) return <Skeleton rows={2} />
  if (!signature.data.ok) return <Refused problem={signature.data.problem} />
  const { value } = signature.data
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">Sign for your terminal</h1>
      </div>
      <div className="page narrow">
        <Signing of={value} />
      </div>
    </>
  )
}

function Signing(props: { readonly of: SignatureView }): ReactElement {
  const { statement, rpId, credentials, signed } = props.of
  const me = useOutletContext<Whoami>()
  const change = useQuery(changeQuery(statement.change))
  const [done, setDone] = useState(signed !== null)
  const task = useTask()
  const challenge = challengeOf('decision', statement, primitives)
  const sign = (): void =>
    task.run(
      async () => {
        const made = await signStatement('decision', statement, { rpId, credentials })
        if (!made.ok) return { ok: false, status: 0, problem: unsigned(made.why) }
        const { credential, assertion } = made.value
        const key = credentials.find(({ id }) => id === credential)?.key
        if (key === undefined)
          return { ok: false, status: 0, problem: unsigned('That passkey is not yours here.') }
        return client.call('sign', {
          params: { nonce: statement.nonce },
          body: { key, assertion },
        })
      },
      () => setDone(true),
    )
  if (done)
    return (
      <div className="card settings-card" role="status">
        <p>Signed. Your terminal goes on; you can close this page.</p>
      </div>
    )
  const view = change.data?.ok === true ? change.data.value : null
  return (
    <div className="card settings-card">
      <p>
        Your terminal asks you, {me.actor.name ?? 'you'}, to sign:{' '}
        <b>
          {statement.decision} {view === null ? 'a change' : view.headline}
        </b>
        {view === null ? '' : ` in ${view.workspace.name}`}.
      </p>
      <p className="small text-2">
        Fingerprint <span className="mono">{shortDigest(statement.fingerprint)}</span>. The terminal
        shows these words; if it shows others, do not sign:
      </p>
      <p className="mono strong">{challengeWords(challenge)}</p>
      <p className="small">
        <Link to={`/c/${statement.change}`}>Look at the whole change</Link>
      </p>
      <ActionButton kind="ink" disabled={task.busy} onPress={sign}>
        Sign with passkey
      </ActionButton>
      <ProblemText problem={task.problem} />
    </div>
  )
}

function unsigned(why: string) {
  return {
    code: 'not_signed',
    title: 'Nothing was signed',
    detail: why,
    remedy: 'Try again when you are ready.',
  }
}
