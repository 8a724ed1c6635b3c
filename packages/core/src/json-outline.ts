/**
 * Where the members of a document's list elements lie, two levels deep, so that a large plan can be
 * looked through without every change of it becoming objects. It must never call a text canonical
 * that canonical.ts would print differently, nor open in which redaction would hide something.
 */
import type { Value } from './value.ts'

const ROW = 3
const ROWS_MIN = 256

/** Three numbers a member: twenty of them for each of a hundred thousand changes. */
export class OutlineRows {
  #rows = new Int32Array(ROW * ROWS_MIN)
  #length = 0

  get count(): number {
    return this.#length / ROW
  }

  /** `~key` on the inner level, `~start` where the sieve caught something, `~end` if not canonical. */
  add(key: number, start: number, end: number): void {
    if (this.#length === this.#rows.length) this.#grow(this.#length * 2)
    this.#rows[this.#length] = key
    this.#rows[this.#length + 1] = start
    this.#rows[this.#length + 2] = end
    this.#length += ROW
  }

  /** Rows as `add` would write them, three numbers each. */
  append(words: Int32Array): void {
    const needed = this.#length + words.length
    if (needed > this.#rows.length) this.#grow(Math.max(needed, this.#rows.length * 2))
    this.#rows.set(words, this.#length)
    this.#length = needed
  }

  #grow(length: number): void {
    const larger = new Int32Array(length)
    larger.set(this.#rows)
    this.#rows = larger
  }

  /** Level, name and place of a member; see `JsonMembers`. */
  at(row: number, part: 0 | 1 | 2): number {
    return this.#rows[row * ROW + part] ?? 0
  }
}

/**
 * Whether nothing stands in a value where its mask says `true`, nor anything of another shape. Both
 * are starts of canonical texts in the document.
 */
export type LeavesOut = (value: number, mask: number) => boolean

export interface Outline {
  readonly rows: OutlineRows
  readonly leavesOut: LeavesOut | null
}

/**
 * The members of one element, inner ones before the member they are in. `text` is the element's,
 * from byte `from` on, and ASCII: its characters are the document's bytes.
 */
export class JsonMembers {
  readonly #rows: OutlineRows
  readonly #leavesOut: LeavesOut | null
  readonly #text: string
  readonly #from: number
  readonly firstRow: number
  readonly endRow: number

  constructor({ rows, leavesOut }: Outline, element: ElementRows, text: string) {
    this.#rows = rows
    this.#leavesOut = leavesOut
    this.#text = text
    this.#from = element.start
    this.firstRow = element.firstRow
    this.endRow = element.endRow
  }

  /** Whether it is a member of one of the element's members, and not of the element itself. */
  isInner(row: number): boolean {
    return this.#rows.at(row, 0) < 0
  }

  /** As written; a name with escapes or with space before its colon is nobody's. */
  name(row: number): string {
    const key = this.#rows.at(row, 0)
    return this.#text.slice((key < 0 ? ~key : key) - this.#from, this.#start(row) - 2)
  }

  /** The value's own text. */
  text(row: number): string {
    const end = this.#rows.at(row, 2)
    return this.#text.slice(this.#start(row), (end < 0 ? ~end : end) - this.#from)
  }

  /** Whether the text is what canonical.ts prints of the value. */
  isCanonical(row: number): boolean {
    return this.#rows.at(row, 2) >= 0
  }

  /**
   * Whether nothing in it needs a closer look for secrets (secret-sieve.ts). A text that is itself a
   * member of the element is open even if it looks random.
   */
  isOpen(row: number): boolean {
    return this.#rows.at(row, 1) >= 0
  }

  /** Of two canonical texts; null where they have to be read to find out. */
  leavesOut(value: number, mask: number): boolean | null {
    return this.#leavesOut?.(this.#at(value), this.#at(mask)) ?? null
  }

  #start(row: number): number {
    return this.#at(row) - this.#from
  }

  #at(row: number): number {
    const start = this.#rows.at(row, 1)
    return start < 0 ? ~start : start
  }
}

interface ElementRows {
  readonly start: number
  readonly firstRow: number
  readonly endRow: number
}

/** One element of a list: as a value, or as it is written. */
export interface JsonSlice {
  readonly read: () => Value
  /** Null where a character has more than one byte, or nobody has looked. */
  readonly members: () => JsonMembers | null
}
