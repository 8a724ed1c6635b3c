/**
 * Places for the nodes of a picture that reads from left to right: what is needed stands left of
 * what needs it. The same input always gives the same places; rings are cut where they close, and
 * what is linked to nothing stands in rows below. It takes time in proportion to what is drawn.
 */

export interface Place {
  readonly column: number
  /** From the top; halves occur, because columns are centred. */
  readonly row: number
}

export interface LayoutLink {
  readonly from: string
  /** What `from` needs. */
  readonly to: string
}

export interface Layout {
  readonly places: ReadonlyMap<string, Place>
  /** For each link, in its order: from what is needed to what needs it. */
  readonly paths: readonly (readonly Place[])[]
  readonly columns: number
  readonly rows: number
}

/** Beyond these, lines run straight across: nobody could follow one of them anyway. */
const ROUTED_LINKS_MAX = 300
/** Nodes that are linked to nothing, beside one another. */
const LOOSE_COLUMNS = 3
const SWEEPS = 6

export function layOut(keys: readonly string[], links: readonly LayoutLink[]): Layout {
  const linked = new Set(links.flatMap(({ from, to }) => [from, to]))
  const nodes = keys.filter((key) => linked.has(key))
  const columnOf = columnsOf(nodes, links)
  const routes = links.map((link) => route(link, columnOf, links.length <= ROUTED_LINKS_MAX))
  const rowOf = rowsOf(fill(nodes, columnOf, routes), routes)
  const places = new Map<string, Place>()
  for (const key of nodes) {
    places.set(key, { column: columnOf.get(key) ?? 0, row: rowOf.get(nodeStop(key)) ?? 0 })
  }
  const depth = [...rowOf.values()].reduce((most, row) => Math.max(most, Math.ceil(row + 1)), 0)
  const loose = keys.filter((key) => !linked.has(key))
  for (const [at, key] of loose.entries()) {
    const row = depth + Math.floor(at / LOOSE_COLUMNS)
    places.set(key, { column: at % LOOSE_COLUMNS, row })
  }
  const paths = routes.map((stops) =>
    stops.map(({ key, column }) => ({ column, row: rowOf.get(key) ?? 0 })),
  )
  const all = [...places.values()]
  const columns = all.reduce((most, place) => Math.max(most, place.column + 1), 0)
  const rows = depth + Math.ceil(loose.length / LOOSE_COLUMNS)
  return { places, paths, columns, rows }
}

type Links = ReadonlyMap<string, readonly string[]>

/** The longest way to the left decides; what needs nothing stands right beside its first reader. */
function columnsOf(
  nodes: readonly string[],
  links: readonly LayoutLink[],
): ReadonlyMap<string, number> {
  const { needs, order } = withoutRings(nodes, links)
  const column = new Map<string, number>()
  for (const node of order) {
    const left = (needs.get(node) ?? []).map((need) => column.get(need) ?? 0)
    column.set(
      node,
      left.reduce((most, each) => Math.max(most, each + 1), 0),
    )
  }
  const nearest = new Map<string, number>()
  for (const [node, left] of needs) {
    for (const need of left) {
      const at = column.get(node) ?? 0
      nearest.set(need, Math.min(nearest.get(need) ?? at, at))
    }
  }
  for (const node of nodes) {
    const reader = nearest.get(node)
    if ((needs.get(node) ?? []).length === 0 && reader !== undefined) column.set(node, reader - 1)
  }
  return column
}

