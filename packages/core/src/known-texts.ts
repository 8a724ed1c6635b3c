/**
 * Texts that the tool has marked as secret, found wherever else they stand: a provider may forget a
 * mark, and a program may be handed a value in clear. What is searched costs one look at each
 * character and a bounded number of comparisons for each, whatever texts are known; where the
 * comparisons run out, all that follows the next beginning of a known text is hidden, so that the
 * bound never shows a secret. Nothing costs anything where no text is known.
 *
 * A text is known when finding it by chance is unlikely: it has 8 characters of at least two kinds
 * (letters, digits, others), or 16 of any. So `admin`, `true` and `production` are not hidden all
 * over a plan because a variable that holds them is sensitive; nor is an address or a range of
 * addresses, which would blind the rules. Under their own mark all of these are hidden as ever.
 */
import type { TextRange } from './hidden-text.ts'
import type { Variable } from './plan.ts'
import { isList, isMap, type Value } from './value.ts'

const CHARACTERS_MIN = 8
const CHARACTERS_OF_ONE_KIND_MIN = 16

export function isTellingText(text: string): boolean {
  if (text.length < CHARACTERS_MIN || isAddress(text)) return false
  if (text.length >= CHARACTERS_OF_ONE_KIND_MIN) return true
  return KINDS.filter((kind) => kind.test(text)).length >= 2
}

const KINDS = [/\p{L}/u, /\p{N}/u, /[^\p{L}\p{N}]/u] as const
/** The longest IPv6 address with its prefix; what is longer is no address, and slow to match. */
const ADDRESS_MAX = 49
/** IPv4 and IPv6, alone or with the length of a prefix. */
const ADDRESS =
  /^(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*)(?:\/\d{1,3})?$/

function isAddress(text: string): boolean {
  return text.length <= ADDRESS_MAX && ADDRESS.test(text)
}

/** More lengths of texts that begin alike are not told apart: what begins like them is hidden to its end. */
const LENGTHS_MAX = 256
/** Comparisons for each character of a text: many more than texts by people ever take. */
const COMPARISONS_PER_CHARACTER = 16
/** Characters that cost as much as one comparison. */
const CHARACTERS_PER_COMPARISON = 16
const BITS = 16
const STEP = 31

interface Search {
  readonly text: string
  /** How many comparisons are left. */
  left: number
}

export class KnownTexts {
  /** By the first two code units of a text: at most places one look is enough. */
  readonly #starts = new Uint8Array(1 << BITS)
  /** By its first characters: which lengths there are, the longest first; null for too many. */
  readonly #lengths = new Map<string, readonly number[] | null>()
  readonly #all = new Set<string>()

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  add(text: string): void {
    if (!isTellingText(text)) return
    this.#put(text)
    // Inside JSON that stands in a text it is spelled with escapes.
    this.#put(JSON.stringify(text).slice(1, -1))
  }

  #put(text: string): void {
    this.#all.add(text)
    this.#starts[startOf(text.charCodeAt(0), text.charCodeAt(1))] = 1
    const head = text.slice(0, CHARACTERS_MIN)
    const known = this.#lengths.get(head)
    if (known === null || known?.includes(text.length)) return
    const lengths = [text.length, ...(known ?? [])]
    const sorted = lengths.toSorted((one, other) => other - one)
    this.#lengths.set(head, lengths.length > LENGTHS_MAX ? null : sorted)
  }

  has(text: string): boolean {
    return this.#findFrom(searchOf(text), 0) !== null
  }

  /** All places, ascending; of texts that begin at one place the longest. */
  find(text: string): readonly TextRange[] {
    const ranges: TextRange[] = []
    const search = searchOf(text)
    let from = 0
    for (;;) {
      const found = this.#findFrom(search, from)
      if (found === null) return ranges
      ranges.push(found)
      if (found.end === text.length) return ranges
      from = found.start + 1
    }
  }

  #findFrom(search: Search, from: number): TextRange | null {
    if (this.isEmpty) return null
    const { text } = search
    let last = text.charCodeAt(from)
    for (let at = from; at + CHARACTERS_MIN <= text.length; at += 1) {
      const next = text.charCodeAt(at + 1)
      const start = startOf(last, next)
      last = next
      if (this.#starts[start] !== 1) continue
      const length = this.#lengthAt(search, at)
      if (length > 0) return { start: at, end: at + length }
    }
    return null
  }

  #lengthAt(search: Search, at: number): number {
    const { text } = search
    const rest = text.length - at
    const lengths = this.#lengths.get(text.slice(at, at + CHARACTERS_MIN))
    if (lengths === null) return rest
    for (const length of lengths ?? []) {
      if (length > rest) continue
      search.left -= 1 + Math.floor(length / CHARACTERS_PER_COMPARISON)
      if (search.left <= 0) return rest
      if (this.#all.has(text.slice(at, at + length))) return length
    }
    return 0
  }
}

function searchOf(text: string): Search {
  return { text, left: text.length * COMPARISONS_PER_CHARACTER }
}

function startOf(first: number, second: number): number {
  return (first * STEP + second) & ((1 << BITS) - 1)
}

/** What stands in variables that are sensitive, at any depth. */
export function knownTextsOf(variables: readonly Variable[]): KnownTexts {
  const texts = new KnownTexts()
  for (const variable of variables) if (variable.sensitive) addTexts(variable.value, texts)
  return texts
}

function addTexts(value: Value, texts: KnownTexts): void {
  if (typeof value === 'string') texts.add(value)
  else if (isList(value)) for (const item of value) addTexts(item, texts)
  else if (isMap(value)) for (const item of Object.values(value)) addTexts(item, texts)
}
