/** One person: name, teams, roles, passkeys; opened, what an admin may change about them. */
import { type ReactElement, useState } from 'react'
import { passkeysText, rolesText } from '../../model/people-view.ts'
import type { PersonOverview, Whoami } from '../../model/wire.ts'
import { initials } from '../../model/words.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Raw } from '../../ui/pieces.tsx'
import { PersonChanges } from './PersonChanges.tsx'
import type { All, AskFirst } from './props.ts'

export function PersonRow(props: {
  readonly person: PersonOverview
  readonly all: All
  readonly me: Whoami
  readonly ask: AskFirst
}): ReactElement {
  const { person, me, ask } = props
  const [open, setOpen] = useState(false)
  const panel = `person-${person.id}`
  const line = <PersonLine person={person} mode={me.mode} />
  if (ask === null)
    return (
      <li>
        <div className="person-row">{line}</div>
      </li>
    )
  return (
    <li>
      <button
        type="button"
        className="person-row person-toggle"
        data-row=""
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
      >
        {line}
        <span className="person-chevron">
          <Icon name={open ? 'down' : 'next'} />
        </span>
      </button>
      <div id={panel} hidden={!open}>
        {open ? <PersonChanges person={person} all={props.all} me={me} ask={ask} /> : null}
      </div>
    </li>
  )
}

function PersonLine(props: {
  readonly person: PersonOverview
  readonly mode: Whoami['mode']
}): ReactElement {
  const { person, mode } = props
  const keys = person.active ? passkeysText(person, mode) : 'removed'
  return (
    <>
      <span className="avatar" aria-hidden="true">
        {initials(person.name)}
      </span>
      <span className="person-name">
        <span className="strong">
          <Raw text={person.name} plain />
          {person.you ? <span className="text-3"> you</span> : null}
        </span>
        <span className="small text-2 mono">{person.handle}</span>
      </span>
      <span className="person-may small">
        <span className="person-teams">
          {person.teams.map((team) => (
            <span key={team} className="tag">
              {team}
            </span>
          ))}
          {person.breakGlass ? <span className="tag tag-glass">may break the glass</span> : null}
        </span>
        <span className="text-2">{rolesText(person)}</span>
      </span>
      <span className={`person-keys small ${person.passkeys === 1 ? 'inbox-soon' : 'text-2'}`}>
        {keys}
      </span>
    </>
  )
}
