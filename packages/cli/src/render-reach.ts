/**
 * How far a plan reaches, below its rows: who may do more, what opens, what reads from something
 * destroyed, and where it acts. A few lines, and nothing where there is nothing to say; everything
 * with --full. What cannot be compared is counted, never left out.
 */
import { storesData } from '@holdpoint/api/stored-data'
import {
  type BlastRadius,
  blastRadius,
  type Counted,
  type Dependent,
  type Plan,
  phraseText,
  type Widening,
} from '@holdpoint/core'
import type { Manner } from './render-resources.ts'
import { counted, cutEnd, cutMiddle, safe } from './render-text.ts'

export function reachLines(plan: Plan, manner: Manner): readonly string[] {
  const radius = blastRadius(plan, storesData)
  const wider = radius.widenings.filter((each) => each.kind === 'wider')
  const unclear = radius.widenings.filter((each) => each.kind === 'unclear')
  return [
    ...widerLines(wider, manner),
    ...unclearLines(unclear, manner),
    ...dependentLines(radius, manner),
    ...storedLines(radius.stored, manner),
    ...placeLines(radius, manner),
  ]
}

const SHOWN = 3
const ADDRESS_SHARE = 0.45
const AREAS = { protection: 'Guards ', access: 'Access ', network: 'Network' } as const

function widerLines(wider: readonly Widening[], manner: Manner): readonly string[] {
  const shown = manner.full ? wider : wider.slice(0, SHOWN)
  const rest = wider.length - shown.length
  const more =
    rest === 0
      ? []
      : [`         ${rest} more give access, open a network or protect less   (--full)`]
  return [...shown.map((each) => widerLine(each, manner)), ...more]
}

function widerLine({ area, address, says }: Widening, { ink, columns, full }: Manner): string {
  const sentence = safe(phraseText(says))
  if (full) return `${ink('amber', AREAS[area])}  ${safe(address)}  ${sentence}`
  const place = cutMiddle(safe(address), Math.floor(columns * ADDRESS_SHARE))
  const room = columns - AREAS[area].length - place.length - 4
  return `${ink('amber', AREAS[area])}  ${place}  ${cutEnd(sentence, Math.max(room, 20))}`
}

function unclearLines(unclear: readonly Widening[], { ink, full }: Manner): readonly string[] {
  if (unclear.length === 0) return []
  const mark = ink('violet', '?')
  if (full) {
    return unclear.map(
      ({ address, says }) => `${mark}  ${safe(address)}  ${safe(phraseText(says))}`,
    )
  }
  const count = new Set(unclear.map((each) => each.address)).size
  return [`${mark} ${count} more cannot be compared, and may give access or protect less`]
}

function dependentLines(
  { dependents, dependentsWhole }: BlastRadius,
  { full, columns }: Manner,
): readonly string[] {
  if (dependents.length === 0) return []
  const atLeast = dependentsWhole ? '' : 'at least '
  const [first] = dependents
  const verb = dependents.length === 1 ? 'reads' : 'read'
  const head = `Read by  ${atLeast}${counted(dependents.length, 'resource')} that ${verb} from something destroyed`
  if (full) return [`${head}:`, ...dependents.map(dependentLine)]
  const example = first === undefined ? '' : `: ${safe(first.address)}`
  return [cutEnd(head + example, columns)]
}

function dependentLine({ address, reads }: Dependent): string {
  return `    ${safe(address)}  reads ${reads.map((each) => safe(each)).join(', ')}`
}

/** The rows say it already, one by one. */
function storedLines(stored: readonly Counted[], { full }: Manner): readonly string[] {
  if (!full || stored.length === 0) return []
  return [`Stored   ${list(stored)}`]
}

function list(counts: readonly Counted[]): string {
  return counts.map(({ name, count }) => `${count} ${safe(name)}`).join(', ')
}

function placeLines({ modules, places }: BlastRadius, manner: Manner): readonly string[] {
  const { accounts, regions, providers } = places
  if (manner.full) return [...fullPlaces(modules, places)]
  const parts = [
    modules.length > 1 ? counted(modules.length, 'module') : '',
    some(accounts, 'account'),
    some(regions, 'region'),
  ].filter((part) => part !== '')
  if (parts.length > 0) return [cutEnd(`Reaches  ${parts.join(', ')}`, manner.columns)]
  const region = providers.find((each) => each.region !== null)?.region ?? null
  return region === null ? [] : [cutEnd(`Reaches  region ${safe(region)}`, manner.columns)]
}

function some(counts: readonly Counted[], noun: string): string {
  const [first, ...others] = counts
  if (first === undefined) return ''
  return others.length === 0 ? `${noun} ${safe(first.name)}` : counted(counts.length, noun)
}

function fullPlaces(
  modules: BlastRadius['modules'],
  { accounts, regions, providers }: BlastRadius['places'],
): readonly string[] {
  const own = modules.map(({ address, source, version, count }) => {
    const name = address === '' ? 'the root module' : safe(address)
    const from = source === null ? '' : `  from ${safe(source)}`
    return `Reaches  ${name}${from}${version === null ? '' : ` ${safe(version)}`}  ${counted(count, 'change')}`
  })
  const set = providers.map(({ provider, region, account }) => {
    const place = [region, account].filter((each) => each !== null).join(', ')
    return `Provider ${safe(provider)}  ${safe(place)}`
  })
  return [
    ...own,
    ...(accounts.length === 0 ? [] : [`Accounts ${list(accounts)}`]),
    ...(regions.length === 0 ? [] : [`Regions  ${list(regions)}`]),
    ...set,
  ]
}
