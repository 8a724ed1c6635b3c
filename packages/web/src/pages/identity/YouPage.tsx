/** What is yours: passkeys that sign your decisions, where you are signed in, and your terminals. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { useOutletContext } from 'react-router'
import { client, keysQuery, sessionsQuery } from '../../api.ts'
import { addPasskey } from '../../identity/ceremonies.ts'
import { moment } from '../../model/time.ts'
import type { Keys, Sessions, Whoami } from '../../model/wire.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { Refused, Skeleton } from '../../ui/states.tsx'
import { useMoment } from '../../ui/use-now.ts'
import { useTitle } from '../../ui/use-title.ts'
import { Lending } from './Lending.tsx'
import { ProblemText } from './Outside.tsx'
import { Terminals } from './Terminals.tsx'
import { useTask } from './use-task.ts'

export function YouPage(): ReactElement {
  useTitle('You')
  const me = useOutletContext<Whoami>()
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">{me.actor.name ?? 'You'}</h1>
      </div>
      <div className="page narrow">
        {me.mode === 'development' ? (
          <p className="card settings-card inbox-group text-2">
            In development nobody proves anything, so there is nothing to sign with.
          </p>
        ) : (
          <>
            <Passkeys />
            <SignedIn />
          </>
        )}
        <Terminals />
        <Lending />
      </div>
    </>
  )
}

function Passkeys(): ReactElement {
  const keys = useQuery(keysQuery)
  const queries = useQueryClient()
  const task = useTask()
  if (keys.data === undefined) return <Skeleton rows={2} />
  if (!keys.data.ok) return <Refused problem={keys.data.problem} />
  const { keys: all, needsFreshSignIn } = keys.data.value
  const live = all.filter((key) => !key.revoked)
  const refresh = (): void => void queries.invalidateQueries()
  const revoke = (key: Keys['keys'][number]['key']) => (): void =>
    task.run(() => client.call('revokeKey', { body: { key } }), refresh)
  return (
    <section aria-labelledby="passkeys">
      <div className="inbox-head">
        <h2 id="passkeys">Your passkeys</h2>
        <span>
          They sign your decisions. Two on different devices keep you from being locked out.
        </span>
      </div>
      <div className="card">
        {live.length === 0 ? <p className="settings-card text-2">You have none yet.</p> : null}
        <ul className="settings-list">
          {live.map((key) => (
            <PasskeyRow
              key={key.key}
              of={key}
              busy={task.busy}
              isLast={live.length === 1}
              revoke={revoke(key.key)}
            />
          ))}
        </ul>
        <div className="settings-card">
          <ActionButton
            kind="ink"
            disabled={task.busy || (live.length === 0 && needsFreshSignIn)}
            onPress={() => task.run(addPasskey, refresh)}
          >
            Add a passkey
          </ActionButton>
          <p className="tiny text-3">
            {live.length > 0
              ? 'You make it, then sign for it with one that you have: that ties them together.'
              : needsFreshSignIn
                ? 'Sign out and in again first: a first passkey needs a sign-in of the last ten minutes.'
                : 'Your first one rests on this server’s word that you are you.'}
          </p>
          <ProblemText problem={task.problem} />
        </div>
      </div>
    </section>
  )
}

function PasskeyRow(props: {
  readonly of: Keys['keys'][number]
  readonly busy: boolean
  readonly isLast: boolean
  readonly revoke: () => void
}): ReactElement {
  const { of: key } = props
  const [asked, setAsked] = useState(false)
  const when = useMoment()
  const used = key.usedAt === null ? 'not used yet' : `last used ${moment(key.usedAt, when)}`
  return (
    <li className="settings-row">
      <div>
        <div className="strong">
          <Raw text={key.label} plain />
        </div>
        <div className="small text-2">
          Added {moment(key.addedAt, when)}, {used}.{' '}
          {key.vouchedBy === null
            ? 'On this server’s word.'
            : `Signed for by ${key.vouchedBy.you ? 'an earlier one of yours' : key.vouchedBy.name}.`}
        </div>
        <div className="tiny text-3 mono">{key.key}</div>
      </div>
      <ActionButton size="small" disabled={props.busy} onPress={() => setAsked(true)}>
        Revoke…
      </ActionButton>
      {asked ? (
        <Sheet
          title={`Revoke “${key.label}”`}
          onClose={() => setAsked(false)}
          actions={
            <>
              <ActionButton onPress={() => setAsked(false)} initial>
                Keep it
              </ActionButton>
              <ActionButton kind="ink" disabled={props.busy} onPress={props.revoke}>
                Revoke this passkey
              </ActionButton>
            </>
          }
        >
          <p>
            Approvals that it signed stop counting at once, in every change that has not started.
            {props.isLast
              ? ' It is your only one: without it somebody who administers has to invite you again.'
              : ''}
          </p>
        </Sheet>
      ) : null}
    </li>
  )
}

function SignedIn(): ReactElement {
  const sessions = useQuery(sessionsQuery)
  const queries = useQueryClient()
  const task = useTask()
  if (sessions.data === undefined) return <Skeleton rows={2} />
  if (!sessions.data.ok) return <Refused problem={sessions.data.problem} />
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['sessions'] })
  const everywhere = (): void =>
    task.run(
      () => client.call('signOutEverywhere', { body: {} }),
      () => window.location.assign('/sign-in'),
    )
  return (
    <section aria-labelledby="sessions">
      <div className="inbox-head">
        <h2 id="sessions">Where you are signed in</h2>
      </div>
      <div className="card">
        <ul className="settings-list">
          {sessions.data.value.sessions.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              end={() =>
                task.run(
                  () => client.call('endSession', { body: { session: session.id } }),
                  refresh,
                )
              }
            />
          ))}
        </ul>
        <div className="settings-card">
          <ActionButton disabled={task.busy} onPress={everywhere}>
            Sign out everywhere
          </ActionButton>
          <ProblemText problem={task.problem} />
        </div>
      </div>
    </section>
  )
}

const METHODS: { readonly [M in Sessions['sessions'][number]['method']]: string } = {
  development: 'without proof',
  oidc: 'by the identity provider',
  passkey: 'by passkey',
}

function SessionRow(props: {
  readonly session: Sessions['sessions'][number]
  readonly end: () => void
}): ReactElement {
  const { session } = props
  const when = useMoment()
  return (
    <li className="settings-row">
      <div>
        <div className="cut-text">
          <Raw text={session.agent || 'a browser'} plain />
        </div>
        <div className="small text-2">
          Since {moment(session.startedAt, when)} {METHODS[session.method]}, until{' '}
          {moment(session.expiresAt, when)} at most.
        </div>
      </div>
      {session.current ? (
        <span className="tag">this one</span>
      ) : (
        <ActionButton size="small" onPress={props.end}>
          Sign out
        </ActionButton>
      )}
    </li>
  )
}
