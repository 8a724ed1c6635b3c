/**
 * Resources as rows: glyph, address, what happens to it. Worst first; what destroys something is
 * never cut away, and whatever is left out is counted.
 */
import { storesData } from '@holdpoint/api/stored-data'
import {
  ACTION_LOOKS,
  type Action,
  diffResource,
  kindOf,
  losesData,
  type Plan,
  REMAINS_WORDS,
  type ResourceChange,
  recoveryOf,
  sortByDanger,
} from '@holdpoint/core'
import type { Hue, Ink } from './render.ts'
import { shortAttribute, unknownFieldLines, wholeAttributes } from './render-attributes.ts'
import { besideRows } from './render-besides.ts'
import { cutEnd, cutMiddle, safe } from './render-text.ts'

export interface Manner {
  readonly ink: Ink
  readonly columns: number
  readonly full: boolean
}

const GLYPH: { readonly [A in Action]: string } = {
  delete: '-',
  replace: '-/+',
  forget: '.',
  unknown: '?',
  create: '+',
  update: '~',
  import: 'imp',
  move: 'mov',
  read: '<=',
  noop: ' ',
}

const HUE: { readonly [A in Action]: Hue } = {
  delete: 'red',
  replace: 'plum',
  forget: 'amber',
  unknown: 'violet',
  create: 'green',
  update: 'blue',
  import: 'cyan',
  move: 'cyan',
  read: 'dim',
  noop: 'dim',
}

/** Enough for a 24-line screen together with what is printed around the rows. */
const ROWS_SHOWN = 8
const ADDRESS_SHARE = 0.6

export function resourceRows(plan: Plan, manner: Manner): readonly string[] {
  const changes = plan.resources.filter((resource) => resource.action !== 'noop')
  const sorted = sortByDanger(changes, storesData)
  const shown = manner.full ? sorted : keepWorst(sorted)
  const rows = shown.flatMap((resource) => oneResource(resource, manner))
  const rest = restLines(sorted.slice(shown.length), manner.ink)
  return [...rows, ...rest, ...besideRows(plan, manner)]
}

/** All that destroys stored data, then as many as fit. The order is by danger already. */
function keepWorst(sorted: readonly ResourceChange[]): readonly ResourceChange[] {
  const destroying = sorted.filter((each) => each.action === 'delete' || each.action === 'replace')
  return sorted.slice(0, Math.max(destroying.length, ROWS_SHOWN))
}

function restLines(rest: readonly ResourceChange[], ink: Ink): readonly string[] {
  const counts = new Map<Action, number>()
  for (const { action } of rest) counts.set(action, (counts.get(action) ?? 0) + 1)
  return [...counts].map(([action, count], index) => {
    const hint = index === 0 ? '   (--full)' : ''
    const { one, many } = ACTION_LOOKS[action]
    return `${mark(action, ink)} ${count} more ${count === 1 ? one : many}${hint}`
  })
}

function mark(action: Action, ink: Ink, replaceOrder = GLYPH.replace): string {
  return ink(HUE[action], action === 'replace' ? replaceOrder : GLYPH[action])
}

/** `+/-` creates before it destroys. */
function orderOf(resource: ResourceChange): string {
  return resource.actions[0] === 'create' ? '+/-' : GLYPH.replace
}

export function oneResource(resource: ResourceChange, manner: Manner): readonly string[] {
  const { ink, columns } = manner
  const glyph = resource.action === 'replace' ? orderOf(resource) : GLYPH[resource.action]
  const address = safe(addressOf(resource))
  const destroys = resource.action === 'delete' || resource.action === 'replace'
  const room = columns - glyph.length - 1
  const shown = destroys ? address : cutMiddle(address, Math.floor(room * ADDRESS_SHARE))
  const [effect = '', ...facts] = effectOf(resource, manner)
  const below = [...facts, ...unknownFieldLines(resource)]
  const first = `${ink(HUE[resource.action], glyph)} ${shown}`
  const left = room - shown.length - 2
  const own = manner.full
    ? [...below, ...wholeAttributes(resource)].map((line) => `    ${line}`)
    : below.map((line) => `    ${cutEnd(line, columns - 4)}`)
  if (effect === '') return [first, ...own]
  const tone = loud(resource) ? ink('red', effect) : effect
  if (effect.length <= left) return [`${first}  ${tone}`, ...own]
  if (destroys || manner.full) return [first, `    ${tone}`, ...own]
  return [`${first}  ${cutEnd(effect, Math.max(left, 10))}`, ...own]
}

