/**
 * Reads JSON without loss: every number keeps its meaning, duplicate keys and broken text are
 * refused, and a large document can be read slice by slice (`openJson`). Whoever reads a plan reads
 * it here, because a reader that repairs or forgets makes two different plans equal.
 */
import { toUtf8 } from './json-encoding.ts'
import { type JsonSlice, ToldElements } from './json-outline.ts'
import { type JsonElement, type JsonMember, type JsonSpan, scanJson } from './json-scan.ts'
import type { Primitives } from './primitives.ts'
import { isList, isMap, NumberText, type Value, type ValueMap } from './value.ts'

/** What is wrong with a document and where; `path` is a JSON pointer (RFC 6901). */
export interface JsonProblem {
  readonly message: string
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  readonly path: string
}

/** A checked document whose parts are read on demand. */
export interface JsonDocument {
  /** Members of a top-level object, null for anything else. */
  readonly members: ReadonlyMap<string, JsonMember> | null
  /** Elements of a top-level array, null for anything else. */
  readonly elements: readonly JsonElement[] | null
  readonly root: JsonSpan
  readonly read: (span: JsonSpan) => Value
  readonly slice: (element: JsonElement) => JsonSlice
}

export type OpenedJson =
  | { readonly ok: true; readonly document: JsonDocument }
  | { readonly ok: false; readonly problem: JsonProblem }

export type ReadJson =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: JsonProblem }

/** Checks the whole document; reads nothing yet. Strips a BOM, decodes UTF-16 by its BOM. */
export function openJson(bytes: Uint8Array, primitives: Primitives): OpenedJson {
  const encoded = toUtf8(bytes)
  if (!encoded.ok) {
    const place = placeOf(encoded.before, encoded.before.length)
    return { ok: false, problem: { message: encoded.message, ...place, path: '' } }
  }
  const scan = primitives.scan?.(encoded.bytes) ?? scanJson(encoded.bytes, primitives)
  if (!scan.ok) {
    const place = placeOf(encoded.bytes, scan.offset)
    return { ok: false, problem: { message: scan.message, ...place, path: pointer(scan.path) } }
  }
  const slices = new Slices(encoded.bytes, scan.numbers, primitives)
  const read = (span: JsonSpan): Value => slices.read(span)
  const { members, elements, root, outlines } = scan
  const reader =
    outlines === null ? null : new ToldElements(outlines, encoded.bytes, primitives.text)
  const slice = (element: JsonElement): JsonSlice => ({
    read: () => slices.read(element),
    told: () => (element.outline === null ? null : (reader?.told(element.outline) ?? null)),
  })
  return { ok: true, document: { members, elements, root, read, slice } }
}

/** The whole document as one value; see `openJson` for what is refused. */
export function readJson(bytes: Uint8Array, primitives: Primitives): ReadJson {
  const opened = openJson(bytes, primitives)
  if (!opened.ok) return opened
  return { ok: true, value: readDocument(opened.document) }
}

export function readDocument(document: JsonDocument): Value {
  if (document.elements !== null) return document.elements.map(document.read)
  if (document.members === null) return document.read(document.root)
  const entries: [string, Value][] = []
  for (const [key, member] of document.members) {
    entries.push([key, member.elements?.map(document.read) ?? document.read(member.span)])
  }
  return Object.fromEntries(entries)
}

/** JSON pointer text of a path (RFC 6901). */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((step) => pointerStep(step)).join('')
}

export function pointerStep(step: string | number): string {
  if (typeof step === 'number') return `/${step}`
  return step.includes('~') || step.includes('/')
    ? `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : `/${step}`
}

/** Only computed once something is wrong. A column counts characters, not bytes. */
function placeOf(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1
  let column = 1
  const end = Math.min(offset, bytes.length)
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === 0x0a) {
      line += 1
      column = 1
    } else if ((byte & 0xc0) !== 0x80) column += 1
  }
  return { line, column }
}

/**
 * A number that keeps its text stands in the slice as a string that begins with half a surrogate
 * pair. The scanner refuses those everywhere, so no string of the document can be taken for one.
 */
const NUMBER_MARK = '\ud800'
const NUMBER_MARK_ESCAPED = '"\\ud800'

class Slices {
  readonly #bytes: Uint8Array
  readonly #numbers: readonly JsonSpan[]
  readonly #primitives: Primitives

  constructor(bytes: Uint8Array, numbers: readonly JsonSpan[], primitives: Primitives) {
    this.#bytes = bytes
    this.#numbers = numbers
    this.#primitives = primitives
  }

  read(span: JsonSpan): Value {
    const first = this.#firstNumber(span.start)
    const next = this.#numbers[first]
    if (next === undefined || next.start >= span.end) {
      const plain: Value = JSON.parse(this.#text(span.start, span.end))
      return plain
    }
    const marked: Value = JSON.parse(this.#marked(span, first))
    return restoreNumbers(marked)
  }

  #text(start: number, end: number): string {
    return this.#primitives.text(this.#bytes.subarray(start, end))
  }

  #marked(span: JsonSpan, first: number): string {
    let text = ''
    let from = span.start
    for (let index = first; index < this.#numbers.length; index += 1) {
      const number = this.#numbers[index]
      if (number === undefined || number.start >= span.end) break
      text += this.#text(from, number.start) + NUMBER_MARK_ESCAPED
      text += `${this.#text(number.start, number.end)}"`
      from = number.end
    }
    return text + this.#text(from, span.end)
  }

  /** Index of the first kept number at or after `start`. */
  #firstNumber(start: number): number {
    let low = 0
    let high = this.#numbers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#numbers[middle]?.start ?? 0) < start) low = middle + 1
      else high = middle
    }
    return low
  }
}

function restoreNumbers(value: Value): Value {
  if (typeof value === 'string') {
    return value.charCodeAt(0) === 0xd800 && isDigitOrMinus(value.charCodeAt(1))
      ? new NumberText(value.slice(NUMBER_MARK.length))
      : value
  }
  if (isList(value)) return value.map(restoreNumbers)
  if (isMap(value)) return restoreMap(value)
  return value
}

function restoreMap(map: ValueMap): ValueMap {
  const entries: [string, Value][] = []
  for (const [key, value] of Object.entries(map)) entries.push([key, restoreNumbers(value)])
  return Object.fromEntries(entries)
}

function isDigitOrMinus(unit: number): boolean {
  return unit === 0x2d || (unit >= 0x30 && unit <= 0x39)
}
