/**
 * Where glass was broken: found by the type of an entry, and believed only once the change is folded
 * from its entries. Nothing here says what a change is.
 */
import { type ChangeId, GLASS_PER_DAY_MS, type Instant } from '@holdpoint/core'
import { sql } from 'kysely'
import type { Tx } from './tables.ts'

/** Changes whose glass was broken lately, or whose broken glass nobody has reviewed. */
export async function brokenGlass(tx: Tx, now: Instant): Promise<readonly ChangeId[]> {
  const { rows } = await sql<{ readonly stream: ChangeId }>`
    select stream from entry as broken
    where type = 'glass_broken' and (at > ${now - GLASS_PER_DAY_MS} or not exists (
      select 1 from entry where stream = broken.stream and type = 'glass_reviewed'))
    order by seq`.execute(tx)
  return rows.map(({ stream }) => stream)
}
