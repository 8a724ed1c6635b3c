/** When schedules were read: shared by replicas, so that one that cannot read undoes no other's word. */
import type { Instant } from '@holdpoint/core'
import type { Tx } from './tables.ts'

export async function readSchedule(
  tx: Tx,
  name: string,
  read: { readonly at: Instant; readonly nextAt: Instant | null },
): Promise<void> {
  const values = { name, read_at: read.at, next_at: read.nextAt, problem: null }
  const { name: _, ...changed } = values
  await tx
    .insertInto('schedule')
    .values(values)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(changed))
    .execute()
}

export async function failedSchedule(tx: Tx, name: string, problem: string): Promise<void> {
  await tx
    .insertInto('schedule')
    .values({ name, read_at: null, next_at: null, problem })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ problem, next_at: null }))
    .execute()
}

export interface ScheduleRow {
  readonly name: string
  readonly readAt: Instant | null
  readonly nextAt: Instant | null
  readonly problem: string | null
}

export async function schedules(tx: Tx): Promise<ReadonlyMap<string, ScheduleRow>> {
  const rows = await tx.selectFrom('schedule').selectAll().execute()
  return new Map(
    rows.map(({ name, read_at, next_at, problem }) => [
      name,
      { name, readAt: read_at, nextAt: next_at, problem },
    ]),
  )
}
