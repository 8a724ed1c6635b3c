/** The frame of every signed-in page: development bar, navigation, who you are, notices. */
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, type ReactNode, Suspense, useState } from 'react'
import { Link, Navigate, Outlet, useLocation, useNavigate } from 'react-router'
import { client, whoamiQuery } from '../api.ts'
import { clock } from '../model/time.ts'
import type { Whoami } from '../model/wire.ts'
import { initials } from '../model/words.ts'
import { Icon } from './Icon.tsx'
import { KeySheet } from './KeySheet.tsx'
import { LiveEvents, useConnection } from './live.tsx'
import { Brand, Pages, PhoneNavigation } from './Navigation.tsx'
import { ActionButton } from './pieces.tsx'
import { Fault, PageSkeleton } from './states.tsx'
import { ThemeButton } from './ThemeButton.tsx'
import { useKeys } from './use-keys.ts'

export function DevelopmentBar(): ReactElement {
  return (
    <section className="development-bar" aria-label="Mode">
      Development: anyone here can be anyone. Not evidence.
    </section>
  )
}

/** Loads who is asking; everything inside can rely on a signed-in reader. */
export function Shell(): ReactElement {
  const who = useQuery(whoamiQuery)
  const place = useLocation()
  if (who.isPending) return <div className="shell-loading" />
  if (who.isError) return <Fault retry={() => void who.refetch()} />
  if (!who.data.ok) {
    const next = encodeURIComponent(`${place.pathname}${place.search}`)
    return <Navigate to={place.pathname === '/' ? '/sign-in' : `/sign-in?next=${next}`} replace />
  }
  const me = who.data.value
  return (
    <LiveEvents>
      {me.mode === 'development' ? <DevelopmentBar /> : null}
      <Frame me={me}>
        <Outlet context={me} />
      </Frame>
    </LiveEvents>
  )
}

function Frame(props: { readonly me: Whoami; readonly children: ReactNode }): ReactElement {
  const [keysOpen, setKeysOpen] = useState(false)
  const go = useNavigate()
  useKeys({
    go_inbox: () => void go('/'),
    go_history: () => void go('/history'),
    go_grants: () => void go('/grants'),
    go_log: () => void go('/log'),
    keys: () => setKeysOpen(true),
  })
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <nav className="nav" aria-label="Pages">
        <Brand />
        <Pages />
        <Foot me={props.me} openKeys={() => setKeysOpen(true)} />
      </nav>
      <PhoneNavigation />
      <main className="main" id="main">
        <Notices me={props.me} />
        <Suspense fallback={<PageSkeleton />}>{props.children}</Suspense>
      </main>
      {keysOpen ? <KeySheet onClose={() => setKeysOpen(false)} /> : null}
    </div>
  )
}

function Foot(props: { readonly me: Whoami; readonly openKeys: () => void }): ReactElement {
  const { me } = props
  const name = me.actor.name ?? 'Somebody'
  return (
    <div className="nav-foot">
      <div className="nav-tools">
        <ThemeButton />
        <ActionButton kind="ghost" size="small" label="Keyboard shortcuts" onPress={props.openKeys}>
          <Icon name="keyboard" />
        </ActionButton>
        <SignOut />
      </div>
      <Link className="nav-person" to="/you">
        <span className="avatar" aria-hidden="true">
          {initials(name)}
        </span>
        <div className="cut">
          <div className="nav-name cut">
            {name}
            <span className="unseen">: passkeys and sign-ins</span>
          </div>
          <div className="tiny text-3 cut">{me.roles.join(', ') || 'no role'}</div>
        </div>
      </Link>
    </div>
  )
}

function SignOut(): ReactElement {
  const leave = async (): Promise<void> => {
    await client.call('signOut', { body: {} })
    // A full load: nothing of this person stays in memory.
    window.location.assign('/sign-in')
  }
  return (
    <ActionButton kind="ghost" size="small" label="Sign out" onPress={() => void leave()}>
      <Icon name="out" />
    </ActionButton>
  )
}

function Notices(props: { readonly me: Whoami }): ReactElement | null {
  const { lostAt } = useConnection()
  const { readsOnly, alone } = props.me
  if (readsOnly === null && lostAt === null && !alone) return null
  return (
    <>
      {alone ? (
        <div className="notice" role="note">
          <b>You are alone here</b>
          <span>
            What needs a second person waits until it expires.{' '}
            <Link to="/people">Bring somebody in</Link>
          </span>
        </div>
      ) : null}
      {readsOnly === null ? null : (
        <div className="notice" role="alert">
          <b>Holdpoint is in read-only</b>
          <span>
            {readsOnly} The operator has to run <span className="mono">holdpoint recover</span>.
          </span>
        </div>
      )}
      {lostAt === null ? null : (
        <div className="notice" role="status">
          <b>No connection since {clock(lostAt, { now: lostAt })}</b>
          <span>What you see may be old. Deciding is off until it is back.</span>
        </div>
      )}
    </>
  )
}
