/**
 * Attributes of a resource by a name that is the same for every tool: `skip_final_snapshot`,
 * `SkipFinalSnapshot` and `skipFinalSnapshot` are one. Hidden and unknown values say nothing, and
 * are never taken for false or for absent.
 */
import type { Action, ResourceChange } from './plan.ts'
import { field, Hidden, isList, isMap, NumberText, Unknown, type Value } from './value.ts'

/** The first of the names that is there; names in lower case without separators. */
export type Attributes = (...names: readonly string[]) => Value | undefined

/** The name that is the same for every tool; null for one that nobody asks for. */
export type NameOf = (written: string) => string | null

/** Looks at each spelling once: plans repeat the same names a hundred thousand times. */
export function namesOf(wanted: ReadonlySet<string>): NameOf {
  const known = new Map<string, string | null>()
  return (written) => {
    const found = known.get(written)
    if (found !== undefined) return found
    const name = compactName(written)
    const kept = wanted.has(name) ? name : null
    known.set(written, kept)
    return kept
  }
}

function compactName(written: string): string {
  return written.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/** Earlier layers win; what is no map and what is null says nothing. */
export function readerOf(
  layers: readonly (Value | undefined)[],
  nameOf: NameOf = compactName,
): Attributes {
  const found = new Map<string, Value>()
  for (const layer of layers) {
    if (layer === undefined || !isMap(layer)) continue
    for (const written in layer) {
      const name = nameOf(written)
      const value = layer[written] ?? null
      if (name !== null && value !== null && !found.has(name)) found.set(name, value)
    }
  }
  if (found.size === 0) return NOTHING
  return (...names) => {
    const name = names.find((each) => found.has(each))
    return name === undefined ? undefined : found.get(name)
  }
}

const NOTHING: Attributes = () => undefined

/** One side of a change; CloudFormation has its values among `Properties`. */
export function sideReader(side: Value, nameOf: NameOf = compactName): Attributes {
  return readerOf([side, field(side, 'Properties')], nameOf)
}

/** Both sides of a change, read for whoever looks at what a change opens. */
export interface ReadSides {
  /** Of the type (see type-names.ts). */
  readonly key: string
  readonly action: Action
  readonly before: Attributes
  readonly after: Attributes
  /** False where a side is not told at all. */
  readonly told: boolean
}

/** What exists before, with blocks of settings, and with what Pulumi's state tells. */
export function knownAttributes({ before, extra }: ResourceChange): Attributes {
  const settings = field(before, 'settings')
  const protect = extra['old.protect']
  return readerOf([
    before,
    field(before, 'Properties'),
    settings === undefined ? undefined : onlyBlock(settings),
    extra['old.outputs'],
    protect === undefined ? undefined : { protect },
  ])
}

/** Terraform writes a nested block as a list, the others as a map. */
export function onlyBlock(value: Value): Value {
  return isList(value) ? (value[0] ?? null) : value
}

/** One value or a list of them, as a list. */
export function manyOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return []
  return isList(value) ? value : [value]
}

/** Hidden, or decided at apply: nobody can compare it. */
export function isOpaque(value: Value | undefined): boolean {
  return value instanceof Hidden || value instanceof Unknown
}

const ON: ReadonlySet<string> = new Set(['true', 'enabled', 'active', 'on'])
const OFF: ReadonlySet<string> = new Set(['false', 'disabled', 'suspended', 'inactive', 'off'])

/** Whether a switch is on; a block says it by its own `enabled` or `status`. `null` is not said. */
export function isSet(value: Value | undefined): boolean | null {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') {
    const word = value.toLowerCase()
    return ON.has(word) ? true : OFF.has(word) ? false : null
  }
  if (value === undefined) return null
  const read = readerOf([onlyBlock(value)])
  const own = read('enabled', 'status', 'pointintimerecoveryenabled')
  return typeof own === 'boolean' || typeof own === 'string' ? isSet(own) : null
}

/** A number, also where it is written as text. */
export function amountOf(value: Value | undefined): number | null {
  const text = textOf(value)
  return text !== null && /^\d{1,9}(?:\.\d{1,3})?$/.test(text) ? Number(text) : null
}

export function textOf(value: Value | undefined): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value instanceof NumberText ? value.text : null
}
