/**
 * Reads the YAML of a policy, or of another small file of rules, by its nodes, so that every problem has a line and a column. It never
 * builds JavaScript values from the document: no anchors, aliases, tags or merges, no duplicate
 * keys, nothing that means more than it shows.
 */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'
import type { PolicyProblem, Position } from './document.ts'

export const POLICY_LENGTH_MAX = 1_048_576

/** A value in the document, present or missing, and the path that leads to it. */
export interface Place {
  readonly node: Node | null
  readonly path: string
  /** Where to point at: the value itself, or what lacks it. */
  readonly offset: number
}

export interface Keys {
  readonly required?: readonly string[]
  readonly optional?: readonly string[]
}

/** Collects every problem of a document while it is read. */
export class PolicyReader {
  readonly problems: PolicyProblem[] = []
  readonly #text: string
  readonly #what: string
  readonly #lines = new LineCounter()

  /** `what` names the file in its problems. */
  constructor(text: string, what = 'the policy') {
    this.#text = text
    this.#what = what
  }

  /** The document's root, or `null` when the text is no YAML that a policy may be. */
  open(): Place | null {
    // Code units bound bytes from below; what is refused here is far beyond any policy.
    if (this.#text.length > POLICY_LENGTH_MAX) {
      this.problems.push({ line: 1, column: 1, path: '', message: `${this.#what} is over 1 MiB` })
      return null
    }
    const document = this.#parse()
    if (document === null) return null
    for (const error of [...document.errors, ...document.warnings])
      this.#report(error.pos[0], '', firstLine(error.message))
    this.#refuseIndirection(document)
    const { contents } = document
    if (contents === null && this.problems.length === 0)
      this.#report(0, '', `${this.#what} is empty`)
    if (contents === null || this.problems.length > 0) return null
    return { node: contents, path: '', offset: offsetOf(contents) }
  }

  position(place: Place): Position {
    return this.#positionAt(place.offset)
  }

  problem(place: Place, message: string): void {
    this.#report(place.offset, place.path, message)
  }

  /** Entries of a mapping by key. Unknown keys and missing ones are problems of their own. */
  mapping(place: Place, keys: Keys): ReadonlyMap<string, Place> | null {
    const { node, path } = place
    if (!isMap(node)) {
      this.problem(place, 'expected keys with values')
      return null
    }
    const found = new Map<string, Place>()
    const known = [...(keys.required ?? []), ...(keys.optional ?? [])]
    for (const pair of node.items) {
      const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : null
      const at = isNode(pair.key) ? offsetOf(pair.key) : place.offset
      const inner = path === '' ? (key ?? '?') : `${path}.${key ?? '?'}`
      if (key === null) this.#report(at, path, 'a key must be a text')
      else if (!known.includes(key))
        this.#report(at, inner, `unknown key ${key}; allowed here are ${known.join(', ')}`)
      else {
        const value = isNode(pair.value) ? pair.value : null
        found.set(key, { node: value, path: inner, offset: value === null ? at : offsetOf(value) })
      }
    }
    for (const key of keys.required ?? [])
      if (!found.has(key)) this.problem(place, `${key} is missing`)
    return found
  }

  list(place: Place): readonly Place[] | null {
    const { node, path } = place
    if (!isSeq(node)) {
      this.problem(place, 'expected a list')
      return null
    }
    return node.items.map((item, at) => {
      const inner = isNode(item) ? item : null
      const offset = inner === null ? place.offset : offsetOf(inner)
      return { node: inner, path: `${path}[${at}]`, offset }
    })
  }

  isList(place: Place): boolean {
    return isSeq(place.node)
  }

  text(place: Place, expected = 'expected a text'): string | null {
    const value = isScalar(place.node) ? place.node.value : null
    if (typeof value === 'string' && value !== '') return value
    this.problem(place, expected)
    return null
  }

  /** A whole number within bounds, both inclusive. */
  integer(place: Place, bounds: { readonly min: number; readonly max: number }): number | null {
    const value = isScalar(place.node) ? place.node.value : null
    if (typeof value === 'number' && Number.isInteger(value)) {
      if (value >= bounds.min && value <= bounds.max) return value
    }
    this.problem(place, `expected a whole number from ${bounds.min} to ${bounds.max}`)
    return null
  }

  /** Only the word `true` itself: `allow: false` would read as its opposite. */
  isTrue(place: Place): boolean {
    if (isScalar(place.node) && place.node.value === true) return true
    this.problem(place, 'expected true')
    return false
  }

  isNumber(place: Place, number: number): boolean {
    return isScalar(place.node) && place.node.value === number
  }

  isWord(place: Place, word: string): boolean {
    return isScalar(place.node) && place.node.value === word
  }

  /** A place inside a text: the offset counts characters of the text as YAML reads it. */
  within(place: Place, offset: number): Place {
    if (!isScalar(place.node)) return place
    return { ...place, offset: sourceOffset(this.#text, place.node, offset) }
  }

  #parse(): Document | null {
    try {
      return parseDocument(this.#text, {
        lineCounter: this.#lines,
        prettyErrors: false,
        uniqueKeys: true,
        version: '1.2',
        schema: 'core',
      })
    } catch (error) {
      // The composer recurses, so nesting that no policy has ends its stack.
      if (!(error instanceof RangeError)) throw error
      const message = `${this.#what} is nested too deeply`
      this.problems.push({ line: 1, column: 1, path: '', message })
      return null
    }
  }

  #refuseIndirection(document: Document): void {
    const indefinite = this.#what.replace(/^the /, 'a ')
    visit(document, {
      Node: (_key, node) => {
        if (isAlias(node))
          this.#report(offsetOf(node), '', `aliases are not allowed in ${indefinite}`)
        else if (node.anchor !== undefined)
          this.#report(offsetOf(node), '', `anchors are not allowed in ${indefinite}`)
        else if (node.tag?.startsWith('!') === true)
          this.#report(offsetOf(node), '', `tags are not allowed in ${indefinite}`)
      },
    })
  }

  #report(offset: number, path: string, message: string): void {
    this.problems.push({ ...this.#positionAt(offset), path, message })
  }

  #positionAt(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}

/**
 * Follows the text through its source. What YAML adds to a text is white space, quotes and
 * backslashes, so the next equal character that is none of them is the same one.
 */
function sourceOffset(source: string, scalar: Scalar, offset: number): number {
  const value = String(scalar.value)
  const [start, end] = scalar.range ?? [0, 0]
  let at = bodyOf(source, scalar, start)
  for (const [index, character] of [...value].entries()) {
    if (/\s/.test(character)) continue
    while (at < end && source[at] !== character.charAt(0)) at += 1
    if (index >= offset) return at
    at += character.length
  }
  return Math.min(at, end)
}

function bodyOf(source: string, scalar: Scalar, start: number): number {
  const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED'
  return isBlock ? source.indexOf('\n', start) + 1 : start
}
