/**
 * Where a plan acts, as far as it tells: accounts and regions that its providers are set to and
 * that the ARNs of what changes name, and the modules it touches. Sets with counts; an empty set
 * means that the plan does not say, never that there is none.
 */
import { manyOf, type NameOf, namesOf, onlyBlock, sideReader, textOf } from './attribute-reader.ts'
import type { Plan, ResourceChange } from './plan.ts'
import { instanceAddress } from './plans/terraform-address.ts'
import { field, isMap, type Value } from './value.ts'

export interface Counted {
  /** From the plan, hostile until rendered. */
  readonly name: string
  readonly count: number
}

/** One provider configuration; `null` where the plan does not tell. */
export interface ProviderPlace {
  readonly provider: string
  readonly region: string | null
  readonly account: string | null
}

/** Accounts and regions that changing resources name in their own attributes. */
export interface Places {
  readonly providers: readonly ProviderPlace[]
  readonly accounts: readonly Counted[]
  readonly regions: readonly Counted[]
}

export interface TouchedModule {
  readonly address: string
  readonly source: string | null
  readonly version: string | null
  /** Changes in it, those in modules inside it left out. */
  readonly count: number
}

export function placesOf(plan: Plan, changing: readonly ResourceChange[]): Places {
  const accounts = new Map<string, number>()
  const regions = new Map<string, number>()
  const nameOf = namesOf(new Set([...REGION_NAMES, ...ACCOUNT_NAMES]))
  for (const change of changing) {
    const named = placesNamed(change, nameOf)
    for (const account of named.accounts) add(accounts, account)
    for (const region of named.regions) add(regions, region)
  }
  return {
    providers: providersOf(plan),
    accounts: counted(accounts),
    regions: counted(regions),
  }
}

const REGIONS = ['region', 'location'] as const
const ACCOUNTS = ['account', 'project', 'subscriptionid', 'tenantid'] as const

/** Settings that are constants; most providers get theirs from the environment and say nothing. */
function providersOf(plan: Plan): readonly ProviderPlace[] {
  const found = plan.providers.map(({ key, config }) => {
    const read = sideReader(config)
    const assumed = textOf(field(onlyBlock(read('assumerole') ?? null), 'role_arn'))
    const allowed = manyOf(read('allowedaccountids')).map(textOf)
    const account = textOf(read(...ACCOUNTS)) ?? allowed[0] ?? arnParts(assumed)?.account
    return { provider: key, region: textOf(read(...REGIONS)), account: account ?? null }
  })
  return found.filter((each) => each.region !== null || each.account !== null)
}

interface Named {
  readonly accounts: Set<string>
  readonly regions: Set<string>
}

/** Attributes of the resource itself; what stands deeper names others more often than its own. */
function placesNamed({ before, after, extra }: ResourceChange, nameOf: NameOf): Named {
  const named: Named = { accounts: new Set(), regions: new Set() }
  const sides = [before, after, field(before, 'Properties'), field(after, 'Properties')]
  for (const side of sides) {
    if (side === undefined || !isMap(side)) continue
    for (const key in side) addNamed(nameOf(key), side[key], named)
  }
  addNamed(null, extra['PhysicalResourceId'], named)
  addNamed(null, extra['old.id'], named)
  return named
}

const REGION_NAMES: ReadonlySet<string> = new Set(['region', 'location'])
const ACCOUNT_NAMES: ReadonlySet<string> = new Set([
  'project',
  'projectid',
  'accountid',
  'ownerid',
  'subscriptionid',
])

function addNamed(name: string | null, value: Value | undefined, named: Named): void {
  if (typeof value !== 'string' || value === '') return
  const parts = arnParts(value)
  if (parts !== null && parts.account !== '') named.accounts.add(parts.account)
  if (parts !== null && parts.region !== '') named.regions.add(parts.region)
  if (name === null) return
  if (REGION_NAMES.has(name)) named.regions.add(value)
  else named.accounts.add(value)
}

function arnParts(
  text: string | null,
): { readonly region: string; readonly account: string } | null {
  if (text === null || !text.startsWith('arn:')) return null
  const found = /^arn:[\w-]*:[\w-]*:([\w-]*):(\d{12})?:/.exec(text)
  return found === null ? null : { region: found[1] ?? '', account: found[2] ?? '' }
}

/** Modules in which something changes, most changes first; the root has no address. */
export function modulesTouched(
  plan: Plan,
  changing: readonly ResourceChange[],
): readonly TouchedModule[] {
  const calls = new Map(plan.modules.map((call) => [call.address, call]))
  const counts = new Map<string, number>()
  for (const { module } of changing) add(counts, module)
  return counted(counts).map(({ name, count }) => {
    const call = calls.get(configuredModule(name))
    return { address: name, source: call?.source ?? null, version: call?.version ?? null, count }
  })
}

/** `module.a["x"].module.b` as the configuration calls it. */
function configuredModule(address: string): string {
  return address.includes('[') ? instanceAddress(address).configured : address
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** Greatest first, then by name. */
export function counted(counts: ReadonlyMap<string, number>): readonly Counted[] {
  const all = [...counts].map(([name, count]) => ({ name, count }))
  return all.toSorted((left, right) => {
    if (left.count !== right.count) return right.count - left.count
    return left.name < right.name ? -1 : 1
  })
}
