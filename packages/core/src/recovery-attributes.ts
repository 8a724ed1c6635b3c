/**
 * Attributes of what exists before a change, by a name that is the same for every tool: `skip_final_
 * snapshot`, `SkipFinalSnapshot` and `skipFinalSnapshot` are one. Hidden and unknown values say
 * nothing, and are never taken for false.
 */
import type { ResourceChange } from './plan.ts'
import { field, isList, isMap, NumberText, type Value } from './value.ts'

/** The first of the names that is there; names in lower case without separators. */
export type Attributes = (...names: readonly string[]) => Value | undefined

export function knownAttributes(change: ResourceChange): Attributes {
  const found = new Map<string, Value>()
  for (const layer of layersOf(change)) {
    if (layer === undefined || !isMap(layer)) continue
    for (const [name, value] of Object.entries(layer)) {
      const key = name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
      if (value !== null && !found.has(key)) found.set(key, value)
    }
  }
  return (...names) => {
    const name = names.find((each) => found.has(each))
    return name === undefined ? undefined : found.get(name)
  }
}

/** From the surest: the values, CloudFormation's properties, blocks of settings, Pulumi's state. */
function layersOf({ before, extra }: ResourceChange): readonly (Value | undefined)[] {
  const settings = field(before, 'settings')
  const protect = extra['old.protect']
  return [
    before,
    field(before, 'Properties'),
    settings === undefined ? undefined : onlyBlock(settings),
    extra['old.outputs'],
    protect === undefined ? undefined : { protect },
  ]
}

/** Terraform writes a nested block as a list, the others as a map. */
function onlyBlock(value: Value): Value {
  return isList(value) ? (value[0] ?? null) : value
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
  const block = onlyBlock(value)
  if (!isMap(block)) return null
  for (const [name, own] of Object.entries(block)) {
    if (/^(?:enabled|status|pointInTimeRecoveryEnabled)$/i.test(name.replaceAll('_', ''))) {
      return typeof own === 'boolean' || typeof own === 'string' ? isSet(own) : null
    }
  }
  return null
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
