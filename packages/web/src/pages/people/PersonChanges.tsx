/** What an admin may change about one person. Every button asks first. */
import { ROLES } from '@holdpoint/core'
import { type ReactElement, useId, useState } from 'react'
import type { PersonOverview, Whoami } from '../../model/wire.ts'
import type { Confirming } from '../../ui/ConfirmSheet.tsx'
import { ActionButton } from '../../ui/pieces.tsx'
import {
  givingRole,
  isRole,
  joiningTeam,
  leavingTeam,
  listingForGlass,
  removing,
  roleSays,
  signingOut,
  takingRole,
  unlistingForGlass,
  whereText,
} from './changes.tsx'
import type { All } from './props.ts'

interface ChangesProps {
  readonly person: PersonOverview
  readonly all: All
  readonly me: Whoami
  readonly ask: (confirming: Confirming) => void
}

export function PersonChanges(props: ChangesProps): ReactElement {
  const { person, me, ask } = props
  return (
    <div className="person-changes">
      <Roles {...props} />
      <TeamsOf {...props} />
      <div className="person-end">
        {me.mode === 'production' ? (
          <ActionButton size="small" onPress={() => ask(signingOut(person))}>
            Sign out everywhere…
          </ActionButton>
        ) : null}
        <ActionButton
          size="small"
          onPress={() =>
            ask(person.breakGlass ? unlistingForGlass(person) : listingForGlass(person))
          }
        >
          {person.breakGlass ? 'Keep from breaking the glass…' : 'Let break the glass…'}
        </ActionButton>
        <ActionButton size="small" onPress={() => ask(removing(person))}>
          Remove {person.name}…
        </ActionButton>
      </div>
    </div>
  )
}

function Roles({ person, all, ask }: ChangesProps): ReactElement {
  const [role, setRole] = useState<(typeof ROLES)[number]>('viewer')
  const [where, setWhere] = useState('')
  const id = useId()
  const workspace = where === '' ? null : where
  const has = person.roles.some((each) => each.role === role && each.workspace === workspace)
  return (
    <section aria-label={`Roles of ${person.name}`}>
      <h3 className="label">Roles</h3>
      <ul className="person-list">
        {person.roles.map((given) => (
          <li key={`${given.role} ${given.workspace}`}>
            <span>
              {given.role} <span className="text-2">{whereText(given.workspace)}</span>
            </span>
            <ActionButton
              kind="ghost"
              size="small"
              label={`Take away the role ${given.role} ${whereText(given.workspace)}`}
              onPress={() => ask(takingRole(person, given))}
            >
              Take away…
            </ActionButton>
          </li>
        ))}
      </ul>
      <div className="person-add">
        <label className="unseen" htmlFor={`${id}-role`}>
          Role
        </label>
        <select
          id={`${id}-role`}
          className="input input-small"
          value={role}
          onChange={({ target }) => (isRole(target.value) ? setRole(target.value) : undefined)}
        >
          {ROLES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <label className="unseen" htmlFor={`${id}-where`}>
          Where
        </label>
        <select
          id={`${id}-where`}
          className="input input-small"
          value={where}
          onChange={({ target }) => setWhere(target.value)}
        >
          <option value="">everywhere</option>
          {all.workspaces.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <ActionButton
          size="small"
          disabled={has}
          onPress={() => ask(givingRole(person, { role, workspace }))}
        >
          Give role…
        </ActionButton>
      </div>
      <p className="tiny text-3">{has ? `${person.name} has it.` : roleSays(role)}</p>
    </section>
  )
}

function TeamsOf({ person, all, ask }: ChangesProps): ReactElement {
  const open = all.teams.filter(({ name, directory }) => !directory && !person.teams.includes(name))
  const [chosen, setChosen] = useState('')
  const id = useId()
  const directory = all.teams.filter((team) => team.directory).map(({ name }) => name)
  const team = chosen.trim()
  return (
    <section aria-label={`Teams of ${person.name}`}>
      <h3 className="label">Teams</h3>
      <ul className="person-list">
        {person.teams.map((name) => (
          <li key={name}>
            <span>{name}</span>
            {directory.includes(name) ? (
              <span className="tiny text-3">from the directory, changed there</span>
            ) : (
              <ActionButton
                kind="ghost"
                size="small"
                label={`Take out of ${name}`}
                onPress={() => ask(leavingTeam(person, name))}
              >
                Take out…
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      <div className="person-add">
        <label className="unseen" htmlFor={id}>
          Team
        </label>
        <input
          id={id}
          className="input input-small"
          list={`${id}-teams`}
          placeholder="Team"
          autoComplete="off"
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
        />
        <datalist id={`${id}-teams`}>
          {open.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <ActionButton
          size="small"
          disabled={team === '' || person.teams.includes(team) || directory.includes(team)}
          onPress={() => ask(joiningTeam(person, team))}
        >
          Put into team…
        </ActionButton>
      </div>
      <p className="tiny text-3">A team that is not there yet is made by its first member.</p>
    </section>
  )
}
