/**
 * Which of a plan's resources read which, as a picture: what changes and its direct neighbours.
 * It draws only what can be read: above 60 nodes one per module, above 200 none at all, and the
 * list by module in its place. No line between two nodes does not mean that neither needs the other.
 */
import { keyOf } from './entry-address.ts'
import { layOut, type Place } from './graph-layout.ts'
import { DANGER_ORDER } from './headline.ts'
import type { Action, Plan, Reference, ResourceChange } from './plan.ts'

export const GRAPH_NODES_MAX = 60
export const GRAPH_RESOURCES_MAX = 200

export interface GraphLink {
  /** Key of the node at the other end. */
  readonly key: string
  /** What reads and is read; several between modules. */
  readonly references: readonly Reference[]
}

export interface GraphNode {
  /** Unique: the entry's address (with its deposed key), or the module's; empty for the root. */
  readonly key: string
  readonly kind: 'resource' | 'module'
  /** The worst of what is in it; `noop` for a neighbour. */
  readonly action: Action
  /** One resource, or all of the module's, worst first. */
  readonly entries: readonly ResourceChange[]
  /** It reads from something that is deleted or replaced. */
  readonly readsDestroyed: boolean
  readonly needs: readonly GraphLink[]
  readonly neededBy: readonly GraphLink[]
}

export interface PlacedNode extends GraphNode, Place {}

export interface GraphEdge {
  /** The node that needs, and the one it needs. */
  readonly from: string
  readonly to: string
  readonly references: readonly Reference[]
  /** From the needed node on the left to the one that needs it, both ends included. */
  readonly points: readonly Place[]
}

export interface ModuleGroup {
  readonly module: string
  readonly nodes: readonly GraphNode[]
}

export type PlanGraph =
  | {
      readonly kind: 'drawn'
      readonly by: 'resource' | 'module'
      /** By column, then by row: the order in which people go through them. */
      readonly nodes: readonly PlacedNode[]
      readonly edges: readonly GraphEdge[]
      readonly columns: number
      readonly rows: number
      readonly cut: boolean
    }
  | {
      readonly kind: 'too_large'
      readonly resources: number
      readonly groups: readonly ModuleGroup[]
      readonly cut: boolean
    }

type Graphed = Pick<Plan, 'resources' | 'references' | 'referencesCut'>

export function planGraph(plan: Graphed): PlanGraph {
  const entries = entriesOf(plan)
  const cut = plan.referencesCut
  if (entries.length > GRAPH_RESOURCES_MAX) {
    const nodes = nodesOf(entries.map(single), plan.references)
    return { kind: 'too_large', resources: entries.length, groups: byModule(nodes), cut }
  }
  const by = entries.length > GRAPH_NODES_MAX ? 'module' : 'resource'
  const parts = by === 'module' ? modules(entries) : entries.map(single)
  const nodes = nodesOf(parts, plan.references)
  const links = nodes.flatMap((node) => node.needs.map((link) => ({ from: node.key, link })))
  const { places, paths, columns, rows } = layOut(
    nodes.map((node) => node.key),
    links.map(({ from, link }) => ({ from, to: link.key })),
  )
  const edges = links.map(({ from, link }, at) => ({
    from,
    to: link.key,
    references: link.references,
    points: paths[at] ?? [],
  }))
  const placed = nodes.map((node) => ({ ...node, ...(places.get(node.key) ?? ORIGIN) }))
  const ordered = placed.toSorted((a, b) => a.column - b.column || a.row - b.row)
  return { kind: 'drawn', by, nodes: ordered, edges, columns, rows, cut }
}

const ORIGIN: Place = { column: 0, row: 0 }

/** Everything that changes, and what stays as it is but reads it or is read by it. */
function entriesOf({ resources, references }: Graphed): readonly ResourceChange[] {
  const changing = new Set<string>()
  for (const each of resources) if (each.action !== 'noop') changing.add(each.address)
  const near = new Set<string>()
  for (const { from, to } of references) {
    if (changing.has(to)) near.add(from)
    if (changing.has(from)) near.add(to)
  }
  return resources.filter((each) => each.action !== 'noop' || near.has(each.address))
}

