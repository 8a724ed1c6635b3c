/**
 * A change's row only finds it: what a change is, is folded from its entries, whoever asks. A copy of
 * it beside the log was a second thing to believe, and the larger part of every append.
 * Frozen: see migrate.ts.
 */
import type { Migration } from '../migrate.ts'

export const foundByRow: Migration = {
  name: '0002-found-by-row',
  statements: [
    `alter table change drop column state`,
    // Nothing was ever looked for by requester.
    `drop index change_by_requester`,
  ],
}
