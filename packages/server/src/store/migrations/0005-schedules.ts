/**
 * When each on-call schedule was last read, by whichever replica did, and when its next turn begins.
 * Who is on call is in the log and nowhere here.
 * Frozen: see migrate.ts.
 */
import type { Migration } from '../migrate.ts'

export const schedules: Migration = {
  name: '0005-schedules',
  statements: [
    `create table schedule (
      name text primary key,
      read_at bigint,
      next_at bigint,
      problem text
    )`,
  ],
}
