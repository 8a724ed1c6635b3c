/**
 * How one plan differs from another, for people who looked at the first: what is new, what is
 * different now, what is no longer in it; the rest is counted, so that silence is never a guess.
 * Hidden values of two changes have different keys and cannot be compared; what holds some is
 * called equal only with that said.
 */
import { type AttributeRow, diffResource, type Shown } from './attribute-diff.ts'
import { ACTION_VERBS, sortByDanger } from './headline.ts'
import { hasMarker } from './hidden-text.ts'
import { join, type Phrase, plain, say } from './phrase.ts'
import type { Plan, ResourceChange } from './plan.ts'
import { inspectLines } from './plan-digest.ts'
import type { Primitives } from './primitives.ts'
import { Hidden, isList, isMap, type Value } from './value.ts'

export interface PlanDifference {
  /** Worst first, as all lists here. */
  readonly added: readonly ResourceChange[]
  readonly different: readonly Different[]
  readonly gone: readonly ResourceChange[]
  /** Changes that are the same in both. */
  readonly same: number
  /** Of those, the ones that hold hidden values, which nobody can compare. */
  readonly sameButHidden: number
}

export interface Different {
  readonly was: ResourceChange
  readonly now: ResourceChange
}

/** Changes that are no no-ops; outputs and programs are not compared. */
export function planDifference(
  before: Plan,
  after: Plan,
  given: { readonly primitives: Primitives; readonly storesData: (type: string) => boolean },
): PlanDifference {
  const old = entriesOf(before, given.primitives)
  const now = entriesOf(after, given.primitives)
  const sorted = (entries: readonly Entry[]): readonly ResourceChange[] => {
    return sortByDanger(
      entries.map(({ resource }) => resource),
      given.storesData,
    )
  }
  const isIn = (entries: Entries) => (entry: Entry) => entries.has(keyOf(entry.resource))
  const both = [...now.values()].filter(isIn(old))
  const isSame = (each: Entry): boolean => old.get(keyOf(each.resource))?.digest === each.digest
  const differs = both.filter((each) => !isSame(each))
  const same = both.filter(isSame)
  return {
    added: sorted([...now.values()].filter((each) => !isIn(old)(each))),
    different: sorted(differs).flatMap((resource) => {
      const was = old.get(keyOf(resource))
      return was === undefined ? [] : [{ was: was.resource, now: resource }]
    }),
    gone: sorted([...old.values()].filter((each) => !isIn(now)(each))),
    same: same.length,
    sameButHidden: same.filter(({ resource }) => hides(resource)).length,
  }
}

interface Entry {
  readonly resource: ResourceChange
  readonly digest: string
}
type Entries = ReadonlyMap<string, Entry>

function entriesOf(plan: Plan, primitives: Primitives): Entries {
  const lines = inspectLines(plan, primitives).map((line) => [keyOf(line), line.digest] as const)
  const digests = new Map(lines)
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

function hides({ before, after }: ResourceChange): boolean {
  return [before, after].some(holdsHidden)
}

function holdsHidden(value: Value): boolean {
  if (typeof value === 'string') return hasMarker(value)
  if (isList(value)) return value.some(holdsHidden)
  return isMap(value) ? Object.values(value).some(holdsHidden) : value instanceof Hidden
}

/** What is different about one resource: its action, or the first value that is. */
export function differentWords({ was, now }: Different): Phrase {
  if (was.action !== now.action) {
    return plain(
      `the first plan ${ACTION_VERBS[was.action]} it, this one ${ACTION_VERBS[now.action]} it`,
    )
  }
  const old = new Map(diffResource(was).rows.map((row) => [row.path, row]))
  const rows = diffResource(now).rows
  const changed = rows.filter((row) => print(old.get(row.path)) !== print(row))
  const [first] = changed
  if (first === undefined)
    return plain('has the same values; what else the tool says of it differs')
  const rest = changed.length - 1
  const more = rest > 0 ? plain(`and ${rest} more`) : []
  const before = old.get(first.path)
  const words = before === undefined ? plain('did not change,') : sides('was', before)
  const comma = before === undefined ? [] : plain(',')
  return join([...join(say`${first.label}`, words), ...comma], sides('is now', first), more)
}

function sides(verb: string, { before, after }: AttributeRow): Phrase {
  return join(plain(verb), side(before), plain('→'), side(after))
}

const SIDE_CHARACTERS_MAX = 40

function side(shown: Shown): Phrase {
  if (shown.kind === 'absent') return plain('absent')
  if (shown.kind === 'hidden') return plain('hidden')
  if (shown.kind === 'unknown') return plain('decided at apply')
  const text = shown.text
  return say`${text.length > SIDE_CHARACTERS_MAX ? `${text.slice(0, SIDE_CHARACTERS_MAX)}…` : text}`
}

function print(row: AttributeRow | undefined): string {
  return row === undefined ? '' : JSON.stringify([row.before, row.after])
}
