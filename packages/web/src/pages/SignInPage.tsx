/**
 * Signing in: with the identity provider, with a passkey, or in development by picking who to be,
 * which proves nothing and says so.
 */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useSearchParams } from 'react-router'
import { signInWaysQuery } from '../api.ts'
import { signInWithPasskey } from '../identity/ceremonies.ts'
import { safeNext } from '../model/next.ts'
import type { SignInWays } from '../model/wire.ts'
import { Icon } from '../ui/Icon.tsx'
import { ActionButton } from '../ui/pieces.tsx'
import { DevelopmentBar } from '../ui/Shell.tsx'
import { Fault, Refused } from '../ui/states.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Outside, ProblemText } from './identity/Outside.tsx'
import { PeoplePicker } from './identity/PeoplePicker.tsx'
import { useTask } from './identity/use-task.ts'

export function SignInPage(): ReactElement {
  const ways = useQuery(signInWaysQuery)
  const [query] = useSearchParams()
  useTitle('Sign in')
  if (ways.isPending) return <div className="shell-loading" />
  if (ways.isError) return <Fault retry={() => void ways.refetch()} />
  if (!ways.data.ok) return <Refused problem={ways.data.problem} />
  const { mode } = ways.data.value
  const next = safeNext(query.get('next'))
  return (
    <>
      {mode === 'development' ? <DevelopmentBar /> : null}
      <Outside title={`Sign in to ${window.location.host}`}>
        {mode === 'development' ? (
          <PeoplePicker next={next} />
        ) : (
          <Ways ways={ways.data.value} next={next} />
        )}
      </Outside>
    </>
  )
}

function Ways(props: { readonly ways: SignInWays; readonly next: string }): ReactElement {
  const { ways, next } = props
  const task = useTask()
  if (ways.firstStart) return <FirstStart />
  const address = `/sign-in/oidc?next=${encodeURIComponent(next)}`
  const passkey = (): void => task.run(signInWithPasskey, () => window.location.assign(next))
  return (
    <div className="sign-in-ways">
      {ways.oidc === null ? null : (
        <a className="button button-ink button-wide" href={address}>
          Sign in with {ways.oidc.name}
        </a>
      )}
      <ActionButton
        size="wide"
        kind={ways.oidc === null ? 'ink' : 'plain'}
        disabled={task.busy || !isHome(ways)}
        onPress={passkey}
      >
        <Icon name="person" />
        Sign in with a passkey
      </ActionButton>
      {isHome(ways) ? null : (
        <p className="small text-2">
          Passkeys work at <a href={`${ways.origin}/sign-in`}>{ways.origin}</a> only. Open the page
          there.
        </p>
      )}
      <ProblemText problem={task.problem} />
      <p className="small text-3 sign-in-note">
        No passwords here. Somebody who administers this server can invite you.
      </p>
    </div>
  )
}

function isHome(ways: SignInWays): boolean {
  return window.location.origin === ways.origin
}

function FirstStart(): ReactElement {
  return (
    <>
      <p className="text-2">Nobody is here yet. The first person comes in by a link, once.</p>
      <p className="small text-3 sign-in-note">
        The server printed it when it started: look at its output, or at the file{' '}
        <span className="mono">first-link</span> in its data folder. A new start makes a new one.
      </p>
    </>
  )
}
