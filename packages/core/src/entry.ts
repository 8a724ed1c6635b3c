/**
 * An entry is one event in the audit log, a Merkle leaf. It holds ids, enumerations, digests and
 * times; plans, findings and whatever a person typed lie elsewhere and appear here as digests.
 */
import type { AccessEvent } from './access.ts'
import type { ActorRef } from './actor.ts'
import { canonicalText } from './canonical.ts'
import type { ChangeEvent } from './change.ts'
import { entryShape } from './event-shape.ts'
import type { ChangeId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { PolicyEvent } from './policy-revision.ts'
import type { Primitives } from './primitives.ts'
import type { Json } from './value.ts'

/** C2SP tlog-tiles: an entry's length is a 16-bit number. */
export const ENTRY_BYTES_MAX = 65_535

export type LogEvent = {
  readonly type: 'log_started'
  readonly origin: string
  readonly mode: 'development' | 'production'
  /** Head of the log this one continues after a loss, `null` for the first. */
  readonly previous: {
    readonly origin: string
    readonly size: number
    readonly root: string
  } | null
}

export type AnyEvent = ChangeEvent | PolicyEvent | AccessEvent | LogEvent
export type Stream = ChangeId | 'policy' | 'access' | 'log'

export interface Entry {
  readonly v: 1
  /** Position in the log, from 0, without gaps: commit order. */
  readonly seq: number
  /** The database's clock; never before the entry before it. */
  readonly at: Instant
  readonly stream: Stream
  readonly actor: ActorRef
  readonly event: AnyEvent
}

/** The leaf's bytes: canonical JSON, so that one entry has one form. */
export function entryBytes(entry: Entry, primitives: Primitives): Uint8Array {
  return primitives.utf8(canonicalText(entryDocument(entry)))
}

function entryDocument(entry: Entry): Json {
  const { v, seq, at, stream, actor, event } = entry
  return { actor: { id: actor.id, kind: actor.kind }, at, event: asJson(event), seq, stream, v }
}

/** Events are made of JSON values only; this says so to the compiler without an assertion. */
function asJson(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return value
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value !== 'object') throw new Error('an event holds JSON values only')
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.toSorted(byKey).map(([key, field]) => [key, asJson(field)]))
}

/** In the canonical order already, which is then printed at once. */
function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

export type WrittenEntry =
  | { readonly ok: true; readonly data: Uint8Array; readonly entry: Entry }
  | { readonly ok: false; readonly problem: string }

/**
 * The leaf of an entry, and the entry as whoever reads the leaf has it; a problem where no reader
 * would take it back, so that it is never written.
 */
export function writeEntry(entry: Entry, primitives: Primitives): WrittenEntry {
  const document = entryDocument(entry)
  if (!entryShape.is(document)) return { ok: false, problem: 'it has a shape that nobody reads' }
  const data = primitives.utf8(canonicalText(document))
  if (data.length <= ENTRY_BYTES_MAX) return { ok: true, data, entry: document }
  const problem = `it would be ${data.length} bytes in the log, where ${ENTRY_BYTES_MAX} fit`
  return { ok: false, problem }
}

export type ParsedEntry =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly problem: string }

/**
 * Reads a leaf. Only the canonical form is an entry: bytes that parse but would be written
 * differently are refused, so that one entry has one leaf.
 */
export function parseEntry(data: Uint8Array, primitives: Primitives): ParsedEntry {
  if (data.length > ENTRY_BYTES_MAX)
    return { ok: false, problem: `is longer than ${ENTRY_BYTES_MAX} bytes` }
  const value = readText(data, primitives)
  if (!entryShape.is(value)) return { ok: false, problem: 'is not an entry of a known shape' }
  const again = entryBytes(value, primitives)
  const same = again.length === data.length && again.every((byte, index) => byte === data[index])
  return same ? { ok: true, entry: value } : { ok: false, problem: 'is not in the canonical form' }
}

function readText(data: Uint8Array, primitives: Primitives): unknown {
  try {
    return JSON.parse(primitives.text(data))
  } catch {
    return null
  }
}
