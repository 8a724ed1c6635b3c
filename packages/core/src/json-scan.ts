/**
 * One pass over the bytes of a JSON document (RFC 8259): grammar, UTF-8, depth, duplicate keys, and
 * where the numbers lie that a double would not print back. It builds no values, so a document can
 * afterwards be read slice by slice and no string as large as the file ever exists.
 * It must accept exactly what JSON.parse accepts, less what is refused on purpose: duplicate keys,
 * `__proto__`, half surrogate pairs, and nesting beyond the limit.
 */
import { utf8Length } from './json-encoding.ts'
import { KeyLedger } from './json-keys.ts'
import type { Outlines } from './json-outline.ts'
import type { Primitives } from './primitives.ts'

export const DEPTH_MAX = 256

/** A range of bytes, `end` exclusive. */
export interface JsonSpan {
  readonly start: number
  readonly end: number
}

/** An element of a list, and which of the outlines is its; null where nobody has looked. */
export interface JsonElement extends JsonSpan {
  readonly outline: number | null
}

/** One member of the top-level object; `elements` where its value is an array. */
export interface JsonMember {
  readonly span: JsonSpan
  readonly elements: readonly JsonElement[] | null
}

export interface JsonScanned {
  readonly ok: true
  readonly root: JsonSpan
  /** Members of a top-level object, null for anything else. */
  readonly members: ReadonlyMap<string, JsonMember> | null
  /** Elements of a top-level array, null for anything else. */
  readonly elements: readonly JsonElement[] | null
  /** Null where nobody has looked. */
  readonly outlines: Outlines | null
  /** Ascending starts and ends of the numbers that keep their text. */
  readonly numbers: readonly JsonSpan[]
}

export type JsonScan =
  | JsonScanned
  | {
      readonly ok: false
      readonly message: string
      readonly offset: number
      readonly path: readonly (string | number)[]
    }

