/**
 * Hides inside one value: where the tool's mask says so, and where a text looks secret. A masked
 * list or map is hidden whole, because its size tells something too; where mask and value do not
 * fit together, the whole value is hidden. Values that have nothing to hide keep their identity.
 */
import { escapeMarkers, hideParts, mergeRanges, type TextRange } from './hidden-text.ts'
import type { Hide } from './hiders.ts'
import { pointerStep } from './json.ts'
import type { KnownTexts } from './known-texts.ts'
import { hasTrue } from './plans/unknown-values.ts'
import { findSecrets, isSecretName, mayHoldSecret, shapesIn } from './secret-shapes.ts'
import { Hidden, isList, isMap, NumberText, Unknown, type Value, type ValueMap } from './value.ts'

/** Where a value stands; `name` is the nearest attribute's name. */
export interface Place {
  readonly address: string
  readonly path: string
  readonly name: string
}

/** What somebody adds to what we find ourselves; it can only hide more. */
export interface HidingPatterns {
  /** Whether everything that stands under this name is hidden, of whatever kind it is. */
  readonly hidesName: (name: string) => boolean
  readonly find: (text: string) => readonly TextRange[]
}

/** How to hide, and texts that are known to be secret wherever they stand. */
export interface Redaction {
  readonly hide: Hide
  readonly known: KnownTexts
  readonly names: SecretNames
  /** Which keys hold a secret themselves. */
  readonly keys: SecretNames
  readonly patterns: HidingPatterns | null
}

const NAMES_MAX = 10_000

/** Which names say that their values are secret. A plan repeats few names many times. */
export class SecretNames {
  readonly #known = new Map<string, boolean>()
  readonly #isSecret: (name: string) => boolean

  constructor(isSecret: (name: string) => boolean = isSecretName) {
    this.#isSecret = isSecret
  }

