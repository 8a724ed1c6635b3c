/**
 * Keys that the issuer signs tokens with. The private half is encrypted under a key that is never in
 * the database; who has only the database has nothing to sign with.
 * Frozen: see migrate.ts.
 */
import type { Migration } from '../migrate.ts'

export const issuer: Migration = {
  name: '0007-issuer',
  statements: [
    `create table issuer_key (
      id text primary key,
      public_jwk text not null,
      sealed bytea not null,
      active_at bigint not null,
      retires_at bigint
    )`,
  ],
}
