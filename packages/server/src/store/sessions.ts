/** Sign-ins that have not ended. The cookie is nowhere: only its SHA-256. */
import type { Digest, Instant, PersonId } from '@holdpoint/core'
import type { SignInMethod, Tx } from './tables.ts'

export interface Session {
  readonly digest: Digest
  readonly person: PersonId
  readonly method: SignInMethod
  readonly startedAt: Instant
  readonly expiresAt: Instant
  readonly agent: string
}

/** One that nobody used for so long has ended, whatever its end. */
const IDLE_MS = 12 * 60 * 60 * 1000

export async function addSession(tx: Tx, session: Session): Promise<void> {
  const { digest, person, method, startedAt: now, expiresAt, agent } = session
  await tx.deleteFrom('session').where('expires_at', '<=', now).execute()
  const times = { started_at: now, seen_at: now, expires_at: expiresAt }
  await tx
    .insertInto('session')
    .values({ digest, person, method, agent, ...times })
    .execute()
}

export async function findSession(tx: Tx, digest: Digest, now: Instant): Promise<Session | null> {
  const row = await tx
    .selectFrom('session')
    .selectAll()
    .where('digest', '=', digest)
    .where('expires_at', '>', now)
    .where('seen_at', '>', now - IDLE_MS)
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    digest: row.digest,
    person: row.person,
    method: row.method,
    startedAt: row.started_at,
    expiresAt: row.expires_at,
    agent: row.agent,
  }
}

export async function endSession(tx: Tx, digest: Digest): Promise<void> {
  await tx.deleteFrom('session').where('digest', '=', digest).execute()
}

export async function endSessionsOf(tx: Tx, person: PersonId): Promise<void> {
  await tx.deleteFrom('session').where('person', '=', person).execute()
}

export async function endEverySession(tx: Tx): Promise<void> {
  await tx.deleteFrom('session').execute()
}
