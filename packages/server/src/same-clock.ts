/**
 * One time for all: entries are dated by the database's clock, tokens, sessions and the life of a
 * plan are judged by this machine's. A replica whose clock is elsewhere must neither start nor
 * claim, or what has ended there goes on here.
 */
import { Fault } from './io/fault.ts'
import type { Clock } from './ports.ts'
import { databaseNow } from './store/db.ts'
import type { Tx } from './store/tables.ts'

export const CLOCK_DIFFERENCE_MS_MAX = 5_000

/**
 * The database's time, Unix milliseconds. Throws a `clock_differs` Fault when this machine's is more
 * than five seconds away from it. The time that asking took is never counted as a difference.
 */
export async function agreedNow(tx: Tx, clock: Clock): Promise<number> {
  const before = clock.now()
  const now = await databaseNow(tx)
  const after = clock.now()
  const aheadMs = Math.max(before - now, 0)
  const behindMs = Math.max(now - after, 0)
  const differenceMs = Math.max(aheadMs, behindMs)
  if (differenceMs <= CLOCK_DIFFERENCE_MS_MAX) return now
  const seconds = Math.ceil(differenceMs / 1000)
  const side = aheadMs > 0 ? 'ahead of' : 'behind'
  throw new Fault(
    'clock_differs',
    `this server's clock is ${seconds} seconds ${side} the database's, and 5 are the most; ` +
      'synchronise both machines and start it again',
  )
}
