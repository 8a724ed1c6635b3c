/** The link of the first start, by its digest. There is one at most. */
import type { Digest, Instant } from '@holdpoint/core'
import type { Tx } from './tables.ts'

export interface FirstLink {
  readonly digest: Digest
  readonly expiresAt: Instant
}

export async function replaceFirstLink(tx: Tx, link: FirstLink): Promise<void> {
  await tx.transaction().execute(async (inner) => {
    await inner.deleteFrom('first_link').execute()
    await inner
      .insertInto('first_link')
      .values({ digest: link.digest, expires_at: link.expiresAt })
      .execute()
  })
}

export async function isFirstLink(tx: Tx, digest: Digest, now: Instant): Promise<boolean> {
  const row = await tx
    .selectFrom('first_link')
    .select('digest')
    .where('digest', '=', digest)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row !== undefined
}

/** Of many who come with it at once, one is told `true`. */
export async function takeFirstLink(tx: Tx, digest: Digest, now: Instant): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('first_link')
    .where('digest', '=', digest)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numDeletedRows === 1n
}
