/**
 * A change as the gate sees it: folded from its entries, each believed, and held against the cached
 * row (I6). A row or an entry that the gate did not write stops everything.
 */
import {
  type Change,
  type ChangeEvent,
  type ChangeId,
  canonicalText,
  dueAt,
  type Entry,
  evolve,
  isAccessEvent,
  isOpen,
  type Json,
} from '@holdpoint/core'
import type { MacKey } from './log/mac.ts'
import { believedEntry, Tampered } from './log/stored-entry.ts'
import { type ChangeRow, changeRows, entriesOfStreams } from './store/entries.ts'
import type { EntryTable, Tx } from './store/tables.ts'

/** A change with its place in the log; `change` is null before it is opened. */
export interface Held {
  readonly change: Change | null
  readonly openedSeq: number
  readonly lastSeq: number
}

export const NOT_HELD: Held = { change: null, openedSeq: -1, lastSeq: -1 }

/** Folds changes from their entries; throws `Tampered` where rows or entries are not ours. */
export async function loadChanges(
  tx: Tx,
  asked: { readonly ids: readonly ChangeId[]; readonly size: number },
  macKey: MacKey,
): Promise<Map<ChangeId, Held>> {
  const { ids, size } = asked
  const held = new Map<ChangeId, Held>()
  if (ids.length === 0) return held
  const histories = new Map<string, EntryTable[]>()
  for (const row of await entriesOfStreams(tx, ids, { after: -1, before: size })) {
    const history = histories.get(row.stream) ?? []
    histories.set(row.stream, history)
    history.push(row)
  }
  for (const id of ids) held.set(id, foldRows(histories.get(id) ?? [], macKey))
  const cached = new Map((await changeRows(tx, ids)).map((row) => [row.id, row]))
  for (const [id, each] of held) requireEqual(id, each, cached.get(id) ?? null)
  return held
}

/** What its entries alone say, each believed; for whoever may not rely on the cached row. */
export async function foldChange(tx: Tx, id: ChangeId, macKey: MacKey): Promise<Change | null> {
  const before = Number.MAX_SAFE_INTEGER
  return foldRows(await entriesOfStreams(tx, [id], { after: -1, before }), macKey).change
}

function foldRows(rows: readonly EntryTable[], macKey: MacKey): Held {
  let held = NOT_HELD
  for (const row of rows) {
    const next = extend(held, believedEntry(row, macKey))
    if (next === null) throw new Tampered(`entry ${row.seq} cannot follow what is in the log`)
    held = next
  }
  return held
}

/** The change after one more entry of its stream; `null` when that cannot follow. */
export function extend(held: Held, entry: Entry): Held | null {
  const { event, seq, at, actor } = entry
  const change = isChangeEvent(event) ? evolve(held.change, { event, at, actor }) : null
  if (change === null || change.changeId !== entry.stream) return null
  return { change, openedSeq: held.change === null ? seq : held.openedSeq, lastSeq: seq }
}

export function isChangeEvent(event: Entry['event']): event is ChangeEvent {
  return event.type !== 'policy_pushed' && event.type !== 'log_started' && !isAccessEvent(event)
}

/** The row that caches this fold, or `null` when there is nothing to cache. */
export function rowOf(held: Held): ChangeRow | null {
  const { change, openedSeq, lastSeq } = held
  if (change === null) return null
  return {
    id: change.changeId,
    workspace: change.workspace,
    status: change.status,
    requester_id: change.requester.id,
    artifact: change.binding.artifact,
    opened_seq: openedSeq,
    last_seq: lastSeq,
    due_at: isOpen(change.status) ? dueAt(change) : null,
    state: stateText(change),
  }
}

function stateText(change: Change): string {
  const json: Json = JSON.parse(JSON.stringify(change))
  return canonicalText(json)
}

/** I6: the cached row equals the fold of the log. */
export function requireEqual(id: ChangeId, held: Held, cached: ChangeRow | null): void {
  if (isSameRow(rowOf(held), cached)) return
  throw new Tampered(`the row of ${id} says something else than its entries`)
}

function isSameRow(one: ChangeRow | null, other: ChangeRow | null): boolean {
  if (one === null || other === null) return one === other
  return (
    one.id === other.id &&
    one.workspace === other.workspace &&
    one.status === other.status &&
    one.requester_id === other.requester_id &&
    one.artifact === other.artifact &&
    one.opened_seq === other.opened_seq &&
    one.last_seq === other.last_seq &&
    one.due_at === other.due_at &&
    one.state === other.state
  )
}
