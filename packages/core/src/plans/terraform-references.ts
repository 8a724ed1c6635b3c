/**
 * Which resource of a Terraform plan reads which, from its configuration. The configuration speaks
 * of resources and the plan of instances: equal keys belong together, and where keys do not tell,
 * all instances do. Locals are not written into a plan, so what goes through one is not found.
 */
import type { Reference, ResourceChange } from '../plan.ts'
import { field, isList, type Value } from '../value.ts'
import { NO_REFERENCES, type Rank, REFERENCES_MAX, type References, rankOf } from './references.ts'
import { instanceAddress } from './terraform-address.ts'
import { listOr, textOr } from './terraform-change.ts'
import { membersOf } from './terraform-configuration.ts'
import { referencesIn, type Scope, scopesOf, type Target, Ways } from './terraform-scopes.ts'

/**
 * References and pairs of instances that are looked at: enough for any plan in which they grow
 * with its size, and an end for one in which they multiply.
 */
const STEPS_MAX = 1_000_000
const STEPS_PER_RESOURCE = 50

export function terraformReferences(
  configuration: Value | undefined,
  resources: readonly ResourceChange[],
): References {
  const root = field(configuration, 'root_module')
  if (root === undefined || !resources.some((each) => each.action !== 'noop')) return NO_REFERENCES
  const instances = instancesOf(resources)
  const stepsMax = STEPS_MAX + STEPS_PER_RESOURCE * resources.length
  const ways = new Ways((configured) => instances.has(configured), stepsMax)
  const edges = scopesOf(root).flatMap((scope) => edgesIn(scope, { instances, ways }))
  const pairs = new Pairs(instances, ways)
  // What touches something destroyed comes first, so that the bound cuts it last.
  for (const rank of [2, 1] as const) for (const edge of edges) pairs.add(edge, rank)
  return { references: pairs.found, referencesCut: pairs.isCut || ways.isCut }
}

interface Instance {
  readonly address: string
  readonly keys: readonly string[]
  readonly rank: Rank
}

type Instances = ReadonlyMap<string, readonly Instance[]>

function instancesOf(resources: readonly ResourceChange[]): Instances {
  const instances = new Map<string, Instance[]>()
  const seen = new Set<string>()
  for (const resource of resources) {
    // A deposed object is an old one of the same address, and nothing reads it.
    if (resource.deposed !== null || seen.has(resource.address)) continue
    seen.add(resource.address)
    const { configured, keys } = instanceAddress(resource.address)
    const instance = { address: resource.address, keys, rank: rankOf(resource) }
    const others = instances.get(configured)
    if (others === undefined) instances.set(configured, [instance])
    else others.push(instance)
  }
  return instances
}

interface Edge {
  readonly from: string
  readonly attribute: string
  readonly target: Target
}

interface Reading {
  readonly instances: Instances
  readonly ways: Ways
}

function edgesIn(scope: Scope, { instances, ways }: Reading): readonly Edge[] {
  const edges: Edge[] = []
  for (const resource of listOr(field(scope.module, 'resources'))) {
    const from = scope.prefix + textOr(field(resource, 'address'), '')
    if (!instances.has(from)) continue
    for (const [attribute, references] of readingsOf(resource)) {
      for (const target of ways.follow(scope, references)) edges.push({ from, attribute, target })
    }
  }
  return edges
}

function readingsOf(resource: Value): readonly (readonly [string, readonly string[]])[] {
  const readings = membersOf(field(resource, 'expressions')).map(
    ([name, expression]) => [name, referencesIn(expression)] as const,
  )
  const ordered = listOr(field(resource, 'depends_on'))
  return [
    ...readings,
    ['count', referencesIn(field(resource, 'count_expression'))],
    ['for_each', referencesIn(field(resource, 'for_each_expression'))],
    ['provisioner', programReferences(field(resource, 'provisioners'))],
    ['depends_on', ordered.filter((text) => typeof text === 'string')],
  ]
}

