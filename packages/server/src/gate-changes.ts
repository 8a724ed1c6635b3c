/**
 * A change as the gate sees it: folded from its entries, each believed, and held against the row
 * that lists find it by (I6). A row or an entry that the gate did not write stops everything.
 */
import {
  type Change,
  type ChangeEvent,
  type ChangeId,
  dueAt,
  type Entry,
  evolve,
  isAccessEvent,
  isOpen,
  isTerminal,
} from '@holdpoint/core'
import { Tampered } from './log/stored-entry.ts'
import type { ChangeTable } from './store/tables.ts'

/** A change with its place in the log; `change` is null before it is opened. */
export interface Held {
  readonly change: Change | null
  readonly openedSeq: number
  readonly lastSeq: number
}

export const NOT_HELD: Held = { change: null, openedSeq: -1, lastSeq: -1 }

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

/** The row that finds this fold, or `null` when there is nothing to find. */
export function rowOf(held: Held): ChangeTable | null {
  const { change, openedSeq, lastSeq } = held
  if (change === null) return null
  return {
    id: change.changeId,
    workspace: change.workspace,
    status: change.status,
    ended: isTerminal(change.status),
    requester_id: change.requester.id,
    artifact: change.binding.artifact,
    opened_seq: openedSeq,
    last_seq: lastSeq,
    due_at: isOpen(change.status) ? dueAt(change) : null,
  }
}

/** I6: the row equals the fold of the log. */
export function requireEqual(id: ChangeId, held: Held, row: ChangeTable | null): void {
  if (isSameRow(rowOf(held), row)) return
  throw new Tampered(`the row of ${id} says something else than its entries`)
}

function isSameRow(one: ChangeTable | null, other: ChangeTable | null): boolean {
  if (one === null || other === null) return one === other
  return (
    one.id === other.id &&
    one.workspace === other.workspace &&
    one.status === other.status &&
    one.ended === other.ended &&
    one.requester_id === other.requester_id &&
    one.artifact === other.artifact &&
    one.opened_seq === other.opened_seq &&
    one.last_seq === other.last_seq &&
    one.due_at === other.due_at
  )
}