/** What each needs, without the links that close a ring, and an order in which needs come first. */
function withoutRings(
  nodes: readonly string[],
  links: readonly LayoutLink[],
): { readonly needs: Links; readonly order: readonly string[] } {
  const all = new Map<string, string[]>(nodes.map((node) => [node, []]))
  for (const { from, to } of links) if (from !== to) all.get(from)?.push(to)
  const needs = new Map<string, string[]>(nodes.map((node) => [node, []]))
  const state = new Map<string, 'open' | 'done'>()
  const order: string[] = []
  const stack: { readonly node: string; at: number }[] = []
  const enter = (node: string): void => {
    state.set(node, 'open')
    stack.push({ node, at: 0 })
  }
  for (const start of nodes) {
    if (!state.has(start)) enter(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = all.get(top.node)?.[top.at]
      top.at += 1
      if (need === undefined) {
        state.set(top.node, 'done')
        order.push(top.node)
        stack.pop()
      } else if (state.get(need) !== 'open') {
        needs.get(top.node)?.push(need)
        if (!state.has(need)) enter(need)
      }
    }
  }
  return { needs, order }
}

/** A node, or the place where a line passes through a column. */
interface Stop {
  readonly key: string
  readonly column: number
}

/** Never the key of a line's stop, whatever the node is called. */
function nodeStop(key: string): string {
  return `node ${key}`
}

function route(
  { from, to }: LayoutLink,
  columnOf: ReadonlyMap<string, number>,
  isRouted: boolean,
): readonly Stop[] {
  const start = { key: nodeStop(to), column: columnOf.get(to) ?? 0 }
  const end = { key: nodeStop(from), column: columnOf.get(from) ?? 0 }
  const stops: Stop[] = [start]
  const step = start.column < end.column ? 1 : -1
  const between = isRouted ? Math.abs(end.column - start.column) - 1 : 0
  for (let at = 1; at <= between; at += 1) {
    // What is read by many passes once: lines of one node run together.
    stops.push({ key: `line ${step * at} ${to}`, column: start.column + step * at })
  }
  return [...stops, end]
}

function fill(
  nodes: readonly string[],
  columnOf: ReadonlyMap<string, number>,
  routes: readonly (readonly Stop[])[],
): readonly (readonly string[])[] {
  const columns: Set<string>[] = []
  const add = ({ key, column }: Stop): void => {
    while (columns.length <= column) columns.push(new Set())
    columns[column]?.add(key)
  }
  for (const key of nodes) add({ key: nodeStop(key), column: columnOf.get(key) ?? 0 })
  for (const stop of routes.flat()) add(stop)
  return columns.map((column) => [...column])
}

/** Each column in the order of what its members are linked to, from both sides in turn. */
function rowsOf(
  columns: readonly (readonly string[])[],
  routes: readonly (readonly Stop[])[],
): ReadonlyMap<string, number> {
  const beside = besideOf(routes)
  const row = new Map<string, number>()
  const most = columns.reduce((max, column) => Math.max(max, column.length), 0)
  const place = (column: readonly string[]): void => {
    const above = (most - column.length) / 2
    for (const [at, key] of column.entries()) row.set(key, above + at)
  }
  for (const column of columns) place(column)
  const current = columns.map((column) => [...column])
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const turned = sweep % 2 === 0 ? current : current.toReversed()
    for (const column of turned) {
      const wanted = new Map(column.map((key) => [key, meanRow(key, beside, row)]))
      column.sort((left, right) => (wanted.get(left) ?? 0) - (wanted.get(right) ?? 0))
      place(column)
    }
  }
  return row
}

function besideOf(routes: readonly (readonly Stop[])[]): Links {
  const beside = new Map<string, string[]>()
  const add = (at: string, other: string): void => {
    const known = beside.get(at)
    if (known === undefined) beside.set(at, [other])
    else known.push(other)
  }
  for (const stops of routes) {
    for (const [at, { key }] of stops.entries()) {
      const next = stops[at + 1]
      if (next === undefined) continue
      add(key, next.key)
      add(next.key, key)
    }
  }
  return beside
}

function meanRow(key: string, beside: Links, row: ReadonlyMap<string, number>): number {
  const others = beside.get(key) ?? []
  if (others.length === 0) return row.get(key) ?? 0
  return others.reduce((sum, other) => sum + (row.get(other) ?? 0), 0) / others.length
}
