/**
 * Rows of the plan as people read them: worst first, one sentence of effect each, with the rules
 * that named them. Counts come from the plan's summary, never from what is on the screen.
 */
import { storesData } from '@holdpoint/api/stored-data'
import type { Phrase } from '@holdpoint/core'
import {
  type Action,
  effectOf,
  keyOf,
  opaqueOf,
  type Plan,
  type ResourceChange,
  safeText,
  sortByDanger,
  splitAddress,
} from '@holdpoint/core'
import type { ChangeView } from './wire.ts'

export interface Row {
  readonly key: string
  readonly change: ResourceChange
  readonly action: Action
  readonly module: string
  /** The address without its module. */
  readonly name: string
  readonly effect: Phrase
  readonly rules: readonly string[]
  readonly hidden: number
  readonly unknown: number
  /** Address or a value contains characters that do not show. */
  readonly oddCharacters: boolean
}

export function rowsOf(plan: Plan, findings: ChangeView['findings']): readonly Row[] {
  const byAddress = rulesByAddress(findings)
  const changing = plan.resources.filter((each) => each.action !== 'noop')
  return sortByDanger(changing, storesData).map((change) => rowOf(change, byAddress))
}

function rowOf(change: ResourceChange, rules: ReadonlyMap<string, readonly string[]>): Row {
  const counts = opaqueOf(change)
  return {
    key: keyOf(change),
    change,
    action: change.action,
    ...splitAddress(keyOf(change), change.module),
    effect: effectOf(change, storesData),
    rules: rules.get(change.address) ?? [],
    hidden: counts.hidden,
    unknown: counts.unknown,
    oddCharacters: counts.odd || safeText(change.address).escaped,
  }
}

function rulesByAddress(findings: ChangeView['findings']): ReadonlyMap<string, readonly string[]> {
  const rules = new Map<string, readonly string[]>()
  for (const finding of findings) {
    if (finding.outcome === 'allow') continue
    for (const address of finding.resources)
      rules.set(address, [...(rules.get(address) ?? []), finding.rule])
  }
  return rules
}
