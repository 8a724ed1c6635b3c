/**
 * What people typed. The entry holds `sha256(salt ‖ text)`; salt and text lie here and can be
 * erased, which leaves a digest that proves nothing about the text. No text gets into an entry.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { type Digest, hex, type PersonId, parseDigest } from '@holdpoint/core'
import { invariant } from '../io/fault.ts'
import type { Tx } from './tables.ts'

export interface NewText {
  readonly text: string
  /** 128 random bits, never used twice: `randomSalt()`. */
  readonly salt: Uint8Array
}

export const SALT_BYTES = 16

/** SHA-256 over salt and UTF-8 text. */
export function saltedDigest({ text, salt }: NewText): Digest {
  invariant(salt.length === SALT_BYTES, 'a salt has 16 bytes')
  const bytes = nodePrimitives.utf8(text)
  const salted = new Uint8Array(salt.length + bytes.length)
  salted.set(salt)
  salted.set(bytes, salt.length)
  const digest = parseDigest(hex(nodePrimitives.sha256(salted)))
  invariant(digest !== null, 'SHA-256 gives 64 hex digits')
  return digest
}

/** Keeps a typed text; its digest is what the entry holds. */
export async function addText(tx: Tx, text: NewText): Promise<Digest> {
  const digest = saltedDigest(text)
  const bytes = nodePrimitives.utf8(text.text)
  await tx.insertInto('text').values({ digest, salt: text.salt, text: bytes }).execute()
  return digest
}

/** The texts that are still there, by digest; erased and unknown ones are left out. */
export async function findTexts(
  tx: Tx,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, string>> {
  if (digests.length === 0) return new Map()
  const rows = await tx
    .selectFrom('text')
    .select(['digest', 'text'])
    .where('digest', 'in', [...digests])
    .execute()
  const decoder = new TextDecoder()
  return new Map(
    rows.flatMap((row): readonly [Digest, string][] =>
      row.text === null ? [] : [[row.digest, decoder.decode(row.text)]],
    ),
  )
}

/** Salt and text go; the row stays, so that the digest is known to have been erased. */
export async function eraseText(tx: Tx, digest: Digest): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('text')
    .set({ text: null, salt: null })
    .where('digest', '=', digest)
    .where('text', 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export interface NewProfile extends NewText {
  readonly person: PersonId
  /** Lower-case; taken once. */
  readonly handle: string
}

/** Keeps a person's profile (JSON text); `null` when the handle is taken. */
export async function addProfile(tx: Tx, profile: NewProfile): Promise<Digest | null> {
  const digest = saltedDigest(profile)
  const { person, handle, salt } = profile
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('person_profile')
    .values({ person, digest, salt, handle, profile: nodePrimitives.utf8(profile.text) })
    .onConflict((conflict) => conflict.column('handle').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? digest : null
}

/** Handle, name and addresses go; the id stays in the log and says nothing. */
export async function eraseProfile(tx: Tx, person: PersonId): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('person_profile')
    .set({ handle: null, profile: null, salt: null })
    .where('person', '=', person)
    .where('profile', 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
