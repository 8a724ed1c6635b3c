/**
 * Sign-ins of development people. The cookie is nowhere: only its SHA-256. Production has none.
 */
import type { Digest, Instant, PersonId } from '@holdpoint/core'
import type { Tx } from './tables.ts'

export interface Session {
  readonly digest: Digest
  readonly person: PersonId
  readonly expiresAt: Instant
}

export async function addSession(tx: Tx, session: Session, now: Instant): Promise<void> {
  await tx.deleteFrom('session').where('expires_at', '<=', now).execute()
  await tx
    .insertInto('session')
    .values({ digest: session.digest, person: session.person, expires_at: session.expiresAt })
    .execute()
}

export async function findSession(tx: Tx, digest: Digest, now: Instant): Promise<PersonId | null> {
  const row = await tx
    .selectFrom('session')
    .select('person')
    .where('digest', '=', digest)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row?.person ?? null
}

export async function endSession(tx: Tx, digest: Digest): Promise<void> {
  await tx.deleteFrom('session').where('digest', '=', digest).execute()
}

export async function endEverySession(tx: Tx): Promise<void> {
  await tx.deleteFrom('session').execute()
}
