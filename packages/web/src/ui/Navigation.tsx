/** The pages of the product: all of them at the side, on a phone two of them and a list. */
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { Link, NavLink } from 'react-router'
import { inboxQuery } from '../api.ts'
import { Icon, type IconName } from './Icon.tsx'
import { ActionButton } from './pieces.tsx'
import { Sheet } from './Sheet.tsx'
import { ThemeButton } from './ThemeButton.tsx'

interface PageEntry {
  readonly to: string
  readonly name: string
  readonly icon: IconName
}

const FIRST: readonly PageEntry[] = [
  { to: '/', name: 'Inbox', icon: 'inbox' },
  { to: '/history', name: 'History', icon: 'lines' },
]
const REST: readonly PageEntry[] = [
  { to: '/workspaces', name: 'Workspaces', icon: 'cube' },
  { to: '/grants', name: 'Grants', icon: 'key' },
  { to: '/log', name: 'Log', icon: 'log' },
  { to: '/insights', name: 'Insights', icon: 'bars' },
  { to: '/people', name: 'People', icon: 'people' },
  { to: '/settings', name: 'Settings', icon: 'sliders' },
]

export function Brand(): ReactElement {
  return (
    <Link className="brand" to="/" aria-label="Holdpoint, inbox">
      <Icon name="logo" size={22} />
      <span className="brand-name">Holdpoint</span>
    </Link>
  )
}

export function Pages(): ReactElement {
  return (
    <>
      {[...FIRST, ...REST].map((page) => (
        <PageLink key={page.to} page={page} />
      ))}
    </>
  )
}

export function PhoneNavigation(): ReactElement {
  const [open, setOpen] = useState(false)
  return (
    <nav className="phone-nav" aria-label="Pages, phone">
      <Brand />
      {FIRST.map((page) => (
        <PageLink key={page.to} page={page} />
      ))}
      <ActionButton kind="ghost" size="small" label="More pages" onPress={() => setOpen(true)}>
        <Icon name="more" />
      </ActionButton>
      {open ? <MorePages close={() => setOpen(false)} /> : null}
    </nav>
  )
}

function MorePages(props: { readonly close: () => void }): ReactElement {
  const you: PageEntry = { to: '/you', name: 'You', icon: 'person' }
  return (
    <Sheet
      title="Pages"
      onClose={props.close}
      actions={
        <>
          <ActionButton onPress={props.close} initial>
            Back
          </ActionButton>
          <ThemeButton />
        </>
      }
    >
      <ul className="more-pages">
        {[...REST, you].map((page) => (
          <li key={page.to}>
            <PageLink page={page} onOpen={props.close} />
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function PageLink(props: { readonly page: PageEntry; readonly onOpen?: () => void }): ReactElement {
  const { page } = props
  return (
    <NavLink
      to={page.to}
      end={page.to === '/'}
      className="nav-link"
      {...(props.onOpen === undefined ? {} : { onClick: props.onOpen })}
    >
      <Icon name={page.icon} />
      {page.name}
      {page.to === '/' ? <Needed /> : null}
    </NavLink>
  )
}

function Needed(): ReactElement | null {
  const inbox = useQuery(inboxQuery)
  const needed = inbox.data?.ok === true ? inbox.data.value.needsYou.length : 0
  if (needed === 0) return null
  return (
    <span className="nav-count num">
      {needed}
      <span className="unseen"> need you</span>
    </span>
  )
}
