/** The form that brings somebody in, and the link that it gives, once. */
import { ROLES, type Role } from '@holdpoint/core'
import { type ReactElement, useId, useState } from 'react'
import { bringIn, type Newcomer } from '../../identity/bring-in.ts'
import type { Whoami } from '../../model/wire.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { ActionButton } from '../../ui/pieces.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { ProblemText, TextField } from '../identity/Outside.tsx'
import { useTask } from '../identity/use-task.ts'
import { isRole, roleSays } from './changes.tsx'
import { InviteLink } from './InviteLink.tsx'
import type { All } from './props.ts'

interface BringInProps {
  readonly all: All
  readonly me: Whoami
  readonly onDone: () => void
  readonly onClose: () => void
}

interface Form {
  readonly name: string
  readonly handle: string
  readonly addresses: string
  readonly role: Role
  readonly where: string
  readonly teams: readonly string[]
}

const EMPTY: Form = {
  name: '',
  handle: '',
  addresses: '',
  role: 'approver',
  where: '',
  teams: [],
}

export function BringInSheet(props: BringInProps): ReactElement {
  const { me, onDone, onClose } = props
  const [form, setForm] = useState<Form>(EMPTY)
  const [link, setLink] = useState<string | null>(null)
  const task = useTask()
  const announce = useAnnounce()
  const newcomer = newcomerOf(form)
  const whole = newcomer.name !== '' && newcomer.handle !== ''
  const adds = me.mode === 'development'
  const send = (): void =>
    task.run(
      async () => {
        const answer = await bringIn(newcomer, me)
        if (answer.ok) setLink(answer.value.link)
        return answer
      },
      () => {
        onDone()
        announce(`${newcomer.name} ${adds ? 'is in' : 'is invited'}.`)
        if (adds) onClose()
      },
    )
  if (link !== null) return <InviteLink link={link} name={newcomer.name} onClose={onClose} />
  const object = form.name.trim() || 'somebody'
  return (
    <Sheet
      title={adds ? 'Add somebody' : 'Invite somebody'}
      onClose={onClose}
      actions={
        <>
          <ActionButton onPress={onClose}>{adds ? 'Add nobody' : 'Invite nobody'}</ActionButton>
          <ActionButton kind="ink" disabled={task.busy || !whole} onPress={send}>
            {adds ? `Add ${object}` : `Invite ${object} with passkey`}
          </ActionButton>
        </>
      }
    >
      <Fields {...props} form={form} set={(edit) => setForm({ ...form, ...edit })} />
      <ProblemText problem={task.problem} />
    </Sheet>
  )
}

function newcomerOf(form: Form): Newcomer {
  const addresses = form.addresses.split(/[\s,;]+/).filter((each) => each !== '')
  return {
    name: form.name.trim(),
    handle: form.handle.trim().toLowerCase(),
    addresses,
    roles: [{ role: form.role, workspace: form.where === '' ? null : form.where }],
    teams: form.teams,
  }
}

interface FieldsProps extends BringInProps {
  readonly form: Form
  readonly set: (edit: Partial<Form>) => void
}

function Fields(props: FieldsProps): ReactElement {
  const { form, set, all } = props
  const open = all.teams.filter(({ directory }) => !directory)
  return (
    <>
      <TextField
        label="Name"
        hint="As people know them."
        value={form.name}
        max={200}
        change={(name) => set({ name })}
        initial
      />
      <TextField
        label="Handle"
        hint="Short and theirs for good: letters, digits and . _ -"
        value={form.handle}
        max={200}
        change={(handle) => set({ handle })}
      />
      <TextField
        label="Addresses they commit with"
        hint="A commit of theirs keeps them from approving it. Separate several by commas."
        value={form.addresses}
        max={2000}
        change={(addresses) => set({ addresses })}
      />
      <RoleFields {...props} />
      {open.length === 0 ? null : (
        <fieldset className="field team-choice">
          <legend>Teams</legend>
          {open.map(({ name }) => (
            <label key={name} className="filter-check">
              <input
                type="checkbox"
                checked={form.teams.includes(name)}
                onChange={({ target }) =>
                  set({
                    teams: target.checked
                      ? [...form.teams, name]
                      : form.teams.filter((team) => team !== name),
                  })
                }
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
    </>
  )
}

function RoleFields({ form, set, all }: FieldsProps): ReactElement {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={`${id}-role`}>Role</label>
      <div className="field-pair">
        <select
          id={`${id}-role`}
          className="input"
          value={form.role}
          onChange={({ target }) =>
            isRole(target.value) ? set({ role: target.value }) : undefined
          }
        >
          {ROLES.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </select>
        <select
          aria-label="Where"
          className="input"
          value={form.where}
          onChange={({ target }) => set({ where: target.value })}
        >
          <option value="">everywhere</option>
          {all.workspaces.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <span className="tiny text-3">{roleSays(form.role)}</span>
    </div>
  )
}
