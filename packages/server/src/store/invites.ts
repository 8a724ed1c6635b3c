/** Invitations that are open. A person has one at most: a newer one takes its place. */
import type { Instant, KeyId, PersonId } from '@holdpoint/core'
import type { InviteTable, Tx } from './tables.ts'

export interface Invite {
  /** SubjectPublicKeyInfo, DER in base64. */
  readonly inviteKey: string
  readonly person: PersonId
  /** The inviter's signed statement, canonical JSON. */
  readonly signed: string
  /** The inviter's passkey. */
  readonly key: KeyId
  readonly expiresAt: Instant
}

/** `false` where there is one with this key. */
export async function addInvite(tx: Tx, invite: Invite): Promise<boolean> {
  const { inviteKey, person, signed, key, expiresAt } = invite
  return tx.transaction().execute(async (inner) => {
    await inner.deleteFrom('invite').where('person', '=', person).execute()
    const { numInsertedOrUpdatedRows } = await inner
      .insertInto('invite')
      .values({ invite_key: inviteKey, person, signed, key, expires_at: expiresAt })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  })
}

export async function openInvites(tx: Tx, now: Instant): Promise<readonly Invite[]> {
  const rows = await tx
    .selectFrom('invite')
    .selectAll()
    .where('expires_at', '>', now)
    .orderBy('expires_at', 'desc')
    .execute()
  return rows.map(asInvite)
}

export async function findInvite(tx: Tx, inviteKey: string, now: Instant): Promise<Invite | null> {
  const row = await tx
    .selectFrom('invite')
    .selectAll()
    .where('invite_key', '=', inviteKey)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row === undefined ? null : asInvite(row)
}

/** Of many who come with it at once, one is told `true`. */
export async function takeInvite(tx: Tx, inviteKey: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('invite')
    .where('invite_key', '=', inviteKey)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

function asInvite(row: InviteTable): Invite {
  const { invite_key: inviteKey, person, signed, key, expires_at: expiresAt } = row
  return { inviteKey, person, signed, key, expiresAt }
}
