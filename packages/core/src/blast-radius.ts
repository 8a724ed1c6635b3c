/**
 * How far a plan reaches: what it destroys that holds data, what it no longer protects, where it gives more access or opens a
 * network, what reads from something destroyed, and which modules, accounts and regions it touches.
 * For people and for surfaces; linear in the plan, and what cannot be told is said to be untold.
 */
import { ACCESS_NAMES, accessWidening } from './access-widening.ts'
import { isOpaque, type NameOf, namesOf, type ReadSides, sideReader } from './attribute-reader.ts'
import { NETWORK_NAMES, networkWidening } from './network-widening.ts'
import type { Phrase } from './phrase.ts'
import type { Plan, ResourceChange } from './plan.ts'
import {
  type Counted,
  counted,
  modulesTouched,
  type Places,
  placesOf,
  type TouchedModule,
} from './plan-places.ts'
import { protectionLost } from './protection.ts'
import { losesData } from './recovery.ts'
import { typeKey } from './type-names.ts'
import { field } from './value.ts'

export interface Widening {
  readonly address: string
  readonly area: 'access' | 'network' | 'protection'
  /** `unclear`: hidden, undecided or unreadable; it may be wider. */
  readonly kind: 'wider' | 'unclear'
  readonly says: Phrase
}

export interface Dependent {
  readonly address: string
  /** Addresses of what it reads and what is destroyed or replaced. */
  readonly reads: readonly string[]
}

export interface BlastRadius {
  /** Entries that change anything. */
  readonly changing: number
  /** Types whose stored data is destroyed. */
  readonly stored: readonly Counted[]
  readonly widenings: readonly Widening[]
  /** What lives on and reads from something destroyed. */
  readonly dependents: readonly Dependent[]
  /** False where the tool does not write all of them down, or the list is cut. */
  readonly dependentsWhole: boolean
  readonly modules: readonly TouchedModule[]
  readonly places: Places
}

/** `storesData` is a table of types. A redacted plan does; what is hidden there is unclear. */
export function blastRadius(plan: Plan, storesData: (type: string) => boolean): BlastRadius {
  const changing = plan.resources.filter((each) => each.action !== 'noop')
  return {
    changing: changing.length,
    stored: storedTypes(changing, storesData),
    widenings: widenings(changing),
    dependents: dependents(plan, changing),
    dependentsWhole: !plan.referencesCut,
    modules: modulesTouched(plan, changing),
    places: placesOf(plan, changing),
  }
}

function storedTypes(
  changing: readonly ResourceChange[],
  storesData: (type: string) => boolean,
): readonly Counted[] {
  const lost = new Map<string, number>()
  for (const change of changing) {
    if (losesData(change, storesData)) lost.set(change.type, (lost.get(change.type) ?? 0) + 1)
  }
  return counted(lost)
}

/** Neither reads, moves nor what leaves our care gives anything. */
const STILL: ReadonlySet<string> = new Set(['read', 'move', 'forget', 'import'])

function widenings(changing: readonly ResourceChange[]): readonly Widening[] {
  const nameOf = namesOf(new Set([...ACCESS_NAMES, ...NETWORK_NAMES]))
  const keys = new Map<string, string>()
  const found: Widening[] = []
  const protection: Widening[] = []
  for (const change of changing) {
    const { address, action, type } = change
    if (STILL.has(action)) continue
    const key = keys.get(type) ?? typeKey(type)
    keys.set(type, key)
    for (const each of protectionLost(change)) {
      protection.push({ address, area: 'protection', ...each })
    }
    const sides = sidesOf(change, key, nameOf)
    for (const each of accessWidening(sides)) found.push({ address, area: 'access', ...each })
    for (const each of networkWidening(sides)) found.push({ address, area: 'network', ...each })
  }
  return [...protection, ...found]
}

function sidesOf(
  { action, before, after }: ResourceChange,
  key: string,
  nameOf: NameOf,
): ReadSides {
  return {
    key,
    action,
    before: sideReader(before, nameOf),
    after: sideReader(action === 'delete' ? null : after, nameOf),
    told: ![before, after, ...[before, after].map((each) => field(each, 'Properties'))].some(
      isOpaque,
    ),
  }
}

function dependents(plan: Plan, changing: readonly ResourceChange[]): readonly Dependent[] {
  const gone = new Map<string, ResourceChange['action']>()
  for (const { address, action, deposed } of changing) {
    // A deposed object is an old one, and nothing reads it.
    if (deposed !== null) continue
    if (action === 'delete' || action === 'replace') gone.set(address, action)
  }
  const found = new Map<string, Set<string>>()
  for (const { from, to } of plan.references) {
    if (!gone.has(to) || gone.get(from) === 'delete') continue
    const reads = found.get(from)
    if (reads === undefined) found.set(from, new Set([to]))
    else reads.add(to)
  }
  return [...found].map(([address, reads]) => ({ address, reads: [...reads] }))
}