function addressOf({ address, deposed }: ResourceChange): string {
  return deposed === null ? address : `${address} (deposed ${deposed})`
}

function loud(resource: ResourceChange): boolean {
  return losesData(resource, storesData)
}

/** One sentence of effect, then lines of their own. */
function effectOf(resource: ResourceChange, manner: Manner): readonly string[] {
  switch (resource.action) {
    case 'delete':
      return deleted(resource, manner)
    case 'replace':
      return replaced(resource, manner)
    case 'forget':
      return ['leaves the tool’s care, lives on']
    case 'unknown':
      return ['what happens to it is not known']
    case 'import':
      return ['is taken into the tool’s care']
    case 'move':
      return [`was ${safe(resource.previousAddress ?? 'elsewhere')}`]
    case 'update':
      return manner.full ? [cameFrom(resource).join('; ')] : updated(resource)
    case 'create':
    case 'read':
    case 'noop':
      return []
  }
}

function deleted(resource: ResourceChange, manner: Manner): readonly string[] {
  const kind = kindOf(resource.type)
  if (loud(resource)) return ['STORED DATA IS DELETED', ...recovery(resource, manner)]
  return [kind === null ? 'is deleted' : `${kind} is deleted`]
}

function replaced(resource: ResourceChange, manner: Manner): readonly string[] {
  const rows = diffResource(resource).rows.filter((row) => row.forcesReplacement)
  const causes = [...new Set(rows.map((row) => safe(row.label)))]
  const cause = causes.length === 0 ? reasonText(resource.reason) : `forced by ${some(causes, 2)}`
  if (loud(resource)) return ['STORED DATA IS DELETED', cause, ...recovery(resource, manner)]
  return [cause]
}

function reasonText(reason: string | null): string {
  if (reason === null) return 'is replaced'
  return safe(reason.replace(/^replace_because_/, 'because ').replaceAll('_', ' '))
}

function updated(resource: ResourceChange): readonly string[] {
  const rows = diffResource(resource).rows.filter((row) => row.effect !== 'same')
  const [only] = rows
  const came = cameFrom(resource)
  if (only !== undefined && rows.length === 1) return [[...came, shortAttribute(only)].join('; ')]
  const labels = [...new Set(rows.map((row) => safe(row.label)))]
  return [[...came, some(labels, 3)].join('; ')]
}

/** A change that also moves or imports counts as the change; what else it does is said. */
function cameFrom({ importing, previousAddress, address }: ResourceChange): readonly string[] {
  const moved = previousAddress !== null && previousAddress !== address
  return [
    ...(moved ? [`was ${safe(previousAddress)}`] : []),
    ...(importing === null ? [] : ['is imported']),
  ]
}

/** What it is and what is left of it; all the facts where everything is printed. */
function recovery(resource: ResourceChange, manner: Manner): readonly string[] {
  const { what, object, arn, facts, remains } = recoveryOf(resource)
  const left = REMAINS_WORDS[remains]
  const first = what === null ? left : `${safe(what)}; ${left}`
  if (!manner.full) return [first]
  const identities = [object, arn].filter((text) => text !== null && text !== what)
  return [
    first,
    ...identities.map((text) => `is ${safe(text ?? '')}`),
    ...facts.map((fact) => `${fact.label}: ${fact.value}`),
  ]
}

function some(texts: readonly string[], max: number): string {
  const rest = texts.length - max
  return texts.slice(0, max).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