export function scanJson(bytes: Uint8Array, primitives: Primitives): JsonScan {
  const scanner = new Scanner(bytes, primitives)
  return scanner.scan()
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const FAILED = -1

/** 1 for the bytes of a string that need no look: ASCII from the space on, but " and \. */
const IN_STRING = Uint8Array.from({ length: 256 }, (_none, byte) => {
  return byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0
})

class Scanner {
  readonly #bytes: Uint8Array
  readonly #primitives: Primitives
  readonly #keys: KeyLedger
  readonly #numbers: JsonSpan[] = []
  readonly #members = new Map<string, JsonMember>()
  readonly #path: (string | number)[] = []
  #elements: JsonElement[] | null = null
  #escaped = false
  #message = ''
  #offset = 0

  constructor(bytes: Uint8Array, primitives: Primitives) {
    this.#bytes = bytes
    this.#primitives = primitives
    this.#keys = new KeyLedger(bytes, primitives)
  }

  scan(): JsonScan {
    const start = this.#space(0)
    const first = this.#bytes[start]
    let end = this.#value(start, 1)
    if (end !== FAILED) {
      const after = this.#space(end)
      if (after < this.#bytes.length) end = this.#fail(after, 'there is more after its end')
    }
    if (end === FAILED) {
      const path = this.#path.toReversed()
      return { ok: false, message: this.#message, offset: this.#offset, path }
    }
    return {
      ok: true,
      root: { start, end },
      members: first === 0x7b ? this.#members : null,
      elements: first === 0x5b ? this.#elements : null,
      outlines: null,
      numbers: this.#numbers,
    }
  }

  #fail(offset: number, message: string): number {
    this.#offset = offset
    this.#message = message
    return FAILED
  }

  #unexpected(at: number, wanted: string): number {
    const byte = this.#bytes[at]
    if (byte === undefined) return this.#fail(at, `it ends where ${wanted} is expected`)
    const printable = byte > 0x20 && byte < 0x7f
    const found = printable ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`
    return this.#fail(at, `${found} where ${wanted} is expected`)
  }

  #space(from: number): number {
    const bytes = this.#bytes
    let at = from
    let byte = bytes[at]
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      at += 1
      byte = bytes[at]
    }
    return at
  }

  #value(at: number, depth: number): number {
    const byte = this.#bytes[at]
    if (byte === QUOTE) return this.#string(at)
    if (byte === 0x7b) return this.#object(at, depth)
    if (byte === 0x5b) return this.#array(at, depth)
    if (byte === 0x74) return this.#word(at, 'true')
    if (byte === 0x66) return this.#word(at, 'false')
    if (byte === 0x6e) return this.#word(at, 'null')
    return this.#number(at)
  }

  #word(at: number, word: string): number {
    for (let index = 1; index < word.length; index += 1) {
      if (this.#bytes[at + index] !== word.charCodeAt(index)) {
        return this.#unexpected(at + index, `the rest of "${word}"`)
      }
    }
    return at + word.length
  }

  #object(open: number, depth: number): number {
    if (depth > DEPTH_MAX) return this.#fail(open, `it nests deeper than ${DEPTH_MAX} levels`)
    const bytes = this.#bytes
    let at = this.#space(open + 1)
    if (bytes[at] === 0x7d) return at + 1
    const frame = this.#keys.open()
    for (;;) {
      if (bytes[at] !== QUOTE) return this.#unexpected(at, 'a key in quotes')
      const start = at + 1
      const close = this.#string(at)
      if (close === FAILED) return FAILED
      if (this.#escaped) this.#keys.expectEscapes(frame)
      if (!this.#keys.add(frame, start, close - 1)) return this.#repeated(start, close - 1)
      if (this.#isProto(start, close - 1)) {
        return this.#fail(at, 'the key "__proto__" is not accepted')
      }
      at = this.#space(close)
      if (bytes[at] !== COLON) return this.#unexpected(at, 'a colon')
      at = this.#space(at + 1)
      const end = this.#value(at, depth + 1)
      if (end === FAILED) return this.#unwind(this.#keys.decode(start, close - 1))
      if (depth === 1) this.#member(this.#keys.decode(start, close - 1), { start: at, end })
      at = this.#space(end)
      if (bytes[at] === 0x7d) {
        this.#keys.close(frame)
        return at + 1
      }
      if (bytes[at] !== COMMA) return this.#unexpected(at, 'a comma or a closing brace')
      at = this.#space(at + 1)
    }
  }

  #repeated(start: number, end: number): number {
    const text = this.#keys.decode(start, end)
    this.#path.push(text)
    return this.#fail(start - 1, `the key ${JSON.stringify(text)} appears twice`)
  }

  #unwind(step: string | number): number {
    this.#path.push(step)
    return FAILED
  }

  /** JSON.parse would define it safely, but every later copy by assignment would not. */
  #isProto(start: number, end: number): boolean {
    if (!this.#escaped && (end - start !== 9 || this.#bytes[start] !== 0x5f)) return false
    return this.#keys.decode(start, end) === '__proto__'
  }

  #member(name: string, span: JsonSpan): void {
    const elements = this.#bytes[span.start] === 0x5b ? this.#elements : null
    this.#members.set(name, { span, elements })
    this.#elements = null
  }

  #array(open: number, depth: number): number {
    if (depth > DEPTH_MAX) return this.#fail(open, `it nests deeper than ${DEPTH_MAX} levels`)
    const bytes = this.#bytes
    const elements: JsonElement[] | null = depth <= 2 ? [] : null
    let at = this.#space(open + 1)
    let index = 0
    let end = bytes[at] === 0x5d ? at : FAILED
    while (end === FAILED) {
      const next = this.#value(at, depth + 1)
      if (next === FAILED) return this.#unwind(index)
      elements?.push({ start: at, end: next, outline: null })
      index += 1
      at = this.#space(next)
      if (bytes[at] === 0x5d) end = at
      else if (bytes[at] !== COMMA) return this.#unexpected(at, 'a comma or a closing bracket')
      else at = this.#space(at + 1)
    }
    if (depth <= 2) this.#elements = elements
    return end + 1
  }

  #string(open: number): number {
    const bytes = this.#bytes
    let escaped = false
    let at = open + 1
    for (;;) {
      let byte = bytes[at] ?? 0
      while (IN_STRING[byte] === 1) {
        at += 1
        byte = bytes[at] ?? 0
      }
      if (byte === QUOTE) {
        this.#escaped = escaped
        return at + 1
      }
      const next = this.#odd(at, bytes[at])
      if (next === FAILED) return FAILED
      if (byte === BACKSLASH) escaped = true
      at = next
    }
  }

  /** Whatever in a string is not plain ASCII: an escape, several bytes, or a mistake. */
  #odd(at: number, byte: number | undefined): number {
    if (byte === undefined) return this.#fail(at, 'it ends in the middle of a string')
    if (byte === BACKSLASH) return this.#escape(at)
    if (byte < 0x20) return this.#fail(at, `control byte ${byte} in a string`)
    const length = utf8Length(this.#bytes, at)
    return length === 0 ? this.#fail(at, `byte ${byte} is not valid UTF-8`) : at + length
  }

  #escape(at: number): number {
    const byte = this.#bytes[at + 1]
    if (byte === undefined) return this.#fail(at, 'it ends in the middle of a string')
    if (byte !== 0x75) {
      const known = '"\\/bfnrt'.includes(String.fromCharCode(byte))
      return known ? at + 2 : this.#fail(at, 'an escape that JSON does not have')
    }
    const unit = this.#unit(at)
    if (unit === FAILED) return this.#fail(at, 'an escape without four hex digits')
    if (unit < 0xd800 || unit > 0xdfff) return at + 6
    const low = unit <= 0xdbff ? this.#unit(at + 6) : FAILED
    if (low >= 0xdc00 && low <= 0xdfff) return at + 12
    return this.#fail(at, 'half a surrogate pair in a string')
  }

  /** The code unit of the escape `\uXXXX` at `at`. */
  #unit(at: number): number {
    if (this.#bytes[at] !== BACKSLASH || this.#bytes[at + 1] !== 0x75) return FAILED
    let unit = 0
    for (let index = at + 2; index < at + 6; index += 1) {
      const digit = hexDigit(this.#bytes[index] ?? 0)
      if (digit === FAILED) return FAILED
      unit = unit * 16 + digit
    }
    return unit
  }

  #number(start: number): number {
    const bytes = this.#bytes
    const negative = bytes[start] === 0x2d
    let at = negative ? start + 1 : start
    if (bytes[at] === 0x30) at += 1
    else {
      const end = this.#digits(at)
      if (end === at) return this.#unexpected(at, negative ? 'a digit' : 'a value')
      at = end
    }
    const whole = at
    if (bytes[at] === 0x2e) {
      const end = this.#digits(at + 1)
      if (end === at + 1) return this.#unexpected(end, 'a digit')
      at = end
    }
    const byte = bytes[at]
    if (byte === 0x65 || byte === 0x45) {
      const sign = bytes[at + 1]
      const from = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1
      const end = this.#digits(from)
      if (end === from) return this.#unexpected(end, 'a digit')
      at = end
    }
    // Up to 15 digits a double prints back every integer, except that it has no minus zero.
    const short = at === whole && at - start <= 15 && !(negative && bytes[start + 1] === 0x30)
    if (!short) this.#keep(start, at)
    return at
  }

  #digits(from: number): number {
    const bytes = this.#bytes
    let at = from
    let byte = bytes[at]
    while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
      at += 1
      byte = bytes[at]
    }
    return at
  }

  #keep(start: number, end: number): void {
    if (!printsBack(this.#primitives.text(this.#bytes.subarray(start, end)))) {
      this.#numbers.push({ start, end })
    }
  }
}

/** Whether a double prints the number as it is written. */
export function printsBack(text: string): boolean {
  return String(Number(text)) === text
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : FAILED
}
