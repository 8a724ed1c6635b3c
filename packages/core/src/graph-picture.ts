/**
 * The picture of a plan's graph in pixels: boxes and the lines between them, the same on every
 * surface. It only measures; what is written in a box is for the surface to render.
 */
import type { GraphEdge, PlacedNode, PlanGraph } from './graph.ts'

export interface Box {
  readonly node: PlacedNode
  readonly x: number
  readonly y: number
}

export interface Line {
  readonly edge: GraphEdge
  /** SVG path data, from what is needed to what needs it. */
  readonly path: string
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly boxWidth: number
  readonly boxHeight: number
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}

const BOX_WIDTH = 236
const BOX_HEIGHT = 44
/** One line more, where a box has to say that it reads from something destroyed. */
const BOX_HEIGHT_TALL = 62
const GAP_X = 60
const GAP_Y = 14
const MARGIN = 6
/** The point of the arrow stands before the box. */
const ARROW = 7

export function pictureOf(graph: Extract<PlanGraph, { kind: 'drawn' }>): Picture {
  const isTall = graph.nodes.some((node) => node.readsDestroyed)
  const boxHeight = isTall ? BOX_HEIGHT_TALL : BOX_HEIGHT
  const x = (column: number): number => MARGIN + column * (BOX_WIDTH + GAP_X)
  const y = (row: number): number => MARGIN + row * (boxHeight + GAP_Y)
  const lines = graph.edges.map((edge) => ({
    edge,
    path: pathOf(
      edge.points.map((point) => ({ x: x(point.column), y: y(point.row) + boxHeight / 2 })),
    ),
  }))
  return {
    width: x(graph.columns) - GAP_X + MARGIN,
    height: y(graph.rows) - GAP_Y + MARGIN,
    boxWidth: BOX_WIDTH,
    boxHeight,
    boxes: graph.nodes.map((node) => ({ node, x: x(node.column), y: y(node.row) })),
    lines,
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Out of the right side, level across the columns between, into the left side. */
function pathOf(stops: readonly Point[]): string {
  const parts: string[] = []
  for (const [at, stop] of stops.entries()) {
    const right = stop.x + BOX_WIDTH
    const previous = stops[at - 1]
    const isLast = at === stops.length - 1
    if (previous === undefined) parts.push(`M${right} ${stop.y}`)
    else {
      const start = previous.x + BOX_WIDTH
      const end = isLast ? stop.x - ARROW : stop.x
      const bend = Math.max(GAP_X / 2, Math.abs(end - start) / 2)
      parts.push(`C${start + bend} ${previous.y} ${end - bend} ${stop.y} ${end} ${stop.y}`)
      if (!isLast) parts.push(`H${right}`)
    }
  }
  return parts.join('')
}
