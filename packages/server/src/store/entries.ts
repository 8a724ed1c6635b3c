/**
 * The log's rows: reading them in order, and the one statement that appends. Only the gate, the
 * start of a log and its recovery may append; a sequence without gaps rests on the head's lock.
 */
import type { ChangeId, Digest, Instant, Stream } from '@holdpoint/core'
import { sql } from 'kysely'
import { Fault } from '../io/fault.ts'
import type { ChangeTable, EntryTable, HeadTable, Tx } from './tables.ts'

/** Where hearers listen: `<stream> <seq>` of what was committed. */
export const CHANNEL = 'holdpoint'

export interface Head {
  readonly size: number
  readonly lastAt: Instant
  readonly accessSeq: number
  readonly policyRevision: number
  readonly policyDocument: Digest | null
}

export interface LockedHead extends Head {
  /** The database's clock, never before the last entry. */
  readonly now: Instant
}

type HeadColumns = Omit<HeadTable, 'id'>

export async function readHead(tx: Tx): Promise<Head> {
  const row = await tx.selectFrom('head').selectAll().where('id', '=', 1).executeTakeFirst()
  return headOf(row)
}

function headOf(row: HeadColumns | undefined): Head {
  if (row === undefined) throw new Fault('database_failed', 'the database has no head row')
  return {
    size: row.size,
    lastAt: row.last_at,
    accessSeq: row.access_seq,
    policyRevision: row.policy_revision,
    policyDocument: row.policy_document,
  }
}

/**
 * Locks the head until the transaction ends: whoever holds it writes next. The row is the one that
 * was locked, as its last holder left it. Everything else that is decided on has to be read after
 * this returns, in a statement of its own: one statement sees what was committed before it began to
 * wait.
 */
export async function lockHead(tx: Tx): Promise<LockedHead> {
  const { rows } = await sql<HeadColumns & { readonly now: number }>`
    select head.*, floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now
    from head where id = 1 for update`.execute(tx)
  const [row] = rows
  const head = headOf(row)
  return { ...head, now: Math.max(row?.now ?? 0, head.lastAt) }
}

export interface EntryRange {
  readonly from: number
  readonly limit: number
}

export async function entriesFrom(tx: Tx, range: EntryRange): Promise<readonly EntryTable[]> {
  return await tx
    .selectFrom('entry')
    .selectAll()
    .where('seq', '>=', range.from)
    .orderBy('seq')
    .limit(range.limit)
    .execute()
}

/** Entries of these streams within `after < seq < before`, in the log's order. */
export async function entriesOfStreams(
  tx: Tx,
  streams: readonly Stream[],
  within: { readonly after: number; readonly before: number },
): Promise<readonly EntryTable[]> {
  const { rows } = await sql<EntryTable>`
    select * from entry where stream = any(${[...streams]}::text[])
      and seq > ${within.after} and seq < ${within.before}
    order by seq`.execute(tx)
  return rows
}

export interface StoredChange {
  /** In the log's order. */
  readonly entries: readonly EntryTable[]
  readonly row: ChangeTable | null
}

type EntryOrRow = EntryTable & { readonly row: ChangeTable | null }

/** Everything that is stored of these changes before an entry, in one round trip. */
export async function storedChanges(
  tx: Tx,
  ids: readonly ChangeId[],
  before: number,
): Promise<ReadonlyMap<string, StoredChange>> {
  const asked = [...ids]
  const { rows } = await sql<EntryOrRow>`
    select entry.*, null::json as row from entry
    where stream = any(${asked}::text[]) and seq < ${before}
    union all
    select -1, id, '', 0, '', '', '', row_to_json(change) from change
    where id = any(${asked}::text[])
    order by seq`.execute(tx)
  const found = new Map<string, { entries: EntryTable[]; row: ChangeTable | null }>(
    ids.map((id) => [id, { entries: [], row: null }]),
  )
  for (const { row, ...entry } of rows) {
    const stored = found.get(entry.stream)
    if (stored === undefined) continue
    if (row === null) stored.entries.push(entry)
    else stored.row = row
  }
  return found
}

/** The newest entry of each of these streams; one without entries is not there. */
export async function newestOfStreams(
  tx: Tx,
  streams: readonly Stream[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ readonly stream: string; readonly seq: number }>`
    select stream, max(seq) as seq from entry where stream = any(${[...streams]}::text[])
    group by stream`.execute(tx)
  return new Map(rows.map(({ stream, seq }) => [stream, seq]))
}

export async function changeRows(
  tx: Tx,
  ids: readonly ChangeId[],
): Promise<readonly ChangeTable[]> {
  const { rows } = await sql<ChangeTable>`
    select id, workspace, status, ended, requester_id, artifact, opened_seq, last_seq, due_at
    from change where id = any(${[...ids]}::text[])`.execute(tx)
  return rows
}

export interface Appended {
  readonly entries: readonly EntryTable[]
  readonly changes: readonly ChangeTable[]
  readonly head: Head
}

/**
 * Entries, head, rows of changes and notifications, in one statement and one round trip. What is
 * still to come in the transaction is only written, by statements that are the same for any table:
 * planning them each time cost more than they do.
 */
export async function append(tx: Tx, appended: Appended): Promise<void> {
  const { head } = appended
  const entries = JSON.stringify(appended.entries.map(entryParameter))
  const changes = JSON.stringify(appended.changes)
  const notices = JSON.stringify(noticesOf(appended.entries))
  await sql`
    with new_entry as (
      insert into entry (seq, stream, type, at, data, leaf_hash, mac)
      select seq, stream, type, at, decode(data, 'base64'), decode(leaf_hash, 'base64'),
        decode(mac, 'base64')
      from json_to_recordset(${entries}::text::json) as e(
        seq bigint, stream text, type text, at bigint, data text, leaf_hash text, mac text)
    ), new_change as (
      insert into change (id, workspace, status, ended, requester_id, artifact, opened_seq,
        last_seq, due_at)
      select id, workspace, status, ended, requester_id, artifact, opened_seq, last_seq, due_at
      from json_to_recordset(${changes}::text::json) as c(
        id text, workspace text, status text, ended boolean, requester_id text, artifact text,
        opened_seq bigint, last_seq bigint, due_at bigint)
      on conflict (id) do update set status = excluded.status, ended = excluded.ended,
        artifact = excluded.artifact,
        last_seq = excluded.last_seq, due_at = excluded.due_at
    ), new_head as (
      update head set size = ${head.size}, last_at = ${head.lastAt},
        access_seq = ${head.accessSeq}, policy_revision = ${head.policyRevision},
        policy_document = ${head.policyDocument}
      where id = 1
    )
    select pg_notify(${CHANNEL}, notice), set_config('plan_cache_mode', 'auto', true)
    from json_array_elements_text(${notices}::text::json) as n(notice)`.execute(tx)
}

/** Tells every replica that a change is to be looked at again. */
export async function notify(tx: Tx, change: ChangeId): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${change})`.execute(tx)
}

function entryParameter(row: EntryTable) {
  const { seq, stream, type, at, data, leaf_hash, mac } = row
  return {
    seq,
    stream,
    type,
    at,
    data: base64(data),
    leaf_hash: base64(leaf_hash),
    mac: base64(mac),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** One per stream: the newest of its entries. */
function noticesOf(entries: readonly EntryTable[]): readonly string[] {
  const newest = new Map(entries.map((entry) => [entry.stream, entry.seq]))
  return [...newest].map(([stream, seq]) => `${stream} ${seq}`)
}
