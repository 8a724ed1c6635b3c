/**
 * Reads one record of a document field by field and remembers the first thing that is wrong, so
 * that a decoder is a list of its fields. After the last field `finish` also refuses fields that
 * nobody asked for. What it returns after a problem is filler and must not be used.
 */
import { pointerStep } from './json.ts'
import { isMap, type Json, type Value, type ValueMap } from './value.ts'
import { decodeValue } from './value-codec.ts'

interface Sink {
  problem: string | null
}

export class DocumentReader {
  readonly #record: { readonly [key: string]: Json }
  readonly #path: string
  readonly #sink: Sink
  readonly #asked = new Set<string>()

  private constructor(json: Json | undefined, path: string, sink: Sink) {
    this.#path = path
    this.#sink = sink
    this.#record = json !== undefined && isRecord(json) ? json : {}
    if (json === undefined || !isRecord(json)) this.#wrong(path, 'an object')
  }

  static of(json: Json): DocumentReader {
    return new DocumentReader(json, '', { problem: null })
  }

  /** The first problem, or null. */
  finish(): string | null {
    const extra = Object.keys(this.#record).find((key) => !this.#asked.has(key))
    if (extra !== undefined) {
      this.#sink.problem ??= `${JSON.stringify(this.#path + pointerStep(extra))} is not known`
    }
    return this.#sink.problem
  }

  report(key: string, expected: string): void {
    this.#wrong(this.#path + pointerStep(key), expected)
  }

  #wrong(path: string, expected: string): void {
    this.#sink.problem ??= `${JSON.stringify(path)} is not ${expected}`
  }

  #take(key: string): Json | undefined {
    this.#asked.add(key)
    return Object.hasOwn(this.#record, key) ? this.#record[key] : undefined
  }

  /** For fields that documents of before do not have. */
  has(key: string): boolean {
    return Object.hasOwn(this.#record, key)
  }

  text(key: string): string {
    const json = this.#take(key)
    if (typeof json === 'string') return json
    this.report(key, 'text')
    return ''
  }

  textOrNull(key: string): string | null {
    return this.#take(key) === null ? null : this.text(key)
  }

  flag(key: string): boolean {
    const json = this.#take(key)
    if (typeof json === 'boolean') return json
    this.report(key, 'true or false')
    return false
  }

  flagOrNull(key: string): boolean | null {
    return this.#take(key) === null ? null : this.flag(key)
  }

  count(key: string): number {
    const json = this.#take(key)
    if (typeof json === 'number' && Number.isSafeInteger(json) && json >= 0) return json
    this.report(key, 'a count')
    return 0
  }

  oneOf<const Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word {
    const json = this.#take(key)
    const word = words.find((candidate) => candidate === json)
    if (word === undefined) this.report(key, `one of ${words.join(', ')}`)
    return word ?? words[0]
  }

  texts(key: string): readonly string[] {
    const found: string[] = []
    for (const item of this.#listAt(key)) {
      if (typeof item === 'string') found.push(item)
      else this.report(key, 'a list of texts')
    }
    return found
  }

  value(key: string): Value {
    const json = this.#take(key)
    if (json === undefined) this.report(key, 'there')
    const decoded = decodeValue(json ?? null)
    if (decoded.ok) return decoded.value
    this.report(key, `a value: ${decoded.message}`)
    return null
  }

  values(key: string): readonly Value[] {
    const path = this.#path + pointerStep(key)
    return this.#listAt(key).map((item, index) => {
      const decoded = decodeValue(item)
      if (decoded.ok) return decoded.value
      this.#wrong(`${path}/${index}`, `a value: ${decoded.message}`)
      return null
    })
  }

  valueMap(key: string): ValueMap {
    const value = this.value(key)
    if (isMap(value)) return value
    this.report(key, 'a map')
    return {}
  }

  list<Item>(key: string, read: (reader: DocumentReader) => Item): readonly Item[] {
    const path = this.#path + pointerStep(key)
    return this.#listAt(key).map((item, index) => this.#recordAt(item, `${path}/${index}`, read))
  }

  record<Item>(key: string, read: (reader: DocumentReader) => Item): Item {
    return this.#recordAt(this.#take(key), this.#path + pointerStep(key), read)
  }

  #recordAt<Item>(
    json: Json | undefined,
    path: string,
    read: (reader: DocumentReader) => Item,
  ): Item {
    const reader = new DocumentReader(json, path, this.#sink)
    const item = read(reader)
    reader.finish()
    return item
  }

  #listAt(key: string): readonly Json[] {
    const json = this.#take(key)
    if (json !== undefined && isJsonList(json)) return json
    this.report(key, 'a list')
    return []
  }
}

function isJsonList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}

function isRecord(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
