/** What narrows the history. Every setting is in the address, so that a view can be sent to others. */
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useId, useState } from 'react'
import { workspacesQuery } from '../../api.ts'
import {
  GLASS_NAMES,
  GLASS_TITLES,
  GROUP_NAMES,
  isNarrowed,
  STATUS_GROUPS,
} from '../../model/history-view.ts'
import { ActionButton } from '../../ui/pieces.tsx'
import { useSettings } from '../../ui/use-settings.ts'
import { TypedInput } from './TypedInput.tsx'

export function HistoryFilters(): ReactElement {
  const { query, set, clear } = useSettings()
  const field = (name: string) => ({
    value: query.get(name) ?? '',
    change: (value: string) => set({ [name]: value }),
  })
  // On a phone the rest is folded until it is wanted or says something.
  const [unfolded, setUnfolded] = useState(false)
  const folded = !unfolded && !isNarrowed(query)
  return (
    <search
      className={`history-filters${folded ? ' history-folded' : ''}`}
      aria-label="Filter changes"
    >
      <TypedInput
        id="history-text"
        label="Text"
        hint="Headline, name or id"
        type="search"
        {...field('q')}
      />
      <div className="history-unfold">
        <ActionButton onPress={() => setUnfolded(true)}>More filters</ActionButton>
      </div>
      <StatusSelect {...field('status')} />
      <GlassSelect {...field('glass')} />
      <WorkspaceSelect {...field('workspace')} />
      <TypedInput label="Rule" hint="Any rule" {...field('rule')} />
      <TypedInput label="Asked by" hint="Anybody" {...field('requester')} />
      <DayInput label="From" {...field('from')} />
      <DayInput label="To" {...field('to')} />
      <div className="history-checks">
        <Check label="Opened by an agent" on="1" {...field('agent')} />
        {isNarrowed(query) ? (
          <ActionButton kind="ghost" size="small" onPress={clear}>
            Clear
          </ActionButton>
        ) : null}
      </div>
    </search>
  )
}

interface Field {
  readonly value: string
  readonly change: (value: string) => void
}

function StatusSelect({ value, change }: Field): ReactElement {
  const id = useId()
  return (
    <div className="filter-field">
      <label htmlFor={id}>What became of it</label>
      <select
        id={id}
        className="input input-small"
        value={value}
        onChange={(event) => change(event.target.value)}
      >
        <option value="">Anything</option>
        {GROUP_NAMES.map((name) => (
          <option key={name} value={name}>
            {STATUS_GROUPS[name].title}
          </option>
        ))}
      </select>
    </div>
  )
}

/** A word in the address that is none of these narrows nothing, so it shows as nothing. */
function GlassSelect({ value, change }: Field): ReactElement {
  const id = useId()
  const known = GLASS_NAMES.some((name) => name === value)
  return (
    <div className="filter-field">
      <label htmlFor={id}>Break-glass</label>
      <select
        id={id}
        className="input input-small"
        value={known ? value : ''}
        onChange={(event) => change(event.target.value)}
      >
        <option value="">With and without</option>
        {GLASS_NAMES.map((name) => (
          <option key={name} value={name}>
            {GLASS_TITLES[name]}
          </option>
        ))}
      </select>
    </div>
  )
}

function WorkspaceSelect({ value, change }: Field): ReactElement {
  const id = useId()
  const workspaces = useQuery(workspacesQuery)
  const known = workspaces.data?.ok === true ? workspaces.data.value.workspaces : []
  const names = known.map(({ name }) => name)
  const all = value === '' || names.includes(value) ? names : [value, ...names]
  return (
    <div className="filter-field">
      <label htmlFor={id}>Workspace</label>
      <select
        id={id}
        className="input input-small"
        value={value}
        onChange={(event) => change(event.target.value)}
      >
        <option value="">All</option>
        {all.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

function DayInput(props: Field & { readonly label: string }): ReactElement {
  const id = useId()
  return (
    <div className="filter-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="input input-small"
        type="date"
        value={props.value}
        onChange={(event) => props.change(event.target.value)}
      />
    </div>
  )
}

function Check(props: Field & { readonly label: string; readonly on: string }): ReactElement {
  return (
    <label className="filter-check small">
      <input
        type="checkbox"
        checked={props.value !== ''}
        onChange={(event) => props.change(event.target.checked ? props.on : '')}
      />
      {props.label}
    </label>
  )
}
