/**
 * Opens the log: starts it where there is none, reads and checks all of it, and holds it against
 * the guard before the first command. Where that fails the log is open for reading, and the watch
 * says why: a damaged log is shown, never written to, signed or decided on.
 */
import type { SigningKey } from '@holdpoint/api/node'
import type { ChangeId, Entry } from '@holdpoint/core'
import { requireEqual } from '../gate-changes.ts'
import { Bug, Fault } from '../io/fault.ts'
import type { Log } from '../io/log.ts'
import type { AuditLog, HeadWatch } from '../ports.ts'
import type { Database } from '../store/db.ts'
import { append, changeRows, lockHead, readHead } from '../store/entries.ts'
import type { Tx } from '../store/tables.ts'
import { LogFold } from './fold.ts'
import type { Guard } from './guard.ts'
import { type LogIdentity, logIdentity } from './identity.ts'
import type { MacKey } from './mac.ts'
import { createSigner } from './signer.ts'
import { storedEntry, Tampered } from './stored-entry.ts'
import { createWatch } from './watch.ts'

export interface LogOptions {
  readonly database: Database
  readonly keys: { readonly log: SigningKey; readonly mac: MacKey }
  readonly guard: Guard
  readonly mode: 'production' | 'development'
  /** Of the first log; one that is there keeps its own. See `originOf`. */
  readonly origin: string
  readonly log: Log | null
}

/** Throws a Fault for what is no damage: the wrong mode, or a database that does not answer. */
export async function openLog(options: LogOptions): Promise<AuditLog> {
  const { database, keys, guard } = options
  const watch = createWatch(options.log)
  const fold = new LogFold(keys.mac)
  await startIfNew(options, watch)
  await checked(watch, async () => {
    await fold.advance(database.kysely)
    await requireRows(database.kysely, fold)
  })
  const { started } = fold.world
  if (started !== null && started.mode !== options.mode)
    throw new Fault(
      'wrong_mode',
      `this log was started in ${started.mode} mode and cannot continue in ${options.mode} mode; ` +
        'use another data folder or database',
    )
  const identity = logIdentity(started?.origin ?? options.origin, keys.log)
  const signer = createSigner({ database, identity, fold, guard, watch })
  if (watch.state() === 'ok') await checked(watch, async () => await signer.covering(0))
  return {
    origin: identity.origin,
    verifierKey: identity.verifierKey,
    watch,
    checkpointCovering: signer.covering,
    close: signer.close,
  }
}

/** Tampering and faults of the log raise the alarm; everything else is the caller's. */
async function checked(watch: HeadWatch, check: () => Promise<unknown>): Promise<void> {
  try {
    await check()
  } catch (cause) {
    if (cause instanceof Tampered) watch.alarm(cause.message)
    else if (!(cause instanceof Fault && cause.code === 'reads_only')) throw cause
  }
}

/** A database without entries starts a log, unless the guard has seen one: then they are lost. */
async function startIfNew(options: LogOptions, watch: HeadWatch): Promise<void> {
  const { database, guard } = options
  if ((await readHead(database.kysely)).size > 0) return
  const note = await guard.read()
  if (note !== null) {
    watch.alarm(lostAll(logIdentity(options.origin, options.keys.log), note, guard))
    return
  }
  await database.kysely.transaction().execute(async (tx) => {
    const head = await lockHead(tx)
    if (head.size > 0) return
    const first = firstEntry(options, head.now)
    const written = storedEntry(first, options.keys.mac)
    if (!written.ok) throw new Bug(`the log cannot start: ${written.problem}`)
    await append(tx, {
      entries: [written.row],
      changes: [],
      head: { ...head, size: 1, lastAt: head.now },
    })
  })
}

function firstEntry(options: LogOptions, at: number): Entry {
  const { origin, mode } = options
  return {
    v: 1,
    seq: 0,
    at,
    stream: 'log',
    actor: { kind: 'system', id: null },
    event: { type: 'log_started', origin, mode, previous: null },
  }
}

function lostAll(identity: LogIdentity, note: string, guard: Guard): string {
  const opened = identity.open(note)
  return opened.ok
    ? `entries 0 to ${opened.checkpoint.size - 1} are lost: the database is empty`
    : `the database is empty, and the guard ${guard.place} speaks of another log: ${opened.problem}`
}

const PAGE = 500

/** I6 for every change, once: afterwards the gate checks each one it touches. */
export async function requireRows(tx: Tx, fold: LogFold): Promise<void> {
  const ids = [...fold.world.changes.keys()]
  const stored = await tx
    .selectFrom('change')
    .select((build) => build.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(stored.count) !== ids.length)
    throw new Tampered(`there are rows of ${stored.count} changes, and entries of ${ids.length}`)
  for (let from = 0; from < ids.length; from += PAGE)
    await requirePage(tx, ids.slice(from, from + PAGE), fold)
}

async function requirePage(tx: Tx, ids: readonly ChangeId[], fold: LogFold): Promise<void> {
  const rows = new Map((await changeRows(tx, ids)).map((row) => [row.id, row]))
  for (const id of ids) {
    const held = fold.held(id)
    if (held !== null) requireEqual(id, held, rows.get(id) ?? null)
  }
}
