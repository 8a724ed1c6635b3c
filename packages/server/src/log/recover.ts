/**
 * After a loss, with an export at hand: entries come back, but only under a checkpoint that this
 * log's own key signed and that reaches what the guard has seen. What the database holds beside
 * them, and cannot have been written by this log, goes. It runs while no server does.
 */
import { nodePrimitives, type SigningKey } from '@holdpoint/api/node'
import { type Checkpoint, parseEntry, sameBytes } from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import type { Database } from '../store/db.ts'
import { entriesFrom, lockHead } from '../store/entries.ts'
import type { EntryTable, Tx } from '../store/tables.ts'
import { LogFold } from './fold.ts'
import type { Guard } from './guard.ts'
import { type LogIdentity, logIdentity } from './identity.ts'
import type { MacKey } from './mac.ts'
import { type Keep, rebuild, takeOutFrom } from './rebuild.ts'
import { storedEntry, Tampered } from './stored-entry.ts'

export interface RecoverOptions {
  readonly database: Database
  readonly keys: { readonly log: SigningKey; readonly mac: MacKey }
  readonly guard: Guard
  readonly keep: Keep
}

export interface ExportedLog {
  /** Leaves from entry 0. */
  readonly entries: readonly Uint8Array[]
  /** The signed note over them. */
  readonly checkpoint: string
}

export interface Imported {
  /** Entries in the log now. */
  readonly size: number
  /** The first entry that came back, `null` when none was missing. */
  readonly from: number | null
  /** Rows that this log did not write, or that the true ones replaced; they were kept elsewhere. */
  readonly removed: number
}

/** Throws a `recovery_failed` Fault, and changes nothing, when the export does not prove enough. */
export async function recoverFromExport(
  options: RecoverOptions,
  exported: ExportedLog,
): Promise<Imported> {
  const proven = await prove(options, exported)
  return await options.database.kysely.transaction().execute(async (tx) => {
    await lockHead(tx)
    const from = await firstDifference(tx, proven.rows)
    const fold = new LogFold(options.keys.mac)
    for (const row of proven.rows) fold.take(row)
    const isWhole = from === proven.rows.length
    if (isWhole) await believeRest(tx, fold)
    const removed = await takeOutFrom(tx, isWhole ? fold.size : from, options.keep)
    await rebuild(tx, proven.rows.slice(from), fold)
    await tx
      .deleteFrom('checkpoint')
      .where('origin', '=', proven.origin)
      .where('size', '>', fold.size)
      .execute()
    return { size: fold.size, from: isWhole ? null : from, removed: removed.length }
  })
}

function refused(sentence: string): Fault {
  return new Fault('recovery_failed', `this export cannot bring the log back: ${sentence}`)
}

interface Proven {
  readonly origin: string
  readonly rows: readonly EntryTable[]
}

/** The rows of an export whose checkpoint is ours, whose laws hold, and that the guard begins. */
async function prove(options: RecoverOptions, exported: ExportedLog): Promise<Proven> {
  const { keys, guard } = options
  const fold = new LogFold(keys.mac)
  const identity = logIdentity(exported.checkpoint.split('\n')[0] ?? '', keys.log)
  const checkpoint = openOrRefuse(identity, exported.checkpoint, 'its checkpoint')
  const note = await guard.read()
  if (note === null) throw refused(`the guard ${guard.place} is gone, so nothing says what is lost`)
  const guarded = openOrRefuse(identity, note, `the guard ${guard.place}`)
  if (guarded.size > checkpoint.size)
    throw refused(`it ends before entry ${checkpoint.size}, and the guard has seen ${guarded.size}`)
  if (exported.entries.length < checkpoint.size)
    throw refused(
      `it has ${exported.entries.length} of the ${checkpoint.size} entries it speaks of`,
    )
  const rows: EntryTable[] = []
  for (const data of exported.entries.slice(0, checkpoint.size)) {
    const row = rowOfLeaf(data, { seq: rows.length, macKey: keys.mac })
    takeOrRefuse(fold, row)
    rows.push(row)
    requireRoot(fold, guarded, 'the guard')
  }
  requireRoot(fold, checkpoint, 'its checkpoint')
  if (fold.world.started?.origin !== checkpoint.origin)
    throw refused('its entries are of another log than its checkpoint')
  return { origin: checkpoint.origin, rows }
}

function openOrRefuse(identity: LogIdentity, note: string, what: string): Checkpoint {
  const opened = identity.open(note)
  if (!opened.ok) throw refused(`${what} cannot be believed: ${opened.problem}`)
  return opened.checkpoint
}

function requireRoot(fold: LogFold, head: Checkpoint, what: string): void {
  if (fold.size === head.size && !sameBytes(fold.root(), head.root))
    throw refused(`its first ${head.size} entries are not those of ${what}`)
}

/** A leaf as a row with a MAC of ours: the signed checkpoint vouches for it from here on. */
function rowOfLeaf(
  data: Uint8Array,
  place: { readonly seq: number; readonly macKey: MacKey },
): EntryTable {
  const parsed = parseEntry(data, nodePrimitives)
  if (!parsed.ok) throw refused(`entry ${place.seq} ${parsed.problem}`)
  const written = storedEntry(parsed.entry, place.macKey)
  if (!written.ok) throw refused(`entry ${place.seq} cannot be stored: ${written.problem}`)
  return written.row
}

function takeOrRefuse(fold: LogFold, row: EntryTable): void {
  try {
    fold.take(row)
  } catch (cause) {
    if (cause instanceof Tampered) throw refused(cause.message)
    throw cause
  }
}

const PAGE = 500

/** Where the database stops being what was exported; the export's length when it never does. */
async function firstDifference(tx: Tx, rows: readonly EntryTable[]): Promise<number> {
  for (let from = 0; from < rows.length; from += PAGE) {
    const page = await entriesFrom(tx, { from, limit: PAGE })
    for (let index = from; index < Math.min(from + PAGE, rows.length); index += 1) {
      const [expected, found] = [rows[index], page[index - from]]
      if (expected === undefined || found === undefined || !isSame(expected, found)) return index
    }
  }
  return rows.length
}

function isSame(one: EntryTable, other: EntryTable): boolean {
  return (
    one.seq === other.seq &&
    one.stream === other.stream &&
    one.type === other.type &&
    one.at === other.at &&
    sameBytes(one.data, other.data) &&
    sameBytes(one.leaf_hash, other.leaf_hash) &&
    sameBytes(one.mac, other.mac)
  )
}

/** Entries after the export stay as long as this log can have written them. */
async function believeRest(tx: Tx, fold: LogFold): Promise<void> {
  try {
    await fold.advance(tx)
  } catch (cause) {
    if (!(cause instanceof Tampered)) throw cause
  }
}