function programReferences(provisioners: Value | undefined): readonly string[] {
  if (provisioners === undefined || !isList(provisioners)) return []
  return provisioners.flatMap((each) => referencesIn(field(each, 'expressions')))
}

/** Instances that share the keys of the modules above, apart by rank; and again by their own key. */
interface Group {
  readonly all: Ranked
  readonly byKey: Map<string, Ranked>
}

type Ranked = readonly [Instance[], Instance[], Instance[]]

class Pairs {
  readonly found: Reference[] = []
  isCut = false
  readonly #instances: Instances
  readonly #ways: Ways
  readonly #seen = new Set<string>()
  readonly #highest = new Map<string, Rank>()
  readonly #groups = new Map<string, ReadonlyMap<string, Group>>()

  constructor(instances: Instances, ways: Ways) {
    this.#instances = instances
    this.#ways = ways
  }

  /** Pairs of which the higher rank is this one. */
  add({ from, attribute, target }: Edge, rank: Rank): void {
    // Most of a large plan stays as it is, and what stays and reads what stays costs nothing.
    if (Math.max(this.#highestOf(from), this.#highestOf(target.configured)) < rank) return
    const groups = this.#groupsOf(target)
    for (const one of this.#instances.get(from) ?? []) {
      if (this.isCut || !this.#ways.take(1)) return
      if (one.rank > rank) continue
      const group = groups.get(above(one, target.depth))
      if (group === undefined) continue
      const chosen = choose(group, one, target)
      const ranks: readonly Rank[] = one.rank === rank ? [0, 1, 2] : [rank]
      for (const other of ranks) {
        if (other <= rank) this.#join(one, chosen[other], { attribute, target })
      }
    }
  }

  #join(one: Instance, others: readonly Instance[], edge: Omit<Edge, 'from'>): void {
    for (const other of others) {
      if (!this.#ways.take(1)) return
      if (other.address === one.address || !fits(other, edge.target)) continue
      if (this.found.length === REFERENCES_MAX) {
        this.isCut = true
        return
      }
      const id = JSON.stringify([one.address, other.address, edge.attribute])
      if (this.#seen.has(id)) continue
      this.#seen.add(id)
      this.found.push({ from: one.address, to: other.address, attribute: edge.attribute })
    }
  }

  #highestOf(configured: string): Rank {
    const known = this.#highest.get(configured)
    if (known !== undefined) return known
    let highest: Rank = 0
    for (const { rank } of this.#instances.get(configured) ?? []) {
      if (rank > highest) highest = rank
    }
    this.#highest.set(configured, highest)
    return highest
  }

  #groupsOf({ configured, depth }: Target): ReadonlyMap<string, Group> {
    const id = `${depth} ${configured}`
    const known = this.#groups.get(id)
    if (known !== undefined) return known
    const groups = new Map<string, Group>()
    for (const instance of this.#instances.get(configured) ?? []) {
      const shared = above(instance, depth)
      const group = groups.get(shared) ?? { all: [[], [], []], byKey: new Map<string, Ranked>() }
      groups.set(shared, group)
      const key = instance.keys[depth] ?? ''
      const same = group.byKey.get(key) ?? [[], [], []]
      group.byKey.set(key, same)
      for (const ranked of [group.all, same]) ranked[instance.rank].push(instance)
    }
    this.#groups.set(id, groups)
    return groups
  }
}

/** Keys of the modules that both lie in. */
function above(instance: Instance, depth: number): string {
  let text = ''
  for (let at = 0; at < depth; at += 1) text += `${instance.keys[at] ?? ''}\n`
  return text
}

/** The key that the reference names, else the own one where both have it, else all. */
function choose(group: Group, one: Instance, { keys, depth }: Target): Ranked {
  const named = keys[depth] ?? null
  if (named !== null) return group.byKey.get(named) ?? [[], [], []]
  const own = one.keys[depth] ?? ''
  return (own === '' ? undefined : group.byKey.get(own)) ?? group.all
}

function fits(instance: Instance, { keys }: Target): boolean {
  return keys.every((key, at) => key === null || key === (instance.keys[at] ?? ''))
}