  has(name: string): boolean {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const isSecret = this.#isSecret(name)
    if (this.#known.size < NAMES_MAX) this.#known.set(name, isSecret)
    return isSecret
  }
}

/** `mask` comes from `joinMasks`. */
export function redactValue(value: Value, mask: Value, where: Where): Value {
  // Asked once, at the top: at every level it would make the work grow with the depth.
  if (mask === null && isClear(value, where.place.name, where.redaction)) return value
  return redactInside(value, mask, where)
}

export interface Where {
  readonly place: Place
  readonly redaction: Redaction
}

function redactInside(value: Value, mask: Value, where: Where): Value {
  if (value instanceof Unknown || value instanceof Hidden) return value
  const { place, redaction } = where
  const { address, path } = place
  if (mask === true || (!fits(value, mask) && hasTrue(mask))) {
    return redaction.hide({ address, path, value, by: 'tool' })
  }
  if (value !== null && redaction.patterns?.hidesName(place.name) === true) {
    return redaction.hide({ address, path, value, by: 'detection' })
  }
  if (typeof value === 'string') return redactText(value, place, redaction)
  if (isList(value)) return redactList(value, isList(mask) ? mask : [], where)
  if (isMap(value)) return redactMap(value, isMap(mask) ? mask : {}, where)
  return value
}

/**
 * Whether nothing in an unmasked value is hidden or needs a closer look. Most values are clear, and
 * finding that out makes nothing: no path, no list of ranges.
 */
export function isClear(value: Value, name: string, redaction: Redaction): boolean {
  if (redaction.patterns?.hidesName(name) === true) return value === null
  if (typeof value === 'string') return isClearText(value, name, redaction)
  if (typeof value !== 'object' || value === null) return true
  if (isList(value)) {
    for (const item of value) if (!isClear(item, name, redaction)) return false
    return true
  }
  return isMap(value) ? isClearMap(value, redaction) : !(value instanceof Hidden)
}

function isClearText(text: string, name: string, redaction: Redaction): boolean {
  if (text === '') return true
  if (mayHoldSecret(text) || redaction.names.has(name)) return false
  if (redaction.known.has(text)) return false
  return redaction.patterns === null || redaction.patterns.find(text).length === 0
}

function isClearMap(map: ValueMap, redaction: Redaction): boolean {
  for (const key in map) {
    const item = map[key] ?? null
    // Another field may give this one its name.
    if (isValueKey(key) && nameOfPair(map) !== null) return false
    if (redaction.keys.has(key) || !isClear(item, key, redaction)) return false
  }
  return true
}

function isValueKey(key: string): boolean {
  return key.length === 5 && key.toLowerCase() === 'value'
}

function fits(value: Value, mask: Value): boolean {
  return (isList(value) && isList(mask)) || (isMap(value) && isMap(mask))
}

function redactList(list: readonly Value[], masks: readonly Value[], where: Where): Value {
  const { address, path, name } = where.place
  let changed = false
  const redacted = list.map((item, index) => {
    const place = { address, path: `${path}/${index}`, name }
    const next = redactInside(item, masks[index] ?? null, { place, redaction: where.redaction })
    if (next !== item) changed = true
    return next
  })
  return changed ? redacted : list
}

function redactMap(map: ValueMap, masks: ValueMap, where: Where): Value {
  const { address, path } = where.place
  const pairName = nameOfPair(map)
  let changed = false
  const entries: [string, Value][] = []
  for (const key of Object.keys(map)) {
    const item = map[key] ?? null
    const name = pairName !== null && isValueKey(key) ? pairName : key
    const place = { address, path: path + pointerStep(key), name }
    const mask = Object.hasOwn(masks, key) ? (masks[key] ?? null) : null
    const next = redactInside(item, mask, { place, redaction: where.redaction })
    const shown = redactKey(key, where)
    if (next !== item || shown !== key) changed = true
    entries.push([shown, next])
  }
  return changed ? fromEntries(entries) : map
}

/** One member of a map, by its key, where the map stands. Masks beside it come to the same key. */
export function redactKey(key: string, { place, redaction }: Where): string {
  if (!redaction.keys.has(key)) return key
  const { address, path } = place
  const ranges = mergeRanges(keySecrets(key, redaction))
  return hideParts(key, ranges, (value) => {
    return redaction.hide({ address, path: `${path}/$key`, value, by: 'detection' })
  })
}

/** Secrets in a key: what only looks random is left alone, because names of programs do. */
export function keySecrets(
  key: string,
  { known, patterns }: Pick<Redaction, 'known' | 'patterns'>,
): readonly TextRange[] {
  return [...shapesIn(key), ...known.find(key), ...(patterns?.find(key) ?? [])]
}

/** Without a key for hiding all hidden keys are alike, and none may take another's place. */
export function fromEntries(entries: readonly (readonly [string, Value])[]): ValueMap {
  const taken = new Set<string>()
  const apart = entries.map(([key, value]): [string, Value] => {
    let own = key
    for (let count = 2; taken.has(own); count += 1) own = `${key} #${count}`
    taken.add(own)
    return [own, value]
  })
  return Object.fromEntries(apart)
}

/** `{ "name": "DB_PASSWORD", "value": … }` is an attribute called DB_PASSWORD, in any spelling. */
function nameOfPair(map: ValueMap): string | null {
  let name: Value = null
  let isPair = false
  for (const key in map) {
    const plain = key.toLowerCase()
    if (plain === 'value') isPair = true
    else if (plain === 'name') name = map[key] ?? null
    else if (plain === 'key' && typeof name !== 'string') name = map[key] ?? null
  }
  return isPair && typeof name === 'string' ? name : null
}

function redactText(text: string, place: Place, redaction: Redaction): Value {
  if (isClearText(text, place.name, redaction)) return text
  const { address, path } = place
  const told = redaction.known.find(text)
  const ours = redaction.patterns?.find(text) ?? []
  const ranges = mergeRanges([...told, ...ours, ...findSecrets(text, place.name)])
  const [first] = ranges
  if (first === undefined) return escapeMarkers(text)
  const by = told.length > 0 ? 'tool' : 'detection'
  if (first.start === 0 && first.end === text.length) {
    return redaction.hide({ address, path, value: text, by })
  }
  return hideParts(text, ranges, (value) => redaction.hide({ address, path, value, by }))
}

/** What either mask marks. Anything that is no mask counts as a mark: hiding is the safe side. */
export function joinMasks(left: Value, right: Value): Value {
  if (isMark(left) || isMark(right)) return true
  if (marksNothing(left)) return marksNothing(right) ? null : onlyMarks(right)
  if (marksNothing(right)) return onlyMarks(left)
  if (isList(left) && isList(right)) {
    const length = Math.max(left.length, right.length)
    const joined: Value[] = []
    for (let index = 0; index < length; index += 1) {
      joined.push(joinMasks(left[index] ?? null, right[index] ?? null))
    }
    return joined
  }
  if (isMap(left) && isMap(right)) return joinMaps(left, right)
  return hasTrue(onlyMarks(left)) || hasTrue(onlyMarks(right)) ? true : null
}

function joinMaps(left: ValueMap, right: ValueMap): Value {
  const joined = new Map<string, Value>()
  for (const [key, mask] of Object.entries(left)) joined.set(key, joinMasks(mask, null))
  for (const [key, mask] of Object.entries(right)) {
    joined.set(key, joinMasks(joined.get(key) ?? null, mask))
  }
  return Object.fromEntries(joined)
}

/** A mask in which odd marks are `true`. */
function onlyMarks(mask: Value): Value {
  if (isMark(mask)) return true
  if (isList(mask)) return mask.map(onlyMarks)
  if (!isMap(mask)) return null
  return Object.fromEntries(Object.entries(mask).map(([key, child]) => [key, onlyMarks(child)]))
}

function isMark(mask: Value): boolean {
  if (mask === true || mask instanceof NumberText) return true
  if (mask instanceof Hidden || mask instanceof Unknown) return true
  return typeof mask === 'string' || typeof mask === 'number'
}

export function marksNothing(mask: Value): boolean {
  if (mask === null || mask === false) return true
  if (isList(mask)) return mask.every(marksNothing)
  if (!isMap(mask)) return false
  for (const key in mask) if (!marksNothing(mask[key] ?? null)) return false
  return true
}
