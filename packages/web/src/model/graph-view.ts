/** What the Graph tab draws: core's picture with a label for each line, and each node in words. */
import {
  boxText,
  type GraphNode,
  type Line,
  linkNames,
  type ModuleGroup,
  nodeCounts,
  nodeName,
  type Picture,
  type PlacedNode,
  type Plan,
  pictureOf,
  planGraph,
  READS_DESTROYED,
  STAYS,
  safeText,
} from '@holdpoint/core'
import { LOOKS } from './actions.ts'

export interface LabelledLine extends Line {
  readonly key: string
  /** Which attributes read, safe and short. */
  readonly label: string
  /** Where the label ends: before the box that reads, because names in boxes begin on the left. */
  readonly x: number
  readonly y: number
}

const LABEL_CHARACTERS = 22
const LABEL_SPACE = 16

export type GraphView =
  | { readonly kind: 'nothing' }
  /** The tool wrote no reference down: boxes without lines would be a list, only harder to read. */
  | { readonly kind: 'unlinked'; readonly nodes: readonly GraphNode[] }
  | {
      readonly kind: 'drawn'
      readonly by: 'resource' | 'module'
      readonly picture: Picture
      readonly nodes: readonly PlacedNode[]
      readonly lines: readonly LabelledLine[]
      readonly cut: boolean
    }
  | {
      readonly kind: 'too_large'
      readonly resources: number
      readonly groups: readonly ModuleGroup[]
      readonly cut: boolean
    }

export function graphView(plan: Plan): GraphView {
  const graph = planGraph(plan)
  if (graph.kind === 'too_large') return graph
  if (graph.nodes.length === 0) return { kind: 'nothing' }
  if (graph.edges.length === 0) return { kind: 'unlinked', nodes: graph.nodes }
  const picture = pictureOf(graph)
  const places = new Map(picture.boxes.map((box) => [box.node.key, box]))
  const lines = picture.lines.map((line): LabelledLine => {
    const { from, to } = line.edge
    const [left, right] = [places.get(to), places.get(from)]
    const middle = picture.boxHeight / 2
    return {
      ...line,
      key: JSON.stringify([from, to]),
      label: boxText(linkNames(line.edge), LABEL_CHARACTERS),
      x: (right?.x ?? 0) - LABEL_SPACE,
      y: ((left?.y ?? 0) + (right?.y ?? 0)) / 2 + middle,
    }
  })
  const { by, nodes, cut } = graph
  return { kind: 'drawn', by, picture, nodes, lines, cut }
}

/** What happens to it, in our words. */
export function doesText(node: GraphNode): string {
  if (node.kind === 'module') return nodeCounts(node)
  return node.action === 'noop' ? STAYS : LOOKS[node.action].word
}

/** The name of a node's button: what is written in its box, and how it is linked. */
export function nodeLabel(node: GraphNode): string {
  const { module, name } = nodeName(node)
  const links = [
    ...(node.readsDestroyed ? [READS_DESTROYED] : []),
    `needs ${node.needs.length}`,
    `needed by ${node.neededBy.length}`,
  ]
  return `${safeText(module + name).text}: ${doesText(node)}. ${links.join(', ')}.`
}

/** Ends of a line that belong together when one of them is looked at. */
export function touches(line: Line, key: string | null): boolean {
  return key !== null && (line.edge.from === key || line.edge.to === key)
}
