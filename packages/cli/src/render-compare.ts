/**
 * How one plan differs from another, for people who approved the first: what is new, what is
 * different now, what is gone. The rest is counted as identical, so that silence is never a guess.
 */
import { storesData } from '@holdpoint/api/stored-data'
import {
  ACTION_VERBS,
  type AttributeRow,
  diffResource,
  digestPlan,
  type Plan,
  type Primitives,
  type ResourceChange,
  sortByDanger,
} from '@holdpoint/core'
import { counted, cutEnd, safe } from './render-text.ts'

const ROWS_MAX = 8

export function comparePlans(before: Plan, after: Plan, primitives: Primitives): readonly string[] {
  const old = entriesOf(before, primitives)
  const now = entriesOf(after, primitives)
  const changed = sortByDanger(
    [...now.values()].flatMap(({ resource, digest }) =>
      old.get(keyOf(resource))?.digest === digest ? [] : [resource],
    ),
    storesData,
  )
  const lines = changed.map((resource) => {
    const was = old.get(keyOf(resource))
    return was === undefined ? newLine(resource) : differentLine(was.resource, resource)
  })
  const gone = [...old.values()].filter(({ resource }) => !now.has(keyOf(resource)))
  const all = [...lines, ...gone.map(({ resource }) => goneLine(resource))]
  const same = now.size - changed.length
  const rest = all.length - ROWS_MAX
  return [
    ...all.slice(0, ROWS_MAX),
    ...(rest > 0 ? [`and ${counted(rest, 'more difference')}`] : []),
    ...(same > 0
      ? [`the other ${counted(same, 'change')} ${same === 1 ? 'is' : 'are'} identical`]
      : []),
  ]
}

interface Entry {
  readonly resource: ResourceChange
  readonly digest: string
}

function entriesOf(plan: Plan, primitives: Primitives): ReadonlyMap<string, Entry> {
  const digests = new Map(
    digestPlan(plan, primitives).lines.map((line) => [keyOf(line), line.digest]),
  )
  return new Map(
    plan.resources.flatMap((resource) => {
      const digest = digests.get(keyOf(resource))
      return digest === undefined ? [] : [[keyOf(resource), { resource, digest }]]
    }),
  )
}

function keyOf({ address, deposed }: Pick<ResourceChange, 'address' | 'deposed'>): string {
  return JSON.stringify([address, deposed])
}

function newLine(resource: ResourceChange): string {
  return `+ now also ${ACTION_VERBS[resource.action]} ${safe(resource.address)}`
}

function goneLine(resource: ResourceChange): string {
  return `- no longer ${ACTION_VERBS[resource.action]} ${safe(resource.address)}`
}

function differentLine(was: ResourceChange, now: ResourceChange): string {
  const address = safe(now.address)
  if (was.action !== now.action) {
    return `~ ${address}  ${ACTION_VERBS[was.action]} it before, ${ACTION_VERBS[now.action]} it now`
  }
  const old = new Map(diffResource(was).rows.map((row) => [row.path, row]))
  const row = diffResource(now).rows.find((each) => sidesOf(old.get(each.path)) !== sidesOf(each))
  if (row === undefined) return `~ ${address}  differs`
  const before = sidesOf(old.get(row.path))
  return `~ ${address} ${safe(row.label)}  was ${before}, is now ${sidesOf(row)}`
}

const SIDE_MAX = 30

function sidesOf(row: AttributeRow | undefined): string {
  return row === undefined ? 'unchanged' : `${side(row.before)} -> ${side(row.after)}`
}

function side(shown: AttributeRow['before']): string {
  if (shown.kind === 'absent') return 'absent'
  if (shown.kind === 'hidden') return '[hidden]'
  if (shown.kind === 'unknown') return 'decided at apply'
  return cutEnd(safe(shown.text), SIDE_MAX)
}
