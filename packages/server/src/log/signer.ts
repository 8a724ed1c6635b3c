/**
 * Signs the head of the log, one signer at a time over all replicas. Before it signs it has read and
 * checked every entry, and held the head against the guard; what does not fit raises the alarm and
 * is never signed. The guard is written before anyone is shown the checkpoint.
 */
import { sameBytes } from '@holdpoint/core'
import { sql } from 'kysely'
import { Fault } from '../io/fault.ts'
import type { HeadWatch } from '../ports.ts'
import { type Database, databaseNow } from '../store/db.ts'
import type { Tx } from '../store/tables.ts'
import { type LogFold, rootAt } from './fold.ts'
import type { Guard } from './guard.ts'
import type { LogIdentity } from './identity.ts'
import { Tampered } from './stored-entry.ts'

export interface SignerOptions {
  readonly database: Database
  readonly identity: LogIdentity
  readonly fold: LogFold
  readonly guard: Guard
  readonly watch: HeadWatch
}

export interface Signer {
  /** A signed checkpoint that covers entry `seq`. */
  covering(seq: number): Promise<string>
  /** Waits for what is being signed. */
  close(): Promise<void>
}

interface Signed {
  readonly size: number
  readonly note: string
}

/** Advisory lock of whoever signs. */
const LOCK = 7_402_102

export function createSigner(options: SignerOptions): Signer {
  let latest: Signed | null = null
  let signing: Promise<Signed> | null = null

  const signNext = async (): Promise<Signed> => {
    signing ??= signHead(options).finally(() => {
      signing = null
    })
    latest = await signing
    return latest
  }

  return {
    covering: async (seq) => {
      requireOk(options.watch)
      if (latest !== null && latest.size > seq) return latest.note
      // The one that is under way may have read the log before this entry: then the next has it.
      let signed = await signNext()
      if (signed.size <= seq) signed = await signNext()
      if (signed.size > seq) return signed.note
      throw new Fault('database_failed', `there is no entry ${seq} to sign`)
    },
    close: async () => {
      await signing?.catch(() => null)
    },
  }
}

function requireOk(watch: HeadWatch): void {
  const state = watch.state()
  if (state !== 'ok')
    throw new Fault('reads_only', 'nothing is signed while the log is not what was recorded')
}

async function signHead(options: SignerOptions): Promise<Signed> {
  requireOk(options.watch)
  try {
    return await options.database.kysely.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
      return await signLocked(tx, options)
    })
  } catch (cause) {
    if (cause instanceof Tampered) {
      options.watch.alarm(cause.message)
      throw new Fault('reads_only', 'the log is not what was recorded; it was not signed', {
        cause,
      })
    }
    if (cause instanceof Fault) throw cause
    throw new Fault('database_failed', 'the log could not be signed', { cause, retryable: true })
  }
}

async function signLocked(tx: Tx, options: SignerOptions): Promise<Signed> {
  const { fold, identity, guard } = options
  await fold.advance(tx)
  const { size } = fold
  const root = fold.root()
  const known = await newestSigned(tx, identity.origin)
  const guarded = await guard.read()
  // Only a log that has just begun, and was never signed, may be without its guard.
  if (guarded !== null || known !== null || size > 1) await requireGuarded(tx, guarded, options)
  if (known !== null && known.size > size)
    throw new Tampered(`the log was signed up to entry ${known.size - 1} and ends at ${size - 1}`)
  if (known?.size === size) {
    requireSame(identity, known.note, root)
    return known
  }
  const note = identity.sign({ size, root })
  await guard.write(note)
  await tx
    .insertInto('checkpoint')
    .values({ origin: identity.origin, size, root, note, at: await databaseNow(tx) })
    .execute()
  return { size, note }
}

/** The guard's head is a beginning of this log: nothing it has seen is gone or different. */
async function requireGuarded(tx: Tx, note: string | null, options: SignerOptions): Promise<void> {
  const { fold, guard } = options
  if (note === null)
    throw new Tampered(
      `the guard ${guard.place} is gone; copy it from another replica, or run holdpoint recover`,
    )
  const opened = options.identity.open(note)
  if (!opened.ok)
    throw new Tampered(`the guard ${guard.place} cannot be believed: ${opened.problem}`)
  const { size, root } = opened.checkpoint
  if (size > fold.size)
    throw new Tampered(
      `entries ${fold.size} to ${size - 1} are lost: the log was signed up to entry ${size - 1} ` +
        `and the database ends before entry ${fold.size}`,
    )
  const now = size === fold.size ? fold.root() : await rootAt(tx, size)
  if (!sameBytes(root, now))
    throw new Tampered(`the first ${size} entries are not those that were signed`)
}

function requireSame(identity: LogIdentity, note: string, root: Uint8Array): void {
  const opened = identity.open(note)
  if (!opened.ok) throw new Tampered(`a stored checkpoint cannot be believed: ${opened.problem}`)
  if (!sameBytes(opened.checkpoint.root, root))
    throw new Tampered('a stored checkpoint has another root than the entries')
}

async function newestSigned(tx: Tx, origin: string): Promise<Signed | null> {
  const row = await tx
    .selectFrom('checkpoint')
    .select(['size', 'note'])
    .where('origin', '=', origin)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
