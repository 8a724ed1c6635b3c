/**
 * How much of a plan nobody can see: values that are hidden, and values that are decided at apply.
 * One count for page and terminal. Each place counts once, whichever side hides it.
 */
import { hasMarker } from './hidden-text.ts'
import type { Plan } from './plan.ts'
import { safeText } from './safe-text.ts'
import { Hidden, isList, isMap, Unknown, type Value } from './value.ts'

export interface OpaqueCounts {
  readonly hidden: number
  readonly unknown: number
}

interface Sides {
  readonly before: Value
  readonly after: Value
}

/** In all that changes: resources and outputs. */
export function opaqueInPlan(plan: Plan): OpaqueCounts {
  const changing = [...plan.resources, ...plan.outputs].filter((each) => each.action !== 'noop')
  const all = changing.map(opaqueOf)
  return {
    hidden: all.reduce((sum, each) => sum + each.hidden, 0),
    unknown: all.reduce((sum, each) => sum + each.unknown, 0),
  }
}

/** In one entry; `odd` where a text in it holds characters that do not show by themselves. */
export function opaqueOf(sides: Sides): OpaqueCounts & { readonly odd: boolean } {
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
