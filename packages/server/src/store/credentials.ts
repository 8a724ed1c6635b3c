/** What authenticators know the keys of the log by. Whether a key counts is in the log alone. */
import type { Instant, KeyId, PersonId } from '@holdpoint/core'
import type { Tx } from './tables.ts'

export interface Credential {
  readonly key: KeyId
  /** base64url without padding, as WebAuthn has it. */
  readonly id: string
  readonly person: PersonId
  readonly transports: readonly string[]
  /** What its person calls it. */
  readonly label: string
  readonly addedAt: Instant
  readonly usedAt: Instant | null
}

/** `false` where an authenticator's credential is known already. */
export async function addCredential(tx: Tx, credential: Credential): Promise<boolean> {
  const { key, id, person, transports, label, addedAt, usedAt } = credential
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('credential')
    .values({
      key,
      credential: id,
      person,
      transports: transports.join(' '),
      label,
      added_at: addedAt,
      used_at: usedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** For one whose key the log refused: another time it may be taken. */
export async function removeCredential(tx: Tx, key: KeyId): Promise<void> {
  await tx.deleteFrom('credential').where('key', '=', key).execute()
}

export async function credentialsOf(tx: Tx, person: PersonId): Promise<readonly Credential[]> {
  const rows = await tx
    .selectFrom('credential')
    .selectAll()
    .where('person', '=', person)
    .orderBy('added_at')
    .execute()
  return rows.map(asCredential)
}

export async function usedCredential(tx: Tx, key: KeyId, now: Instant): Promise<void> {
  await tx.updateTable('credential').set({ used_at: now }).where('key', '=', key).execute()
}

function asCredential(row: {
  readonly key: KeyId
  readonly credential: string
  readonly person: PersonId
  readonly transports: string
  readonly label: string
  readonly added_at: number
  readonly used_at: number | null
}): Credential {
  const { key, credential: id, person, label, added_at: addedAt, used_at: usedAt } = row
  const transports = row.transports.split(' ').filter((each) => each !== '')
  return { key, id, person, transports, label, addedAt, usedAt }
}
