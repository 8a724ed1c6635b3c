/**
 * What was begun and is to be signed. Taken out once, whether the signature is good or not, so that
 * one signature counts once (threat D8) and a wrong one is not tried again on the same nonce.
 */
import type { Digest, Instant, PersonId } from '@holdpoint/core'
import type { Selectable } from 'kysely'
import type { CeremonyTable, Tx } from './tables.ts'

export interface Ceremony {
  readonly nonce: Digest
  readonly purpose: string
  readonly person: PersonId | null
  /** Canonical JSON of what the challenge was made of. */
  readonly statement: string
  /** The signature that a page made for a terminal, JSON. */
  readonly answer: string | null
  readonly expiresAt: Instant
}

export const CEREMONY_MS = 5 * 60 * 1000
/** More of one kind of one person at once are only somebody who tries things. */
const OPEN_MAX = 50
/** Of people who are not known yet: beyond it the oldest goes, so that nobody is kept out. */
const NAMELESS_MAX = 20_000
/** What was used stays known until it is worth nothing: no flood may push it out. */
const USED = 'workload-used'

export async function addCeremony(
  tx: Tx,
  ceremony: Omit<Ceremony, 'answer'>,
  now: Instant,
): Promise<boolean> {
  await tx.deleteFrom('ceremony').where('expires_at', '<=', now).execute()
  const { nonce, purpose, person, statement, expiresAt } = ceremony
  if (person === null) await makeRoom(tx)
  else if (!(await hasRoom(tx, { person, purpose }, now))) return false
  await tx
    .insertInto('ceremony')
    .values({ nonce, purpose, person, statement, expires_at: expiresAt })
    .execute()
  return true
}

/** What fills one kind leaves the others free: a terminal keeps nobody from deciding. */
export async function hasRoom(
  tx: Tx,
  asked: { readonly person: PersonId; readonly purpose: string },
  now: Instant,
): Promise<boolean> {
  return (await openCeremonies(tx, asked, now)) < OPEN_MAX
}

async function makeRoom(tx: Tx): Promise<void> {
  const { count } = await tx
    .selectFrom('ceremony')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('person', 'is', null)
    .where('purpose', '<>', USED)
    .executeTakeFirstOrThrow()
  if (Number(count) < NAMELESS_MAX) return
  const oldest = tx
    .selectFrom('ceremony')
    .select('nonce')
    .where('person', 'is', null)
    .where('purpose', '<>', USED)
    .orderBy('expires_at')
    .limit(1)
  await tx.deleteFrom('ceremony').where('nonce', 'in', oldest).execute()
}

/** How many of one kind are open: what somebody tried lately. */
export async function openCeremonies(
  tx: Tx,
  asked: { readonly person: PersonId; readonly purpose: string },
  now: Instant,
): Promise<number> {
  const { count } = await tx
    .selectFrom('ceremony')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('person', '=', asked.person)
    .where('purpose', '=', asked.purpose)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** What was used stays known, or it could be used again. */
export async function dropCeremonies(tx: Tx): Promise<void> {
  await tx.deleteFrom('ceremony').where('purpose', '<>', USED).execute()
}

interface Asked {
  readonly nonce: Digest
  readonly purpose: string
}

/** The ceremony, which is over with this; `null` where there is none that is still good. */
export async function takeCeremony(tx: Tx, asked: Asked, now: Instant): Promise<Ceremony | null> {
  const row = await tx
    .deleteFrom('ceremony')
    .where('nonce', '=', asked.nonce)
    .where('purpose', '=', asked.purpose)
    .returningAll()
    .executeTakeFirst()
  return row === undefined || row.expires_at <= now ? null : asCeremony(row)
}

/** The ceremony as it stands. */
export async function findCeremony(tx: Tx, asked: Asked, now: Instant): Promise<Ceremony | null> {
  const row = await tx
    .selectFrom('ceremony')
    .selectAll()
    .where('nonce', '=', asked.nonce)
    .where('purpose', '=', asked.purpose)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row === undefined ? null : asCeremony(row)
}

/** Once only; false where it was answered already, or is over. */
export async function answerCeremony(tx: Tx, nonce: Digest, answer: string): Promise<boolean> {
  const updated = await tx
    .updateTable('ceremony')
    .set({ answer })
    .where('nonce', '=', nonce)
    .where('answer', 'is', null)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

function asCeremony(row: Selectable<CeremonyTable>): Ceremony {
  const { nonce, purpose, person, statement, answer, expires_at: expiresAt } = row
  return { nonce, purpose, person, statement, answer, expiresAt }
}

/** `true` the first time until then: what is good once is remembered for as long as it is good. */
export async function rememberOnce(
  tx: Tx,
  used: { readonly digest: Digest; readonly until: Instant },
  now: Instant,
): Promise<boolean> {
  await tx.deleteFrom('ceremony').where('expires_at', '<=', now).execute()
  const { digest: nonce, until } = used
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ceremony')
    .values({ nonce, purpose: USED, person: null, statement: '{}', expires_at: until })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
