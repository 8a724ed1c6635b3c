/**
 * Which of a document's list elements are told by their own text, so that a large plan can be looked
 * through without every change of it becoming objects. Only the compiled scan tells it
 * (compiled/told.ts in api): this is how it is read.
 */
import type { Digest } from './ids.ts'
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

/** In the words of an element: its place, what the sieve caught, its actions, and its members. */
const START = 0
const END = 1
const CAUGHT = 3
const TOLD = 5
const PLACES = 6
/** Words of 32 bits for each element. */
export const OUTLINE_WORDS = PLACES + 2 * Object.keys(OUTLINED).length

/** Of one element after another. */
export interface Outlines {
  readonly words: Int32Array
  /** Of the text that is digested of an element, by its place among them. */
  readonly digests: readonly (Digest | undefined)[]
}

/** An element that is told by its own text. */
export interface ToldElement {
  /** The place of what it does in ACTION_TEXTS (terraform-action.ts). */
  readonly actions: number
  /** Null where it does nothing. */
  readonly digest: Digest | null
  /** The texts of its first members, as they are written: up to the reason of the action. */
  readonly written: readonly string[]
  /** A bit for each of them that may hold a secret (secret-sieve.ts). */
  readonly caught: number
}

/** One element of a list: as a value, or told by its own text. */
export interface JsonSlice {
  readonly read: () => Value
  /** Null where it is not, or nobody has looked. */
  readonly told: () => ToldElement | null
}

const WRITTEN = OUTLINED.action_reason + 1
const WRITTEN_BITS = (1 << WRITTEN) - 1
/** So many bytes of elements are decoded at once, where none of them is longer. */
const BLOCK_BYTES = 65_536

/** Reads one element after another; texts are pieces of one that is decoded for many of them. */
export class ToldElements {
  readonly #outlines: Outlines
  readonly #bytes: Uint8Array
  readonly #decode: Primitives['text']
  #blockStart = 0
  #blockEnd = 0
  /** Null where a character in it has more than one byte. */
  #block: string | null = null

  constructor(outlines: Outlines, bytes: Uint8Array, decode: Primitives['text']) {
    this.#outlines = outlines
    this.#bytes = bytes
    this.#decode = decode
  }

  /** Null for one with a character of more than one byte too: places count bytes. */
  told(outline: number): ToldElement | null {
    const told = this.#word(outline, TOLD)
    const written = told === 0 ? null : this.#written(outline)
    if (written === null) return null
    const digest = this.#outlines.digests[outline] ?? null
    return {
      actions: told - 1,
      digest,
      written,
      caught: this.#word(outline, CAUGHT) & WRITTEN_BITS,
    }
  }

  #written(outline: number): readonly string[] | null {
    const [start, end] = [this.#word(outline, START), this.#word(outline, END)]
    if (start < this.#blockStart || end > this.#blockEnd) {
      this.#blockStart = start
      this.#blockEnd = this.#endOfBlock(outline)
      this.#block = this.#ascii(start, this.#blockEnd)
    }
    if (this.#block !== null) return this.#pieces(outline, this.#block, this.#blockStart)
    const text = this.#ascii(start, end)
    return text === null ? null : this.#pieces(outline, text, start)
  }

  #pieces(outline: number, text: string, from: number): readonly string[] {
    const pieces: string[] = []
    for (let place = PLACES; place < PLACES + 2 * WRITTEN; place += 2) {
      const start = this.#word(outline, place)
      pieces.push(text.slice(start - from, this.#word(outline, place + 1) - from))
    }
    return pieces
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
