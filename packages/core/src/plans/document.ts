/**
 * What a plan format reads from: the top level of a document, its parts on demand. A checked JSON
 * file gives one without ever becoming one large tree; a value that is already read gives one too,
 * and so does a file of JSON lines.
 */
import { type JsonDocument, readDocument } from '../json.ts'
import type { JsonSlice } from '../json-outline.ts'
import { isList, isMap, type Value } from '../value.ts'

export interface PlanDocument {
  /** What the document is at its top; `lines` are several objects, one a line. */
  readonly kind: 'object' | 'array' | 'lines' | 'other'
  /** Keys of a top-level object in the order of the document; of lines, those of the first. */
  readonly keys: readonly string[]
  /** Elements of a top-level list, or the lines; nothing for anything else. */
  readonly items: () => Iterable<Value>
  /** Undefined where there is no such member. */
  readonly read: (key: string) => Value | undefined
  /** Length of a member that is a list, null where it is none. */
  readonly count: (key: string) => number | null
  /** The elements of a member that is a list, one at a time; nothing where it is none. */
  readonly elements: (key: string) => Iterable<Value>
  /** The same as slices, which need not become values. */
  readonly slices: (key: string) => Iterable<JsonSlice>
  /** The whole document. */
  readonly whole: () => Value
}

export function documentOfJson(json: JsonDocument): PlanDocument {
  const members = json.members
  return {
    kind: members !== null ? 'object' : json.elements !== null ? 'array' : 'other',
    keys: members === null ? [] : [...members.keys()],
    items: function* items() {
      for (const span of json.elements ?? []) yield json.read(span)
    },
    read: (key) => {
      const member = members?.get(key)
      if (member === undefined) return undefined
      return member.elements?.map(json.read) ?? json.read(member.span)
    },
    count: (key) => members?.get(key)?.elements?.length ?? null,
    elements: function* elements(key) {
      for (const span of members?.get(key)?.elements ?? []) yield json.read(span)
    },
    slices: function* slices(key) {
      for (const element of members?.get(key)?.elements ?? []) yield json.slice(element)
    },
    whole: () => readDocument(json),
  }
}

/** A document whose lines are objects of their own. It has no members: only `items` gives any. */
export function documentOfLines(lines: readonly JsonDocument[]): PlanDocument {
  return {
    kind: 'lines',
    keys: [...(lines[0]?.members?.keys() ?? [])],
    items: function* items() {
      for (const line of lines) yield readDocument(line)
    },
    read: () => undefined,
    count: () => null,
    elements: () => [],
    slices: () => [],
    whole: () => lines.map(readDocument),
  }
}

export function documentOfValue(value: Value): PlanDocument {
  const map = isMap(value) ? value : null
  const read = (key: string): Value | undefined => {
    return map !== null && Object.hasOwn(map, key) ? map[key] : undefined
  }
  const list = (key: string): readonly Value[] | null => {
    const member = read(key)
    return member !== undefined && isList(member) ? member : null
  }
  return {
    kind: map !== null ? 'object' : isList(value) ? 'array' : 'other',
    keys: map === null ? [] : Object.keys(map),
    items: () => (isList(value) ? value : []),
    read,
    count: (key) => list(key)?.length ?? null,
    elements: (key) => list(key) ?? [],
    slices: (key) => (list(key) ?? []).map((item) => ({ read: () => item, told: () => null })),
    whole: () => value,
  }
}
