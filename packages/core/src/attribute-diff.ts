/**
 * What changes inside one resource, as rows for the page and the terminal: the same rows in both.
 * Unchanged attributes are folded to a count, an attribute that forces a replacement is always
 * shown, and what is hidden or undecided is a row of its own kind, never a blank.
 * Texts in rows are as the plan has them: hostile until `safeText` rendered them.
 */
import { OFFLINE_TOKEN } from './hiders.ts'
import { pointerStep } from './json.ts'
import { jsonInText } from './json-in-text.ts'
import { type DiffLine, diffLines } from './line-diff.ts'
import { type MatchedBy, matchLists } from './list-match.ts'
import type { ResourceChange } from './plan.ts'
import {
  field,
  Hidden,
  type HiddenBy,
  isList,
  isMap,
  NumberText,
  Unknown,
  type Value,
  type ValueMap,
} from './value.ts'

/** One side of a row. */
export type Shown =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'hidden'; readonly by: HiddenBy }
  | { readonly kind: 'unknown' }

/** `undetermined`: both sides are hidden without a key, so nobody can tell whether they differ. */
export type RowEffect = 'added' | 'removed' | 'changed' | 'same' | 'undetermined'

/** Why two sides differ although they mean the same, or `null`. */
export type RowNote = 'formatting' | 'white space' | 'order' | null

export interface AttributeRow {
  /** JSON pointer into the new value (into the old one where it is removed). */
  readonly path: string
  /** For people: `ingress["ssh"].port`. */
  readonly label: string
  readonly effect: RowEffect
  readonly before: Shown
  readonly after: Shown
  readonly forcesReplacement: boolean
  /** The row lies inside JSON that the attribute holds as text. */
  readonly insideJsonText: boolean
  readonly matchedBy: MatchedBy | null
  readonly note: RowNote
  /** For texts of several lines, else empty. */
  readonly lines: readonly DiffLine[]
}

export interface ResourceDiff {
  readonly rows: readonly AttributeRow[]
  /** Values that stay as they are and have no row. */
  readonly unchanged: number
}

/** For an import unchanged attributes have rows too: checking what already matches is the point. */
export function diffResource(change: ResourceChange): ResourceDiff {
  const forcing = change.replacePaths.map(pathSteps)
  const walk: Walk = { rows: [], unchanged: 0, forcing, showSame: change.importing !== null }
  const root: Spot = { path: '', label: '', steps: [], insideJsonText: false, matchedBy: null }
  compare(rootOf(change.before), rootOf(change.after), { spot: root, walk })
  const rows = walk.rows.toSorted(
    (left, right) => Number(right.forcesReplacement) - Number(left.forcesReplacement),
  )
  return { rows: change.action === 'forget' ? rows.map(livesOn) : rows, unchanged: walk.unchanged }
}

/** What the tool only forgets loses no value: it is there afterwards as before. */
function livesOn(row: AttributeRow): AttributeRow {
  return row.effect === 'removed' ? { ...row, effect: 'same', after: row.before } : row
}

/** An object that does not exist has no attributes. */
function rootOf(side: Value): Value {
  return side === null ? {} : side
}

interface Spot {
  readonly path: string
  readonly label: string
  readonly steps: readonly string[]
  readonly insideJsonText: boolean
  readonly matchedBy: MatchedBy | null
}

interface Walk {
  readonly rows: AttributeRow[]
  unchanged: number
  readonly forcing: readonly (readonly string[])[]
  readonly showSame: boolean
}

interface Context {
  readonly spot: Spot
  readonly walk: Walk
}

type Side = Value | undefined

function compare(before: Side, after: Side, context: Context): void {
  const maps = isBranch(before, isMap) && isBranch(after, isMap)
  const lists = isBranch(before, isList) && isBranch(after, isList)
  const full = isFull(before) || isFull(after)
  if (isOpaque(before) || isOpaque(after)) compareOpaque(before, after, context)
  else if (maps && full) compareMaps(before, after, context)
  else if (lists && full) compareLists(before ?? [], after ?? [], context)
  else if (typeof before === 'string' && typeof after === 'string' && before !== after) {
    compareTexts(before, after, context)
  } else compareScalars(before, after, context)
}

/** An attribute that is null says what an absent one says: it is not set. */
function compareScalars(before: Side, after: Side, context: Context): void {
  const [left, right] = [before ?? null, after ?? null]
  if (sameScalar(left, right)) keepSame(left, context)
  else {
    const effect = left === null ? 'added' : right === null ? 'removed' : 'changed'
    context.walk.rows.push(row(effect, { before, after }, context))
  }
}

function isBranch<Branch extends Value>(
  side: Side,
  guard: (value: Value) => value is Branch,
): side is Branch | undefined {
  return side === undefined || guard(side)
}

function isFull(side: Side): boolean {
  if (side === undefined) return false
  return isList(side) ? side.length > 0 : isMap(side) && Object.keys(side).length > 0
}

function isOpaque(side: Side): boolean {
  return side instanceof Hidden || side instanceof Unknown
}

function compareOpaque(before: Side, after: Side, context: Context): void {
  const effect = opaqueEffect(before, after)
  context.walk.rows.push(row(effect, { before, after }, context))
}

function opaqueEffect(before: Side, after: Side): RowEffect {
  if (before instanceof Hidden && after instanceof Hidden) {
    if (before.token === OFFLINE_TOKEN || after.token === OFFLINE_TOKEN) return 'undetermined'
    return before.token === after.token ? 'same' : 'changed'
  }
  if (before === undefined || before === null) return 'added'
  return after === undefined || after === null ? 'removed' : 'changed'
}

