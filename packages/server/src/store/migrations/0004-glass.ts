/**
 * Broken glass is found by its entries, which are few among many: whoever breaks it next is asked
 * what became of the earlier ones, and whoever may review it sees them.
 * Frozen: see migrate.ts.
 */
import type { Migration } from '../migrate.ts'

export const glass: Migration = {
  name: '0004-glass',
  statements: [
    `create index entry_of_glass on entry (type, at) where type in ('glass_broken', 'glass_reviewed')`,
  ],
}
