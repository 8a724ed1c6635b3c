/**
 * What was begun and is to be signed. Taken out once, whether the signature is good or not, so that
 * one signature counts once (threat D8) and a wrong one is not tried again on the same nonce.
 */
import type { Digest, Instant, PersonId } from '@holdpoint/core'
import type { Tx } from './tables.ts'

export interface Ceremony {
  readonly nonce: Digest
  readonly purpose: string
  readonly person: PersonId | null
  /** Canonical JSON of what the challenge was made of. */
  readonly statement: string
  readonly expiresAt: Instant
}

export const CEREMONY_MS = 5 * 60 * 1000
/** More of one person at once are only somebody who tries things. */
const OPEN_MAX = 50

export async function addCeremony(tx: Tx, ceremony: Ceremony, now: Instant): Promise<boolean> {
  await tx.deleteFrom('ceremony').where('expires_at', '<=', now).execute()
  const { nonce, purpose, person, statement, expiresAt } = ceremony
  if (person !== null && (await countOf(tx, person)) >= OPEN_MAX) return false
  await tx
    .insertInto('ceremony')
    .values({ nonce, purpose, person, statement, expires_at: expiresAt })
    .execute()
  return true
}

async function countOf(tx: Tx, person: PersonId): Promise<number> {
  const { count } = await tx
    .selectFrom('ceremony')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('person', '=', person)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The ceremony, which is over with this; `null` where there is none that is still good. */
export async function takeCeremony(
  tx: Tx,
  asked: { readonly nonce: Digest; readonly purpose: string },
  now: Instant,
): Promise<Ceremony | null> {
  const row = await tx
    .deleteFrom('ceremony')
    .where('nonce', '=', asked.nonce)
    .where('purpose', '=', asked.purpose)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined || row.expires_at <= now) return null
  const { nonce, purpose, person, statement } = row
  return { nonce, purpose, person, statement, expiresAt: row.expires_at }
}
