/** The nodes in words: what happens to each, what it needs and what needs it. */

import { storesData } from '@holdpoint/api/stored-data'
import {
  effectOf,
  type GraphLink,
  type GraphNode,
  linkNames,
  type ModuleGroup,
  moduleName,
  nodeName,
  READS_DESTROYED,
} from '@holdpoint/core'
import { type ReactElement, useState } from 'react'
import { doesText } from '../../model/graph-view.ts'
import { PAGE_ROWS } from '../../model/groups.ts'
import { grouped } from '../../model/words.ts'
import { ActionButton, Address, PhraseText, Raw, Tile } from '../../ui/pieces.tsx'
import { useSettings } from '../../ui/use-settings.ts'

export function GraphList(props: { readonly nodes: readonly GraphNode[] }): ReactElement {
  const { nodes } = props
  const [pages, setPages] = useState(1)
  const drawn = nodes.slice(0, pages * PAGE_ROWS)
  return (
    <ul className="card plan-list graph-list" aria-label="What needs what, as a list">
      {drawn.map((node) => (
        <li key={node.key}>
          <Facts node={node} />
        </li>
      ))}
      {drawn.length < nodes.length ? (
        <li className="plan-more">
          <span className="text-2 num">{grouped(nodes.length - drawn.length)} more</span>
          <ActionButton size="small" onPress={() => setPages(pages + 1)}>
            Show more
          </ActionButton>
        </li>
      ) : null}
    </ul>
  )
}

export function GraphGroups(props: { readonly groups: readonly ModuleGroup[] }): ReactElement {
  return (
    <>
      {props.groups.map((group) => (
        <Group key={group.module} group={group} />
      ))}
    </>
  )
}

/** Drawn when it is opened: a module may hold ten thousand. */
function Group(props: { readonly group: ModuleGroup }): ReactElement {
  const { module, nodes } = props.group
  const [open, setOpen] = useState(false)
  return (
    <details
      className="card also-row graph-group"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <Raw text={moduleName(module)} />
        <span className="small text-3 num">{grouped(nodes.length)}</span>
      </summary>
      {open ? <GraphList nodes={nodes} /> : null}
    </details>
  )
}

/** Below the picture, for the box that was pressed. */
export function GraphDetail(props: { readonly node: GraphNode }): ReactElement {
  const { node } = props
  const { set } = useSettings()
  const [entry] = node.entries
  const show = (): void => set({ q: node.key, tab: null })
  return (
    <section className="card graph-detail" aria-label="The box you chose">
      <Facts node={node} />
      {node.kind === 'resource' && entry !== undefined && node.action !== 'noop' ? (
        <div className="graph-detail-more">
          <span className="small text-2">
            <PhraseText phrase={effectOf(entry, storesData)} />
          </span>
          <ActionButton size="small" onPress={show}>
            Show its values
          </ActionButton>
        </div>
      ) : null}
    </section>
  )
}

function Facts(props: { readonly node: GraphNode }): ReactElement {
  const { node } = props
  const { module, name } = nodeName(node)
  return (
    <div className="graph-facts">
      <Tile action={node.action} />
      <div className="plan-text">
        <Address module={module} name={name} />
        {node.readsDestroyed ? <span className="small">{READS_DESTROYED}.</span> : null}
        {node.needs.map((link) => (
          <Link key={link.key} link={link} verb="needs" />
        ))}
        {node.neededBy.map((link) => (
          <Link key={link.key} link={link} verb="needed by" />
        ))}
      </div>
      <span className={`plan-verb hues-${node.action}`}>{doesText(node)}</span>
    </div>
  )
}

function Link(props: { readonly link: GraphLink; readonly verb: string }): ReactElement {
  const { link, verb } = props
  return (
    <span className="small text-2">
      {verb} <Raw text={moduleName(link.key)} /> for <Raw text={linkNames(link)} />
    </span>
  )
}
