/**
 * What a run leaves beside its change: the id it reserved before opening, and its heartbeats. None
 * of it is in the log, and nothing is decided by it alone.
 */
import type { ChangeId, Instant, WorkspaceId } from '@holdpoint/core'
import type { Tx } from './tables.ts'

/** A reservation nobody opened is forgotten after a day. */
export const RESERVATION_MS = 24 * 60 * 60 * 1000

export interface Reservation {
  readonly change: ChangeId
  readonly workspace: WorkspaceId
  /** Kind and id of who reserved: only they may open it. */
  readonly actor: string
}

export async function reserveChange(tx: Tx, reservation: Reservation, now: Instant): Promise<void> {
  await tx
    .deleteFrom('reservation')
    .where('at', '<=', now - RESERVATION_MS)
    .execute()
  await tx
    .insertInto('reservation')
    .values({ ...reservation, at: now })
    .execute()
}

/**
 * Whether this very reservation stands: same workspace, same actor, not too old, and no change was
 * opened under it. A replayed one is spent.
 */
export async function isReserved(tx: Tx, reservation: Reservation, now: Instant): Promise<boolean> {
  const row = await tx
    .selectFrom('reservation')
    .select('reservation.change')
    .leftJoin('change', 'change.id', 'reservation.change')
    .where('reservation.change', '=', reservation.change)
    .where('reservation.workspace', '=', reservation.workspace)
    .where('reservation.actor', '=', reservation.actor)
    .where('reservation.at', '>', now - RESERVATION_MS)
    .where('change.id', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** `false` for a beat that is not newer than the last: an old one was sent again. */
export async function recordHeartbeat(
  tx: Tx,
  heartbeat: { readonly change: ChangeId; readonly beat: number; readonly at: Instant },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('heartbeat')
    .values(heartbeat)
    .onConflict((conflict) =>
      conflict
        .column('change')
        .doUpdateSet({ beat: heartbeat.beat, at: heartbeat.at })
        .where('heartbeat.beat', '<', heartbeat.beat),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
