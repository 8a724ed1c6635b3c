/**
 * Where the members of a document's list elements lie, two levels deep, so that a large plan can be
 * looked through without every change of it becoming objects. Only the compiled scan tells it. It
 * must never call a text canonical that canonical.ts would print differently, nor open in which
 * redaction would hide something.
 */
import type { Primitives } from './primitives.ts'
import type { Value } from './value.ts'

/**
 * The members that are told, each with its number: those of an element, `change` as the last of
 * them, and then those of its `change`. The compiled scan has the names from here.
 */
export const OUTLINED = {
  address: 0,
  module_address: 1,
  mode: 2,
  type: 3,
  name: 4,
  provider_name: 5,
  action_reason: 6,
  index: 7,
  change: 8,
  actions: 9,
  before: 10,
  after: 11,
  after_unknown: 12,
  before_sensitive: 13,
  after_sensitive: 14,
  replace_paths: 15,
} as const

export type Outlined = (typeof OUTLINED)[keyof typeof OUTLINED]

const COUNT = Object.keys(OUTLINED).length
/** Of what is told of an element: its place, what is not canonical, not open, and their places. */
const START = 0
const END = 1
const ODD = 2
const CAUGHT = 3
const PLACES = 4
export const OUTLINE_WORDS = PLACES + 2 * COUNT
/** Beside the odd ones: there is a member besides, or one of another member than `change`. */
const BESIDES = 1 << COUNT

/** Every bit of the members that are named. */
export function bitsOf(members: readonly Outlined[]): number {
  return members.reduce<number>((bits, member) => bits | (1 << member), 0)
}

/**
 * Whether nothing stands in a value where its mask says `true`, nor anything of another shape. Both
 * are starts of canonical texts in the document.
 */
export type LeavesOut = (value: number, mask: number) => boolean

/** Of one element after another, each in so many words of 32 bits; the first are start and end. */
export interface Outlines {
  readonly words: Int32Array
  readonly leavesOut: LeavesOut | null
}

/** So many bytes of elements are decoded at once, where none of them is longer. */
const BLOCK_BYTES = 65_536

/** The parts of one element after another; each is a piece of a text that is decoded for many. */
export class PartsReader {
  readonly #outlines: Outlines
  readonly #bytes: Uint8Array
  readonly #decode: Primitives['text']
  #blockEnd = 0
  #blockStart = 0
  /** Null where a character in it has more than one byte. */
  #block: string | null = null

  constructor(outlines: Outlines, bytes: Uint8Array, decode: Primitives['text']) {
    this.#outlines = outlines
    this.#bytes = bytes
    this.#decode = decode
  }

  /** Null where a character in the element has more than one byte. */
  parts(outline: number): JsonParts | null {
    const [start, end] = [this.#word(outline, START), this.#word(outline, END)]
    if (start < this.#blockStart || end > this.#blockEnd) {
      this.#blockStart = start
      this.#blockEnd = this.#endOfBlock(outline)
      this.#block = this.#ascii(start, this.#blockEnd)
    }
    if (this.#block !== null) {
      return new JsonParts(this.#outlines, { start: this.#blockStart, outline }, this.#block)
    }
    const text = this.#ascii(start, end)
    return text === null ? null : new JsonParts(this.#outlines, { start, outline }, text)
  }

  /** An end of an element, so it is in the middle of no character. */
  #endOfBlock(outline: number): number {
    const start = this.#word(outline, START)
    let last = this.#word(outline, END)
    for (let next = outline + 1; ; next += 1) {
      const end = this.#word(next, END)
      if (end <= last || end - start > BLOCK_BYTES) return last
      last = end
    }
  }

  #ascii(start: number, end: number): string | null {
    const text = this.#decode(this.#bytes.subarray(start, end))
    return text.length === end - start ? text : null
  }

  /** Behind the last element there are zeros, or nothing. */
  #word(outline: number, index: number): number {
    return this.#outlines.words[outline * OUTLINE_WORDS + index] ?? 0
  }
}

/**
 * The members of one element. `text` is ASCII and holds the element; byte `start` of the document
 * is its first character.
 */
export class JsonParts {
  readonly #words: Int32Array
  readonly #leavesOut: LeavesOut | null
  readonly #at: number
  readonly #text: string
  readonly #from: number

  constructor(
    { words, leavesOut }: Outlines,
    { start, outline }: { readonly start: number; readonly outline: number },
    text: string,
  ) {
    this.#words = words
    this.#leavesOut = leavesOut
    this.#at = outline * OUTLINE_WORDS
    this.#text = text
    this.#from = start
  }

  /** Whether there are no other members, neither of the element nor of an object that is one. */
  isAll(): boolean {
    return (this.#word(ODD) & BESIDES) === 0
  }

  /** Whether the texts of all these are what canonical.ts prints of the values. */
  areCanonical(bits: number): boolean {
    return (this.#word(ODD) & bits) === 0
  }

  /**
   * Whether nothing in these needs a closer look for secrets (secret-sieve.ts). A text that is
   * itself a member of the element is open even if it looks random.
   */
  areOpen(bits: number): boolean {
    return (this.#word(CAUGHT) & bits) === 0
  }

  /** Of every member its value's own text; empty where there is no such member. */
  texts(): readonly string[] {
    const texts: string[] = []
    const first = this.#at + PLACES
    for (let place = first; place < first + 2 * COUNT; place += 2) {
      const start = this.#words[place] ?? 0
      const end = this.#words[place + 1] ?? 0
      texts.push(this.#text.slice(start - this.#from, end - this.#from))
    }
    return texts
  }

  /** Of canonical texts; null where they are not there or have to be read to find out. */
  leavesOut(value: Outlined, mask: Outlined): boolean | null {
    const from = this.#word(PLACES + 2 * value)
    const maskFrom = this.#word(PLACES + 2 * mask)
    if (from === 0 || maskFrom === 0) return null
    return this.#leavesOut?.(from, maskFrom) ?? null
  }

  #word(index: number): number {
    return this.#words[this.#at + index] ?? 0
  }
}

/** One element of a list: as a value, or as it is written. */
export interface JsonSlice {
  readonly read: () => Value
  /** Null where a character has more than one byte, or nobody has looked. */
  readonly parts: () => JsonParts | null
}
