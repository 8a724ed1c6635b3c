/** Keys of the issuer, sealed; see issuer/keys.ts for what opens them. */
import type { Instant } from '@holdpoint/core'
import { sql } from 'kysely'
import type { Tx } from './tables.ts'

export interface IssuerKeyRow {
  /** Thumbprint of the public key (RFC 7638). */
  readonly id: string
  /** JSON. */
  readonly publicJwk: string
  readonly sealed: Uint8Array
  /** From then on it signs, as long as no newer one does. */
  readonly activeAt: Instant
  /** From then on nothing it signed counts; `null` while it is in use. */
  readonly retiresAt: Instant | null
}

/** Newest first. */
export async function issuerKeys(tx: Tx): Promise<readonly IssuerKeyRow[]> {
  const rows = await tx
    .selectFrom('issuer_key')
    .selectAll()
    .orderBy('active_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(({ id, public_jwk, sealed, active_at, retires_at }) => ({
    id,
    publicJwk: public_jwk,
    sealed: new Uint8Array(sealed),
    activeAt: active_at,
    retiresAt: retires_at,
  }))
}

const LOCK = 7_402_107

/** One replica at a time makes a key. */
export async function lockIssuerKeys(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
}

export async function addIssuerKey(tx: Tx, key: IssuerKeyRow): Promise<void> {
  const { id, publicJwk, sealed, activeAt, retiresAt } = key
  await tx
    .insertInto('issuer_key')
    .values({ id, public_jwk: publicJwk, sealed, active_at: activeAt, retires_at: retiresAt })
    .execute()
}

/** Those before the newest end by then at the latest. */
export async function retireIssuerKeys(
  tx: Tx,
  { except, at }: { readonly except: string; readonly at: Instant },
): Promise<void> {
  await tx
    .updateTable('issuer_key')
    .set({ retires_at: at })
    .where('id', '!=', except)
    .where((where) => where.or([where('retires_at', 'is', null), where('retires_at', '>', at)]))
    .execute()
}

export async function forgetIssuerKeys(tx: Tx, before: Instant): Promise<void> {
  await tx.deleteFrom('issuer_key').where('retires_at', '<=', before).execute()
}

/**
 * One new key in the place of all: a key that was dropped comes back with a restored database, and
 * with it what a thief of it may sign. `null` where there was none yet.
 */
export async function replaceIssuerKeys(
  tx: Tx,
  { made, at }: { readonly made: NewKey; readonly at: Instant },
): Promise<{ readonly key: string; readonly dropped: readonly string[] } | null> {
  await lockIssuerKeys(tx)
  const before = await issuerKeys(tx)
  if (before.length === 0) return null
  await tx.deleteFrom('issuer_key').execute()
  await addIssuerKey(tx, { ...made, activeAt: at, retiresAt: null })
  return { key: made.id, dropped: before.map(({ id }) => id) }
}

type NewKey = Pick<IssuerKeyRow, 'id' | 'publicJwk' | 'sealed'>