function compareMaps(
  before: ValueMap | undefined,
  after: ValueMap | undefined,
  context: Context,
): void {
  const { rows } = context.walk
  const rowsBefore = rows.length
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  for (const key of [...keys].toSorted()) {
    const left = field(before, key)
    const right = field(after, key)
    compare(left, right, inside(context, { step: key, label: keyLabel(context.spot.label, key) }))
  }
  // A map that came or went is a row even if nothing in it is set.
  const whole = before === undefined || after === undefined
  if (whole && rows.length === rowsBefore) {
    rows.push(row(before === undefined ? 'added' : 'removed', { before, after }, context))
  }
}

function compareLists(before: readonly Value[], after: readonly Value[], context: Context): void {
  const { by, pairs, moved } = matchLists(before, after)
  const { spot, walk } = context
  if (moved) {
    walk.rows.push({ ...row('changed', { before, after }, context), matchedBy: by, note: 'order' })
  }
  for (const pair of pairs) {
    const label = `${spot.label}[${pair.label}]`
    const next = inside(context, { step: String(pair.index), label })
    const there = { spot: { ...next.spot, matchedBy: by }, walk }
    if (pair.before === undefined && pair.after === null) walk.rows.push(row('added', pair, there))
    else if (pair.before === null && pair.after === undefined) {
      walk.rows.push(row('removed', pair, there))
    } else compare(pair.before, pair.after, there)
  }
}

function compareTexts(before: string, after: string, context: Context): void {
  const { spot, walk } = context
  const left = jsonInText(before)
  const right = jsonInText(after)
  if (left !== null && right !== null) {
    const rowsBefore = walk.rows.length
    compare(left, right, { spot: { ...spot, insideJsonText: true }, walk })
    if (walk.rows.length > rowsBefore) return
    walk.rows.push({ ...row('changed', { before, after }, context), note: 'formatting' })
    return
  }
  const several = before.includes('\n') || after.includes('\n')
  const lines = several ? diffLines(before, after) : []
  const note = before.replaceAll(/\s/g, '') === after.replaceAll(/\s/g, '') ? 'white space' : null
  walk.rows.push({ ...row('changed', { before, after }, context), lines, note })
}

function sameScalar(left: Value, right: Value): boolean {
  if (left instanceof NumberText && right instanceof NumberText) return left.text === right.text
  if (isList(left) && isList(right)) return left.length === 0 && right.length === 0
  if (isMap(left) && isMap(right)) return !isFull(left) && !isFull(right)
  return left === right
}

function keepSame(value: Value, context: Context): void {
  const { walk, spot } = context
  const wanted = walk.showSame && value !== null
  if (wanted || forces(spot.steps, walk.forcing)) {
    walk.rows.push(row('same', { before: value, after: value }, context))
  } else walk.unchanged += 1
}

function row(
  effect: RowEffect,
  sides: { readonly before: Side; readonly after: Side },
  { spot, walk }: Context,
): AttributeRow {
  return {
    path: spot.path,
    label: spot.label,
    effect,
    before: shown(sides.before),
    after: shown(sides.after),
    forcesReplacement: forces(spot.steps, walk.forcing),
    insideJsonText: spot.insideJsonText,
    matchedBy: spot.matchedBy,
    note: null,
    lines: [],
  }
}

function shown(side: Side): Shown {
  if (side === undefined) return { kind: 'absent' }
  if (side instanceof Hidden) return { kind: 'hidden', by: side.by }
  if (side instanceof Unknown) return { kind: 'unknown' }
  if (typeof side === 'string') return { kind: 'text', text: side }
  return { kind: 'value', text: describe(side) }
}

/** Values in short; opaque parts stay opaque. */
function describe(value: Value): string {
  if (value instanceof Hidden) return '(hidden)'
  if (value instanceof Unknown) return '(decided at apply)'
  if (value instanceof NumberText) return value.text
  if (isList(value)) return `[${value.map(describe).join(', ')}]`
  if (!isMap(value)) return JSON.stringify(value)
  const members = Object.keys(value).toSorted()
  const texts = members.map((key) => `${JSON.stringify(key)}: ${describe(value[key] ?? null)}`)
  return `{${texts.join(', ')}}`
}

function inside(
  { spot, walk }: Context,
  to: { readonly step: string; readonly label: string },
): Context {
  const path = spot.path + pointerStep(to.step)
  // Inside JSON in a text the tool's own paths end at the attribute.
  const steps = spot.insideJsonText ? spot.steps : [...spot.steps, to.step]
  return { spot: { ...spot, path, label: to.label, steps, matchedBy: null }, walk }
}

function keyLabel(prefix: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${prefix}[${JSON.stringify(key)}]`
  return prefix === '' ? key : `${prefix}.${key}`
}

function pathSteps(path: Value): readonly string[] {
  if (!isList(path)) return []
  return path.map((step) => (step instanceof NumberText ? step.text : String(step)))
}

/** The row lies on a forcing path, above it or below it; an empty path forces everything. */
function forces(steps: readonly string[], forcing: readonly (readonly string[])[]): boolean {
  return forcing.some((path) => {
    const common = Math.min(path.length, steps.length)
    return steps.length > 0 && path.slice(0, common).every((step, at) => step === steps[at])
  })
}
