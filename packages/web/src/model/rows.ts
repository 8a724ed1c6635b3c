/**
 * Rows of the plan as people read them: worst first, one sentence of effect each, with the rules
 * that named them. Counts come from the plan's summary, never from what is on the screen.
 */
import {
  type Action,
  Hidden,
  hasMarker,
  isList,
  isMap,
  type Plan,
  type ResourceChange,
  safeText,
  sortByDanger,
  Unknown,
  type Value,
} from '@holdpoint/core'
import { effectOf } from './effect.ts'
import type { Phrase } from './phrase.ts'
import { storesData } from './stateful.ts'
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

/** An entry's identity in its plan. */
export function keyOf(change: Pick<ResourceChange, 'address' | 'deposed'>): string {
  return change.deposed === null ? change.address : `${change.address} (deposed ${change.deposed})`
}

export function rowsOf(plan: Plan, findings: ChangeView['findings']): readonly Row[] {
  const byAddress = rulesByAddress(findings)
  const changing = plan.resources.filter((each) => each.action !== 'noop')
  return sortByDanger(changing, storesData).map((change) => rowOf(change, byAddress))
}

function rowOf(change: ResourceChange, rules: ReadonlyMap<string, readonly string[]>): Row {
  const counts = countOpaque(change)
  return {
    key: keyOf(change),
    change,
    action: change.action,
    ...splitAddress(keyOf(change), change.module),
    effect: effectOf(change),
    rules: rules.get(change.address) ?? [],
    ...counts,
    oddCharacters: counts.odd || safeText(change.address).escaped,
  }
}

export function splitAddress(
  address: string,
  module: string,
): { readonly module: string; readonly name: string } {
  if (module === '' || !address.startsWith(`${module}.`)) return { module: '', name: address }
  return { module: `${module}.`, name: address.slice(module.length + 1) }
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

export interface OpaqueCounts {
  readonly hidden: number
  readonly unknown: number
}

/** What one cannot see in the whole plan: each place counts once, whichever side hides it. */
export function opaqueInPlan(plan: Plan): OpaqueCounts {
  const sides = [...plan.resources, ...plan.outputs].filter((each) => each.action !== 'noop')
  const all = sides.map(countOpaque)
  return {
    hidden: all.reduce((sum, each) => sum + each.hidden, 0),
    unknown: all.reduce((sum, each) => sum + each.unknown, 0),
  }
}

function countOpaque(sides: {
  readonly before: Value
  readonly after: Value
}): OpaqueCounts & { readonly odd: boolean } {
  const found = { hidden: new Set<string>(), unknown: new Set<string>(), odd: false }
  visit(sides.before, '', found)
  visit(sides.after, '', found)
  return { hidden: found.hidden.size, unknown: found.unknown.size, odd: found.odd }
}

interface Found {
  readonly hidden: Set<string>
  readonly unknown: Set<string>
  odd: boolean
}

function visit(value: Value, path: string, found: Found): void {
  if (value instanceof Hidden) found.hidden.add(path)
  else if (value instanceof Unknown) found.unknown.add(path)
  else if (typeof value === 'string') visitText(value, path, found)
  else if (isList(value))
    for (const [at, item] of value.entries()) visit(item, `${path}/${at}`, found)
  else if (isMap(value))
    for (const [key, child] of Object.entries(value)) visit(child, `${path}/${key}`, found)
}

function visitText(value: string, path: string, found: Found): void {
  if (hasMarker(value)) found.hidden.add(path)
  // Line breaks and tabs are shown as lines and are nothing odd in a text of several lines.
  if (!found.odd) found.odd = safeText(value.replaceAll(/[\n\t]/g, ' ')).escaped
}
