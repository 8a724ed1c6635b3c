/**
 * Which resource reads which, as every reader of plans collects it: only between entries of the
 * plan, only where at least one of them changes, and never more than a picture can hold. What is
 * left out is said by `referencesCut`, because "nothing reads it" must not be read out of a list
 * that stops.
 */
import type { Plan, Reference, ResourceChange } from '../plan.ts'

export type References = Pick<Plan, 'references' | 'referencesCut'>

export const REFERENCES_MAX = 5_000

export const NO_REFERENCES: References = { references: [], referencesCut: false }

/** 2 is destroyed or may be, 1 changes, 0 stays as it is. */
export type Rank = 0 | 1 | 2

export function rankOf(resource: ResourceChange): Rank {
  if (resource.action === 'noop') return 0
  const isLost = resource.action === 'delete' || resource.action === 'replace'
  return isLost || resource.action === 'unknown' ? 2 : 1
}

/** Candidates in any order and number; what touches something destroyed is kept first. */
export function keepReferences(
  found: readonly Reference[],
  resources: readonly ResourceChange[],
): References {
  if (found.length === 0) return NO_REFERENCES
  const ranks = new Map(resources.map((each) => [each.address, rankOf(each)]))
  const seen = new Set<string>()
  const lost: Reference[] = []
  const other: Reference[] = []
  for (const reference of found) {
    const { from, to, attribute } = reference
    const rank = Math.max(ranks.get(from) ?? 0, ranks.get(to) ?? 0)
    const isNews = rank > 0 && from !== to && ranks.has(from) && ranks.has(to)
    const key = JSON.stringify([from, to, attribute])
    if (!isNews || seen.has(key)) continue
    seen.add(key)
    ;(rank === 2 ? lost : other).push(reference)
  }
  const all = [...lost, ...other]
  return { references: all.slice(0, REFERENCES_MAX), referencesCut: all.length > REFERENCES_MAX }
}
