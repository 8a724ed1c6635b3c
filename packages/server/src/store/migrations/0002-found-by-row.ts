/**
 * A change's row only finds it: what a change is, is folded from its entries, whoever asks. A copy of
 * it beside the log was a second thing to believe, and the larger part of every append. No index
 * holds what moves with each command, so that a row is written anew in its own page.
 * Frozen: see migrate.ts.
 */
import type { Migration } from '../migrate.ts'

export const foundByRow: Migration = {
  name: '0002-found-by-row',
  statements: [
    `alter table change drop column state`,
    `alter table change add column ended boolean not null default false`,
    `update change set ended = status in
      ('applied', 'failed', 'denied', 'rejected', 'expired', 'superseded', 'withdrawn')`,
    `alter table change set (fillfactor = 70)`,
    `drop index change_by_requester`,
    `drop index change_by_status`,
    `drop index change_by_workspace`,
    `create index change_by_workspace on change (workspace, opened_seq)`,
    `create index change_that_goes_on on change (workspace, opened_seq) where not ended`,
  ],
}
