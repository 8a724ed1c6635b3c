/**
 * What needs what, as a picture and as a list with the same facts. The picture needs no script; a
 * line says what reads on hover, and the list says it to everyone.
 */
import {
  ACTION_LOOKS,
  BOX_CHARACTERS,
  boxText,
  type GraphLink,
  type GraphNode,
  linkNames,
  type ModuleGroup,
  moduleName,
  NO_LINE,
  nodeCounts,
  nodeName,
  type Plan,
  type PlanGraph,
  pictureOf,
  planGraph,
  READS_DESTROYED,
  STAYS,
  TOO_LARGE,
} from '@holdpoint/core'
import { tile } from './looks.ts'
import { html, type Markup, NONE, raw } from './text.ts'

type Drawn = Extract<PlanGraph, { kind: 'drawn' }>

export function graphSection(plan: Plan): Markup {
  const graph = planGraph(plan)
  const count = graph.kind === 'drawn' ? graph.nodes.length : graph.resources
  if (count === 0) return NONE
  if (graph.kind === 'drawn' && graph.edges.length === 0) return NONE
  const cut = graph.cut ? html` The plan has more references than are kept here.` : NONE
  const inside = graph.kind === 'drawn' ? drawn(graph) : tooLarge(graph.groups)
  return html`<section><h2>Graph <span class="count">${count}</span></h2><p class="quiet small">What is needed stands left of what needs it. ${NO_LINE}${cut}</p>${inside}</section>`
}

function drawn(graph: Drawn): Markup {
  const by = graph.by === 'module' ? html`<p class="small">One box for each module.</p>` : NONE
  return html`${by}<div class="card scroll">${picture(graph)}</div><details class="below"><summary>The same as a list</summary>${nodeList(graph.nodes)}</details>`
}

function picture(graph: Drawn): Markup {
  const { width, height, boxWidth, boxHeight, boxes, lines } = pictureOf(graph)
  const paths = lines.map(
    ({ edge, path }) =>
      html`<g class="edge"><path d="${path}" marker-end="url(#arrow)"/><path class="wide" d="${path}"><title>${linkTitle(edge)}</title></path></g>
`,
  )
  const nodes = boxes.map(
    ({ node, x, y }) =>
      html`<g class="node hue-${node.action}${node.action === 'noop' ? ' near' : ''}" transform="translate(${x} ${y})"><title>${nodeTitle(node)}</title><rect width="${boxWidth}" height="${boxHeight}" rx="6"/>${inBox(node, boxHeight)}</g>
`,
  )
  return html`<svg class="graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What needs what; the same as a list below"><marker id="arrow" markerWidth="8" markerHeight="8" refX="1" refY="4" orient="auto"><path d="M1 1L7 4L1 7"/></marker>${paths}${nodes}</svg>`
}

/** Heights of what is written in a box, with and without the third line. */
const TALL = 62
const USUAL = 44

function inBox(node: GraphNode, height: number): Markup {
  const { module, name } = nodeName(node)
  const look = ACTION_LOOKS[node.action]
  const above = node.kind === 'module' ? nodeCounts(node) : module.replace(/\.$/, '')
  const word = node.kind === 'module' ? '' : node.action === 'noop' ? STAYS : look.word
  const note = node.readsDestroyed
    ? html`<text class="note" x="34" y="53">${READS_DESTROYED}</text>`
    : NONE
  const down = (height - (node.readsDestroyed ? TALL : USUAL)) / 2
  const space = word === '' || above === '' ? '' : '  '
  return html`<g transform="translate(0 ${down})"><g class="${look.fill}"><rect class="mark" x="9" y="14" width="16" height="16" rx="4"/><use class="glyph" href="#i-${look.glyph}" x="11" y="16" width="12" height="12"/></g><text x="34" y="18"><tspan class="word">${word}</tspan><tspan class="above">${space}${boxText(above, BOX_CHARACTERS - word.length)}</tspan></text><text class="name" x="34" y="35">${boxText(name, BOX_CHARACTERS)}</text>${note}</g>`
}

function nodeTitle(node: GraphNode): string {
  const { module, name } = nodeName(node)
  const does = node.kind === 'module' ? nodeCounts(node) : doesText(node)
  return `${module}${name}: ${does}${node.readsDestroyed ? `. ${READS_DESTROYED}` : ''}`
}

function doesText(node: GraphNode): string {
  return node.action === 'noop' ? STAYS : ACTION_LOOKS[node.action].word
}

function linkTitle(edge: Drawn['edges'][number]): string {
  return `${moduleName(edge.from)} reads ${moduleName(edge.to)} by ${linkNames(edge)}`
}

function tooLarge(groups: readonly ModuleGroup[]): Markup {
  const parts = groups.map(
    ({ module, nodes }) =>
      html`<details class="below"><summary>${raw(moduleName(module))} <span class="count">${nodes.length}</span></summary>${nodeList(nodes)}</details>`,
  )
  return html`<p><b>${TOO_LARGE}.</b> By module:</p>${parts}`
}

function nodeList(nodes: readonly GraphNode[]): Markup {
  return html`<ul class="card list nodes">${nodes.map(nodeItem)}</ul>`
}

function nodeItem(node: GraphNode): Markup {
  const { module, name } = nodeName(node)
  const path = module === '' ? NONE : html`<span class="module">${module}</span>`
  const does = node.kind === 'module' ? nodeCounts(node) : doesText(node)
  const hurt = node.readsDestroyed ? html`<div class="small">${READS_DESTROYED}.</div>` : NONE
  return html`<li><div class="row">${tile(node.action)}<span class="text"><span class="address">${path}<b>${name}</b></span>${hurt}${node.needs.map(
    (link) => need(link),
  )}</span><span class="verb hue-${node.action}">${does}</span></div></li>
`
}

function need(link: GraphLink): Markup {
  return html`<div class="small quiet">needs ${raw(moduleName(link.key))} for ${raw(linkNames(link))}</div>`
}
