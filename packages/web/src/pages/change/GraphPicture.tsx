/**
 * The picture: boxes are buttons in reading order, from left to right. Looking at one names what its
 * lines read; pressing it says the same below in words.
 */
import {
  BOX_CHARACTERS,
  boxText,
  nodeName,
  type PlacedNode,
  READS_DESTROYED,
} from '@holdpoint/core'
import { type ReactElement, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import {
  doesText,
  type GraphView,
  type LabelledLine,
  nodeLabel,
  touches,
} from '../../model/graph-view.ts'
import { Tile } from '../../ui/pieces.tsx'
import { GraphDetail } from './GraphList.tsx'

type Drawn = Extract<GraphView, { kind: 'drawn' }>

export function GraphPicture(props: { readonly view: Drawn }): ReactElement {
  const { view } = props
  const { picture } = view
  const [looked, setLooked] = useState<string | null>(null)
  const [pressed, setPressed] = useState<string | null>(null)
  const [line, setLine] = useState<string | null>(null)
  const named = view.lines.filter((each) => each.key === line || touches(each, looked))
  const lit = view.lines.filter((each) => named.includes(each) || touches(each, pressed))
  const detail = view.nodes.find((node) => node.key === pressed)
  return (
    <>
      <section className="card graph" aria-label="What needs what">
        <svg
          width={picture.width}
          height={picture.height}
          viewBox={`0 0 ${picture.width} ${picture.height}`}
        >
          <title>What needs what</title>
          <Arrow />
          {view.lines.map((each) => (
            <Edge key={each.key} line={each} isLit={lit.includes(each)} look={setLine} />
          ))}
          {picture.boxes.map(({ node, x, y }) => (
            <foreignObject
              key={node.key}
              x={x}
              y={y}
              width={picture.boxWidth}
              height={picture.boxHeight}
            >
              <Node
                node={node}
                isPressed={node.key === pressed}
                look={setLooked}
                press={() => setPressed(node.key === pressed ? null : node.key)}
              />
            </foreignObject>
          ))}
          {named.map((each) => (
            <Label key={each.key} line={each} />
          ))}
        </svg>
      </section>
      <div aria-live="polite">{detail === undefined ? null : <GraphDetail node={detail} />}</div>
    </>
  )
}

function Arrow(): ReactElement {
  return (
    <marker id="graph-arrow" markerWidth="8" markerHeight="8" refX="1" refY="4" orient="auto">
      <path d="M1 1L7 4L1 7" />
    </marker>
  )
}

function Edge(props: {
  readonly line: LabelledLine
  readonly isLit: boolean
  readonly look: (key: string | null) => void
}): ReactElement {
  const { line, isLit, look } = props
  return (
    <g
      className={isLit ? 'graph-edge graph-edge-lit' : 'graph-edge'}
      onPointerEnter={() => look(line.key)}
      onPointerLeave={() => look(null)}
    >
      <path d={line.path} markerEnd="url(#graph-arrow)" />
      <path className="graph-edge-wide" d={line.path} />
    </g>
  )
}

/** About as wide as its text in the mono font of 12 px. */
const LABEL_SIGN = 7.25

function Label(props: { readonly line: LabelledLine }): ReactElement {
  const { label, x, y } = props.line
  const width = label.length * LABEL_SIGN + 12
  return (
    <g className="graph-label">
      <rect x={x - width + 6} y={y - 10} width={width} height={20} rx={4} />
      <text x={x} y={y + 4}>
        {label}
      </text>
    </g>
  )
}

function Node(props: {
  readonly node: PlacedNode
  readonly isPressed: boolean
  readonly look: (key: string | null) => void
  readonly press: () => void
}): ReactElement {
  const { node, isPressed, look } = props
  const { module, name } = nodeName(node)
  const does = doesText(node)
  // Beside the words for what happens.
  const room = Math.max(6, BOX_CHARACTERS - does.length)
  const near = node.action === 'noop' ? ' graph-node-near' : ''
  return (
    <Button
      className={`graph-node${near}`}
      aria-expanded={isPressed}
      onPress={props.press}
      onFocus={() => look(node.key)}
      onBlur={() => look(null)}
      onHoverStart={() => look(node.key)}
      onHoverEnd={() => look(null)}
    >
      <span aria-hidden="true">
        <Tile action={node.action} />
      </span>
      <span className="graph-node-text">
        <span className="graph-node-line tiny">
          <b className={`hues-${node.action}`}>{does}</b>{' '}
          <span className="text-3 mono">{boxText(module.replace(/\.$/, ''), room)}</span>
        </span>
        <span className="graph-node-line">
          <b className="mono">{boxText(name, BOX_CHARACTERS)}</b>
        </span>
        {node.readsDestroyed ? (
          <span className="graph-node-line tiny text-2">{READS_DESTROYED}</span>
        ) : null}
        <span className="unseen"> {nodeLabel(node)}</span>
      </span>
    </Button>
  )
}
