/**
 * What the compiled scan (`compiled/scan.ts`) tells of a document, as the scan of json-scan.ts has
 * it. It comes in logs of 32-bit words, each in parts and in the order of the document.
 */
import { type Digest, digestOfHex } from './ids.ts'
import { OUTLINE_WORDS } from './json-outline.ts'
import {
  type JsonElement,
  type JsonMember,
  type JsonScanned,
  type JsonSpan,
  printsBack,
} from './json-scan.ts'
import type { Primitives } from './primitives.ts'

/** In the order of the numbers that the compiled scan has for them. */
export const SCAN_LOGS = ['elements', 'members', 'numbers'] as const

export type ScanLog = (typeof SCAN_LOGS)[number]

interface LogPrimitives extends Pick<Primitives, 'text'> {
  /** SHA-256 in lower-case hex. */
  readonly digest: (data: Uint8Array) => string
}

export class ScanLogs {
  readonly #bytes: Uint8Array
  readonly #primitives: LogPrimitives
  readonly #digests: Digest[] = []
  #outlines = new Int32Array()
  readonly #elements: JsonElement[] = []
  readonly #members: number[] = []
  readonly #numbers: JsonSpan[] = []

  constructor(bytes: Uint8Array, primitives: LogPrimitives) {
    this.#bytes = bytes
    this.#primitives = primitives
  }

  /** The words are read at once and not kept. */
  take(log: ScanLog, words: Int32Array): void {
    if (log === 'elements') this.#takeElements(words)
    else if (log === 'members') this.#members.push(...words)
    else this.#takeNumbers(words)
  }

  /** The text that is digested of an element, read at once; before the element itself is taken. */
  digest(element: number, text: Uint8Array): void {
    this.#digests[element] = digestOfHex(this.#primitives.digest(text))
  }

  /** `end` is that of the document's only value. */
  scanned(end: number): JsonScanned {
    let start = 0
    while (isSpace(this.#bytes[start])) start += 1
    const first = this.#bytes[start]
    return {
      ok: true,
      root: { start, end },
      members: first === 0x7b ? this.#memberMap() : null,
      elements: first === 0x5b ? this.#elements : null,
      outlines: { words: this.#outlines, digests: this.#digests },
      numbers: this.#numbers,
    }
  }

  #takeElements(words: Int32Array): void {
    const from = this.#elements.length * OUTLINE_WORDS
    this.#keep(words, from)
    for (let at = 0; at < words.length; at += OUTLINE_WORDS) {
      const outline = this.#elements.length
      this.#elements.push({ start: words[at] ?? 0, end: words[at + 1] ?? 0, outline })
    }
  }

  #keep(words: Int32Array, from: number): void {
    const needed = from + words.length
    if (needed > this.#outlines.length) {
      const larger = new Int32Array(Math.max(needed, this.#outlines.length * 2))
      larger.set(this.#outlines)
      this.#outlines = larger
    }
    this.#outlines.set(words, from)
  }

  /** Only at the end: a member may be told before the last elements of its list. */
  #memberMap(): ReadonlyMap<string, JsonMember> {
    const words = this.#members
    const members = new Map<string, JsonMember>()
    for (let at = 0; at < words.length; at += 6) {
      const [keyStart, keyEnd, start = 0, end = 0, first = 0, behind = 0] = words.slice(at, at + 6)
      // It has no escapes: the compiled scan leaves those to the other.
      const name = this.#primitives.text(this.#bytes.subarray(keyStart, keyEnd))
      const elements = first < 0 ? null : this.#elements.slice(first, behind)
      members.set(name, { span: { start, end }, elements })
    }
    return members
  }

  #takeNumbers(words: Int32Array): void {
    for (let at = 0; at < words.length; at += 2) {
      const start = words[at] ?? 0
      const end = words[at + 1] ?? 0
      if (!printsBack(this.#primitives.text(this.#bytes.subarray(start, end)))) {
        this.#numbers.push({ start, end })
      }
    }
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
