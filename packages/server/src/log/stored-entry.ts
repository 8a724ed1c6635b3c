/**
 * Entries as rows: how one is written, and what must hold before one is believed. A row that does
 * not is tampering, and tampering stops everything: nobody decides on what a database says alone.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { type Entry, leafHash, parseEntry, writeEntry } from '@holdpoint/core'
import type { EntryTable } from '../store/tables.ts'
import { isMac, type MacKey } from './mac.ts'

/** What the database says cannot have been written by the gate. The message is for people. */
export class Tampered extends Error {
  override readonly name = 'Tampered'
}

export type StoredEntry = EntryTable

export type ComposedEntry =
  | { readonly ok: true; readonly row: StoredEntry; readonly entry: Entry }
  | { readonly ok: false; readonly problem: string }

/** The row of an entry; a problem when no reader would take it back, so that it is never written. */
export function storedEntry(entry: Entry, key: MacKey): ComposedEntry {
  const written = writeEntry(entry, nodePrimitives)
  if (!written.ok) return written
  const { data } = written
  const hash = leafHash(nodePrimitives, data)
  const { seq, stream, at } = entry
  const mac = key.mac(seq, hash)
  const row = { seq, stream, type: entry.event.type, at, data, leaf_hash: hash, mac }
  return { ok: true, row, entry: written.entry }
}

/** The entry of a row that the gate wrote; throws `Tampered` for any other. */
export function believedEntry(row: StoredEntry, key: MacKey): Entry {
  const hash = leafHash(nodePrimitives, row.data)
  if (!isMac(row.leaf_hash, hash))
    throw new Tampered(`entry ${row.seq} does not hash to what is stored beside it`)
  if (!isMac(row.mac, key.mac(row.seq, hash)))
    throw new Tampered(`entry ${row.seq} was not written by this gate: its MAC is wrong`)
  const parsed = parseEntry(row.data, nodePrimitives)
  if (!parsed.ok) throw new Tampered(`entry ${row.seq} ${parsed.problem}`)
  const { entry } = parsed
  if (entry.seq !== row.seq || entry.stream !== row.stream || entry.event.type !== row.type)
    throw new Tampered(`the row of entry ${row.seq} says something else than the entry`)
  return entry
}
