/** Changes labels, owners or the pinned target of a workspace; says what follows, asks once. */
import type { Answer } from '@holdpoint/api/client'
import { type ReactElement, useId, useState } from 'react'
import { client } from '../../api.ts'
import type { WorkspaceView } from '../../model/wire.ts'
import { labelLines, readLabels, readList } from '../../model/workspace-view.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { ActionButton } from '../../ui/pieces.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { ProblemText } from '../identity/Outside.tsx'
import { useTask } from '../identity/use-task.ts'

export type Editing = 'labels' | 'owners' | 'pin'

interface EditProps {
  readonly workspace: WorkspaceView
  readonly editing: Editing
  readonly onClose: () => void
  readonly onDone: () => void
}

export function EditSheet(props: EditProps): ReactElement {
  const { editing } = props
  if (editing === 'labels') return <LabelsSheet {...props} />
  return editing === 'owners' ? <OwnersSheet {...props} /> : <PinSheet {...props} />
}

interface FrameProps extends EditProps {
  /** "labels", "owners", "pin". */
  readonly object: string
  readonly says: string
  readonly fields: readonly EditField[]
  /** Why it cannot be sent as it is; `null` when it can. */
  readonly problem: string | null
  readonly send: () => Promise<Answer<unknown>>
}

interface EditField {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly lines: number
  readonly change: (value: string) => void
}

function Frame(props: FrameProps): ReactElement {
  const { workspace, object, problem } = props
  const task = useTask()
  const announce = useAnnounce()
  const send = (): void =>
    task.run(props.send, () => {
      announce(`The ${object} of ${workspace.name} is changed.`)
      props.onDone()
      props.onClose()
    })
  return (
    <Sheet
      title={`Change the ${object} of ${workspace.name}`}
      onClose={props.onClose}
      actions={
        <>
          <ActionButton onPress={props.onClose}>Keep the {object}</ActionButton>
          <ActionButton kind="ink" disabled={task.busy || problem !== null} onPress={send}>
            Change the {object}
          </ActionButton>
        </>
      }
    >
      <p className="sheet-says text-2">{props.says}</p>
      {props.fields.map((field, at) => (
        <LinesField key={field.label} field={field} initial={at === 0} />
      ))}
      {problem === null ? null : (
        <p className="small inbox-soon" role="status">
          {problem}
        </p>
      )}
      <ProblemText problem={task.problem} />
    </Sheet>
  )
}

function LinesField(props: { readonly field: EditField; readonly initial: boolean }): ReactElement {
  const { label, hint, value, lines, change } = props.field
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input mono"
        rows={lines}
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={({ target }) => change(target.value)}
        {...(props.initial ? { 'data-initial': 'true' } : {})}
      />
      <span id={`${id}-hint`} className="tiny text-3">
        {hint}
      </span>
    </div>
  )
}

function LabelsSheet(props: EditProps): ReactElement {
  const { workspace } = props
  const [text, setText] = useState(labelLines(workspace.labels).join('\n'))
  const read = readLabels(text)
  return (
    <Frame
      {...props}
      object="labels"
      says="Rules ask for labels, so every open change is evaluated again."
      fields={[
        {
          label: 'Labels',
          hint: 'One key=value on each line. Those not named are gone.',
          value: text,
          lines: 5,
          change: setText,
        },
      ]}
      problem={read.ok ? null : `“${read.line}” is not key=value.`}
      send={() => {
        const labels = read.ok ? read.labels : workspace.labels
        const { name } = workspace
        return client.call('changeAccess', {
          body: { type: 'set_labels', workspace: name, labels },
        })
      }}
    />
  )
}

function OwnersSheet(props: EditProps): ReactElement {
  const { workspace } = props
  const [text, setText] = useState(workspace.owners.map(({ handle }) => handle).join('\n'))
  return (
    <Frame
      {...props}
      object="owners"
      says="Owners say what became of a change whose outcome is unknown. They need not be approvers."
      fields={[
        {
          label: 'Owners',
          hint: 'Handles, one on each line. Those not named own it no more.',
          value: text,
          lines: 4,
          change: setText,
        },
      ]}
      problem={null}
      send={() =>
        client.call('changeAccess', {
          body: { type: 'set_owners', workspace: workspace.name, owners: [...readList(text)] },
        })
      }
    />
  )
}

function PinSheet(props: EditProps): ReactElement {
  const { workspace } = props
  const { pin } = workspace
  const [tool, setTool] = useState(pin?.toolWorkspace ?? 'default')
  const [backend, setBackend] = useState(
    pin === null ? '' : [pin.backend.type, ...settingLines(pin.backend.settings)].join('\n'),
  )
  const [accounts, setAccounts] = useState(pin?.accounts.join('\n') ?? '')
  const [regions, setRegions] = useState(pin?.regions.join('\n') ?? '')
  const [type = '', ...rest] = backend.split('\n').map((line) => line.trim())
  const settings = readLabels(rest.join('\n'))
  const problem = !settings.ok
    ? `“${settings.line}” is not key=value.`
    : /^[a-z0-9_-]+$/.test(type)
      ? null
      : 'The first line names the kind of backend, s3 or local for example.'
  const field = (label: string, hint: string) => ({ label, hint, lines: 2 })
  return (
    <Frame
      {...props}
      object="pin"
      says="What acts anywhere else is refused. Changes that are open and act elsewhere cannot start."
      fields={[
        {
          ...field('State’s backend', 'Its kind, then one key=value on each line.'),
          lines: 4,
          value: backend,
          change: setBackend,
        },
        {
          ...field('Accounts', 'One on each line; a plan may use some of them.'),
          value: accounts,
          change: setAccounts,
        },
        { ...field('Regions', 'One on each line.'), value: regions, change: setRegions },
        {
          ...field('Tool’s workspace', 'Most often default.'),
          lines: 1,
          value: tool,
          change: setTool,
        },
      ]}
      problem={problem}
      send={() =>
        client.call('changeAccess', {
          body: {
            type: 'pin_target',
            workspace: workspace.name,
            pin: {
              backend: { type, settings: settings.ok ? settings.labels : {} },
              toolWorkspace: tool.trim(),
              accounts: [...readList(accounts)],
              regions: [...readList(regions)],
            },
          },
        })
      }
    />
  )
}

function settingLines(settings: { readonly [name: string]: string }): readonly string[] {
  return Object.entries(settings).map(([name, value]) => `${name}=${value}`)
}