interface Part {
  readonly key: string
  readonly kind: GraphNode['kind']
  readonly entries: readonly ResourceChange[]
}

function single(entry: ResourceChange): Part {
  return { key: keyOf(entry), kind: 'resource', entries: [entry] }
}

function modules(entries: readonly ResourceChange[]): readonly Part[] {
  const groups = new Map<string, ResourceChange[]>()
  for (const entry of entries) {
    const members = groups.get(entry.module)
    if (members === undefined) groups.set(entry.module, [entry])
    else members.push(entry)
  }
  return [...groups].map(([key, members]) => ({ key, kind: 'module', entries: members }))
}

function nodesOf(parts: readonly Part[], references: readonly Reference[]): readonly GraphNode[] {
  const owner = ownersOf(parts)
  const destroyed = destroyedIn(parts)
  const needs = new Map<string, Map<string, Reference[]>>()
  const neededBy = new Map<string, Map<string, Reference[]>>()
  const wounded = new Set<string>()
  for (const reference of references) {
    const from = owner.get(reference.from)
    const to = owner.get(reference.to)
    if (from === undefined || to === undefined) continue
    if (destroyed.has(reference.to) && !destroyed.has(reference.from)) wounded.add(from)
    if (from === to) continue
    note(needs, [from, to], reference)
    note(neededBy, [to, from], reference)
  }
  return parts
    .toSorted((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ key, kind, entries }) => {
      const ordered = entries.toSorted(byDanger)
      return {
        key,
        kind,
        entries: ordered,
        action: ordered[0]?.action ?? 'noop',
        readsDestroyed: wounded.has(key),
        needs: linksOf(needs.get(key)),
        neededBy: linksOf(neededBy.get(key)),
      }
    })
}

/** A reference names an address; a deposed object has the same one and is never what is read. */
function ownersOf(parts: readonly Part[]): ReadonlyMap<string, string> {
  const owner = new Map<string, string>()
  for (const { key, entries } of parts) {
    for (const { address, deposed } of entries) if (deposed === null) owner.set(address, key)
  }
  return owner
}

function destroyedIn(parts: readonly Part[]): ReadonlySet<string> {
  const entries = parts.flatMap((part) => part.entries)
  const lost = entries.filter(
    ({ action, deposed }) => deposed === null && (action === 'delete' || action === 'replace'),
  )
  return new Set(lost.map((entry) => entry.address))
}

function note(
  links: Map<string, Map<string, Reference[]>>,
  [at, other]: readonly [string, string],
  reference: Reference,
): void {
  const own = links.get(at) ?? new Map<string, Reference[]>()
  links.set(at, own)
  const known = own.get(other)
  if (known === undefined) own.set(other, [reference])
  else known.push(reference)
}

function linksOf(links: ReadonlyMap<string, readonly Reference[]> | undefined): GraphLink[] {
  const found = [...(links ?? [])].map(([key, references]) => ({ key, references }))
  return found.toSorted((left, right) => (left.key < right.key ? -1 : 1))
}

function byDanger(left: ResourceChange, right: ResourceChange): number {
  const order = DANGER_ORDER.indexOf(left.action) - DANGER_ORDER.indexOf(right.action)
  return order !== 0 ? order : left.address < right.address ? -1 : 1
}

function byModule(nodes: readonly GraphNode[]): readonly ModuleGroup[] {
  const groups = new Map<string, GraphNode[]>()
  for (const node of nodes) {
    const module = node.entries[0]?.module ?? ''
    const members = groups.get(module)
    if (members === undefined) groups.set(module, [node])
    else members.push(node)
  }
  const found = [...groups].map(([module, members]) => ({ module, nodes: members }))
  return found.toSorted((left, right) => (left.module < right.module ? -1 : 1))
}
