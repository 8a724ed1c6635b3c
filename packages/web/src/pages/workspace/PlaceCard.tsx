/** Where a workspace acts, what it is called by, who owns it; an admin changes it here. */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactElement, type ReactNode, useState } from 'react'
import type { WorkspaceView } from '../../model/wire.ts'
import { list } from '../../model/words.ts'
import { labelLines, pinLines } from '../../model/workspace-view.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { type Editing, EditSheet } from './EditSheet.tsx'

export function PlaceCard(props: { readonly workspace: WorkspaceView }): ReactElement {
  const { workspace } = props
  const { labels, owners, pin, lineage, mayChange, admins } = workspace
  const [editing, setEditing] = useState<Editing | null>(null)
  const queries = useQueryClient()
  const edit = (what: Editing) => (mayChange ? () => setEditing(what) : null)
  const labelled = labelLines(labels)
  return (
    <div className="card place-card">
      <Part title="Labels" edit={edit('labels')}>
        {labelled.length === 0 ? (
          <p className="text-2">None. Rules that ask for one do not match here.</p>
        ) : (
          labelled.map((label) => (
            <span key={label} className="tag mono">
              <Raw text={label} plain />
            </span>
          ))
        )}
      </Part>
      <Part title="Owners" edit={edit('owners')}>
        <p>
          {owners.length === 0
            ? 'Nobody. An outcome that is unknown here could be resolved by no one.'
            : list(
                owners.map(({ name }) => name),
                'and',
              )}
        </p>
      </Part>
      <Part title="Pinned to" edit={edit('pin')}>
        {pin === null ? (
          <p className="text-2">Nothing yet: its first change is held and binds it.</p>
        ) : (
          <dl className="place-facts">
            {pinLines(pin).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Raw text={value} />
                </dd>
              </div>
            ))}
            {lineage === null ? null : (
              <div>
                <dt>State’s lineage</dt>
                <dd>
                  <Raw text={lineage} />
                </dd>
              </div>
            )}
          </dl>
        )}
      </Part>
      {mayChange ? null : (
        <p className="place-part tiny text-3">
          {admins.length === 0
            ? 'Nobody administers this server yet.'
            : `${list(
                admins.map(({ name }) => name),
                'or',
              )} can change this.`}
        </p>
      )}
      {editing === null ? null : (
        <EditSheet
          workspace={workspace}
          editing={editing}
          onClose={() => setEditing(null)}
          onDone={() => void queries.invalidateQueries()}
        />
      )}
    </div>
  )
}

function Part(props: {
  readonly title: string
  readonly edit: (() => void) | null
  readonly children: ReactNode
}): ReactElement {
  const { title, edit } = props
  return (
    <section className="place-part" aria-label={title}>
      <div className="place-head">
        <h2 className="label">{title}</h2>
        {edit === null ? null : (
          <ActionButton
            kind="ghost"
            size="small"
            label={`Change ${title.toLowerCase()}`}
            onPress={edit}
          >
            Change…
          </ActionButton>
        )}
      </div>
      {props.children}
    </section>
  )
}
