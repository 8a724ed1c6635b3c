/**
 * What a reader must know first: stored data that is lost, by name, with what the plan says of what
 * remains. The same on every surface; addresses, types and values are hostile until rendered.
 */
import { keyOf } from './entry-address.ts'
import type { Plan, ResourceChange } from './plan.ts'
import {
  losesData,
  REMAINS_WORDS,
  type RecoveryFact,
  type Remains,
  recoveryOf,
} from './recovery.ts'

export interface DataDangerItem {
  readonly key: string
  readonly change: ResourceChange
  readonly facts: readonly RecoveryFact[]
}

export interface DataDanger {
  /** In our words, with full stops. */
  readonly title: string
  /** The first five, the worst first, else in the order of the plan. */
  readonly items: readonly DataDangerItem[]
  readonly total: number
  /** All of them by type, the most first. */
  readonly types: readonly { readonly type: string; readonly count: number }[]
}

const ITEMS_MAX = 5

/** `null` where no stored data is lost; `storesData` is the caller's table of types. */
export function dataDangerOf(
  plan: Pick<Plan, 'resources'>,
  storesData: (type: string) => boolean,
): DataDanger | null {
  const found = plan.resources
    .filter((each) => losesData(each, storesData))
    .map((change) => ({ change, remains: recoveryOf(change).remains }))
    .toSorted((left, right) => rankOf(left.remains) - rankOf(right.remains))
  if (found.length === 0) return null
  const lost = found.map(({ change }) => change)
  const remains = found.map((each) => each.remains)
  return {
    title: `${lossTitle(lost)} ${remainsText(remains)}`,
    items: lost.slice(0, ITEMS_MAX).map((change) => ({
      key: keyOf(change),
      change,
      facts: lossFactsOf(change),
    })),
    total: lost.length,
    types: byType(lost),
  }
}

function lossTitle(lost: readonly ResourceChange[]): string {
  if (lost.some((each) => each.action === 'delete')) return 'Stored data will be deleted.'
  return 'Stored data will be deleted, and an empty one takes its place.'
}

/** Nothing remains, then what is unsaid, then what is kept. */
function rankOf(remains: Remains): number {
  if (remains === 'gone') return 0
  return remains === 'unsaid' ? 1 : 2
}

/** The worst of them, with how many it is where the others differ; the worst stands first. */
function remainsText(remains: readonly Remains[]): string {
  const [worst = 'unsaid'] = remains
  const count = remains.filter((each) => each === worst).length
  if (count === remains.length || worst === 'unsaid') return sentence(REMAINS_WORDS[worst])
  if (worst === 'gone') return `Of ${count} of ${remains.length} ${REMAINS_WORDS.gone}.`
  if (!remains.includes('delayed')) return 'A snapshot or a backup of each remains.'
  return 'A copy of each remains, or it can be taken back for a time.'
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** What it is and how much, and what the plan says of what remains of it. */
export function lossFactsOf(change: ResourceChange): readonly RecoveryFact[] {
  const { what, arn, facts } = recoveryOf(change)
  return [
    { label: 'What it is', value: what ?? 'The plan does not name it', final: false },
    ...facts,
    // Long, and the first to be left out where there is little room.
    ...(arn === null || arn === what ? [] : [{ label: 'ARN', value: arn, final: false }]),
  ]
}

function byType(lost: readonly ResourceChange[]): DataDanger['types'] {
  const counts = new Map<string, number>()
  for (const { type } of lost) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .toSorted((left, right) => right.count - left.count || (left.type < right.type ? -1 : 1))
}
