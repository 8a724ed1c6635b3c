/** Sign-ins that have not ended. The cookie is nowhere: only its SHA-256. */
import type { Digest, Instant, PersonId } from '@holdpoint/core'
import type { SessionTable, SignInMethod, Tx } from './tables.ts'

export interface Session {
  readonly digest: Digest
  readonly person: PersonId
  readonly method: SignInMethod
  readonly startedAt: Instant
  readonly expiresAt: Instant
  /** The browser's own word for itself. */
  readonly agent: string
}

export interface SeenSession extends Session {
  readonly seenAt: Instant
}

/** One that nobody used for so long has ended, whatever its end. */
const IDLE_MS = 8 * 60 * 60 * 1000
/** Looked at more often than this it is not written again. */
const SEEN_AGAIN_MS = 60 * 1000

export async function addSession(tx: Tx, session: Session): Promise<void> {
  const { digest, person, method, startedAt: now, expiresAt, agent } = session
  await tx.deleteFrom('session').where('expires_at', '<=', now).execute()
  const times = { started_at: now, seen_at: now, expires_at: expiresAt }
  await tx
    .insertInto('session')
    .values({ digest, person, method, agent, ...times })
    .execute()
}

export async function findSession(
  tx: Tx,
  digest: Digest,
  now: Instant,
): Promise<SeenSession | null> {
  const row = await alive(tx, now).where('digest', '=', digest).executeTakeFirst()
  return row === undefined ? null : asSession(row)
}

/** Newest first. */
export async function sessionsOf(
  tx: Tx,
  person: PersonId,
  now: Instant,
): Promise<readonly SeenSession[]> {
  const rows = await alive(tx, now)
    .where('person', '=', person)
    .orderBy('started_at', 'desc')
    .execute()
  return rows.map(asSession)
}

/** It was used now, which keeps it from ending idle. */
export async function sawSession(tx: Tx, session: SeenSession, now: Instant): Promise<void> {
  if (now < session.seenAt + SEEN_AGAIN_MS) return
  await tx
    .updateTable('session')
    .set({ seen_at: now })
    .where('digest', '=', session.digest)
    .execute()
}

function alive(tx: Tx, now: Instant) {
  return tx
    .selectFrom('session')
    .selectAll()
    .where('expires_at', '>', now)
    .where('seen_at', '>', now - IDLE_MS)
}

function asSession(row: SessionTable): SeenSession {
  const { digest, person, method, agent } = row
  const times = { startedAt: row.started_at, expiresAt: row.expires_at, seenAt: row.seen_at }
  return { digest, person, method, agent, ...times }
}

export async function endSession(tx: Tx, digest: Digest): Promise<void> {
  await tx.deleteFrom('session').where('digest', '=', digest).execute()
}

/** All but one, where one is to stay. */
export async function endSessionsOf(
  tx: Tx,
  person: PersonId,
  but: Digest | null = null,
): Promise<void> {
  const theirs = tx.deleteFrom('session').where('person', '=', person)
  await (but === null ? theirs : theirs.where('digest', '<>', but)).execute()
}

export async function endEverySession(tx: Tx): Promise<void> {
  await tx.deleteFrom('session').execute()
}
