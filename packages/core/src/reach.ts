/**
 * How far a plan reaches, in groups of short lines: who may do more, what opens, what cannot be
 * compared, what reads from something destroyed, and where it acts. A group with nothing to say is
 * not there; what cannot be compared always is.
 */
import { type BlastRadius, blastRadius, type Widening } from './blast-radius.ts'
import { type Phrase, plain, say } from './phrase.ts'
import type { Plan } from './plan.ts'
import type { Counted, TouchedModule } from './plan-places.ts'

export interface ReachLine {
  readonly key: string
  /** From the plan, null where the line is about none. */
  readonly address: string | null
  readonly says: Phrase
}

export interface ReachGroup {
  readonly label: string
  /** So many stand open; the others are folded and counted. */
  readonly open: number
  readonly lines: readonly ReachLine[]
}

export interface Reach {
  /** What a reader has to know before the rows. */
  readonly consequences: readonly ReachGroup[]
  /** Modules, accounts and regions: below the rows. */
  readonly places: readonly ReachGroup[]
}

/** `storesData` is the caller's table of types. */
export function reachOf(plan: Plan, storesData: (type: string) => boolean): Reach {
  const radius = blastRadius(plan, storesData)
  const { widenings, dependentsWhole } = radius
  const wider = (area: Widening['area']): readonly ReachLine[] => {
    return lines(widenings.filter((each) => each.kind === 'wider' && each.area === area))
  }
  const readers = dependentsWhole ? 'Reads what is destroyed' : 'Reads what is destroyed, at least'
  const unclear = lines(widenings.filter(isUnclear))
  const consequences: readonly ReachGroup[] = [
    { label: 'Takes protection away', open: 3, lines: wider('protection') },
    { label: 'Gives more access', open: 3, lines: wider('access') },
    { label: 'Opens to the network', open: 3, lines: wider('network') },
    { label: 'Cannot be compared', open: 1, lines: unclear },
    { label: readers, open: 1, lines: dependents(radius) },
  ]
  const where: readonly ReachGroup[] = [
    { label: 'Modules', open: 3, lines: modules(radius.modules) },
    { label: 'Accounts and regions', open: 4, lines: places(radius) },
  ]
  return { consequences: consequences.filter(saysSomething), places: where.filter(saysSomething) }
}

function saysSomething(group: ReachGroup): boolean {
  return group.lines.length > 0
}

function isUnclear({ kind }: Widening): boolean {
  return kind === 'unclear'
}

function lines(widenings: readonly Widening[]): readonly ReachLine[] {
  return widenings.map(({ address, says }, at) => ({ key: `${at} ${address}`, address, says }))
}

function dependents({ dependents: found }: BlastRadius): readonly ReachLine[] {
  return found.map(({ address, reads }) => {
    const [first = '', ...others] = reads
    const more = others.length === 0 ? [] : plain(` and ${others.length} more`)
    return { key: address, address, says: [...say`reads ${first}`, ...more] }
  })
}

/** The root alone is no news. */
function modules(touched: readonly TouchedModule[]): readonly ReachLine[] {
  if (touched.every((each) => each.address === '')) return []
  return touched.map(({ address, source, version, count }) => {
    const changes = plain(`${count} ${count === 1 ? 'change' : 'changes'}`)
    const from = source === null ? [] : say`, from ${source}`
    const at = version === null ? [] : say` ${version}`
    const says = [...changes, ...from, ...at]
    if (address !== '') return { key: address, address, says }
    return { key: 'root', address: null, says: [...plain('The root module: '), ...says] }
  })
}

function places({ places: { accounts, regions, providers } }: BlastRadius): readonly ReachLine[] {
  const set = providers.map(({ provider, region, account }) => {
    const at = [region, account].filter((each) => each !== null).join(', ')
    return { key: `provider ${provider}`, address: null, says: say`Provider ${provider}: ${at}` }
  })
  return [...counted('Account', accounts), ...counted('Region', regions), ...set]
}

function counted(noun: string, counts: readonly Counted[]): readonly ReachLine[] {
  return counts.map(({ name, count }) => {
    const changes = count === 1 ? '1 change names it' : `${count} changes name it`
    const says = [...plain(`${noun} `), ...say`${name}`, ...plain(`: ${changes}`)]
    return { key: `${noun} ${name}`, address: null, says }
  })
}
