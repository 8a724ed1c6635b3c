/**
 * Finds duplicate keys while a document is scanned. JSON.parse keeps the last of two equal keys, so
 * `"actions":["delete"],"actions":["no-op"]` would hide a delete.
 * Cheap where keys ascend (one comparison); otherwise siblings are compared byte by byte, and from
 * 33 keys or any escaped key on, decoded keys go into a set. It must never miss an equal pair,
 * however the two are spelled.
 */
import type { Primitives } from './primitives.ts'

const PAIRWISE_MAX = 32

/** The keys seen so far in one object. `seen` is in charge once it exists. */
export interface KeyFrame {
  readonly base: number
  ascending: boolean
  seen: Set<string> | null
}

export class KeyLedger {
  readonly #bytes: Uint8Array
  readonly #primitives: Primitives
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  /** Entries of both lists that count; what lies beyond is left over, and written over. */
  #count = 0

  constructor(bytes: Uint8Array, primitives: Primitives) {
    this.#bytes = bytes
    this.#primitives = primitives
  }

  open(): KeyFrame {
    return { base: this.#count, ascending: true, seen: null }
  }

  close(frame: KeyFrame): void {
    this.#count = frame.base
  }

  /** The text of a key whose quotes lie at `start - 1` and `end`; escapes are decoded. */
  decode(start: number, end: number): string {
    const text = this.#primitives.text(this.#bytes.subarray(start - 1, end + 1))
    const decoded: unknown = JSON.parse(text)
    return typeof decoded === 'string' ? decoded : ''
  }

  /** From here on the object's keys are compared decoded. */
  expectEscapes(frame: KeyFrame): void {
    frame.seen ??= this.#decodeAll(frame.base)
  }

  /** False where the object already has this key. `start` and `end` lie inside the quotes. */
  add(frame: KeyFrame, start: number, end: number): boolean {
    if (!frame.ascending && frame.seen === null && this.#count - frame.base >= PAIRWISE_MAX) {
      frame.seen = this.#decodeAll(frame.base)
    }
    const fresh =
      frame.seen === null
        ? this.#isFresh(frame, start, end)
        : this.#remember(frame.seen, start, end)
    this.#starts[this.#count] = start
    this.#ends[this.#count] = end
    this.#count += 1
    return fresh
  }

  #decodeAll(base: number): Set<string> {
    const seen = new Set<string>()
    for (let index = base; index < this.#count; index += 1) {
      seen.add(this.decode(this.#starts[index] ?? 0, this.#ends[index] ?? 0))
    }
    return seen
  }

  #remember(seen: Set<string>, start: number, end: number): boolean {
    const text = this.decode(start, end)
    if (seen.has(text)) return false
    seen.add(text)
    return true
  }

  #isFresh(frame: KeyFrame, start: number, end: number): boolean {
    const last = this.#count - 1
    if (last < frame.base) return true
    if (frame.ascending) {
      if (this.#compare(last, start, end) < 0) return true
      frame.ascending = false
    }
    for (let index = frame.base; index <= last; index += 1) {
      const length = (this.#ends[index] ?? 0) - (this.#starts[index] ?? 0)
      if (length === end - start && this.#compare(index, start, end) === 0) return false
    }
    return true
  }

  /** Order of the stored key and the new one by bytes, which are unescaped UTF-8 on both sides. */
  #compare(index: number, newStart: number, newEnd: number): number {
    const bytes = this.#bytes
    const start = this.#starts[index] ?? 0
    const length = (this.#ends[index] ?? 0) - start
    const common = Math.min(length, newEnd - newStart)
    for (let offset = 0; offset < common; offset += 1) {
      const difference = (bytes[start + offset] ?? 0) - (bytes[newStart + offset] ?? 0)
      if (difference !== 0) return difference
    }
    return length - (newEnd - newStart)
  }
}
