/** What needs what among what changes: a picture to go through, and the same facts as a list. */
import { NO_LINE, type Plan, TOO_LARGE } from '@holdpoint/core'
import { type ReactElement, useMemo } from 'react'
import { type GraphView, graphView } from '../../model/graph-view.ts'
import { grouped } from '../../model/words.ts'
import { GraphGroups, GraphList } from './GraphList.tsx'
import { GraphPicture } from './GraphPicture.tsx'

export function GraphTab(props: { readonly plan: Plan }): ReactElement {
  const view = useMemo(() => graphView(props.plan), [props.plan])
  return (
    <>
      <p className="small text-2 graph-note">{noteOf(view)}</p>
      <Body view={view} />
    </>
  )
}

function Body(props: { readonly view: GraphView }): ReactElement | null {
  const { view } = props
  switch (view.kind) {
    case 'nothing':
      return null
    case 'unlinked':
      return <GraphList nodes={view.nodes} />
    case 'drawn':
      return (
        <>
          <GraphPicture view={view} />
          <GraphList nodes={view.nodes} />
        </>
      )
    case 'too_large':
      return <GraphGroups groups={view.groups} />
  }
}

function noteOf(view: GraphView): string {
  switch (view.kind) {
    case 'nothing':
      return 'No resource changes here.'
    case 'unlinked':
      return 'The tool wrote down no reference between these. That does not mean that there is none.'
    case 'drawn': {
      const by = view.by === 'module' ? ' One box for each module.' : ''
      return `What is needed stands left of what needs it. ${NO_LINE}${by}${cutText(view.cut)}`
    }
    case 'too_large':
      return `${TOO_LARGE}: ${grouped(view.resources)} resources. By module:${cutText(view.cut)}`
  }
}

function cutText(cut: boolean): string {
  return cut ? ' The plan has more references than are kept here.' : ''
}
