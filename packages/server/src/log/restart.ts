/**
 * After a loss that nothing brings back: what is left goes on as a new log, under a new name that
 * names the old head. Nothing that was open outlives it, nor any token, session, invitation, first link,
 * waiting terminal or key of the issuer, because the lost entries may have ended them. It runs while no server does.
 */
import {
  type Access,
  type ActorRef,
  type AnyEvent,
  type ChangeId,
  type Checkpoint,
  type Digest,
  type Entry,
  hex,
  type Instant,
  isOpen,
  type Stream,
  type TokenId,
} from '@holdpoint/core'
import { Bug, Fault } from '../io/fault.ts'
import { newSealedKey } from '../issuer/keys.ts'
import { lockHead } from '../store/entries.ts'
import { replaceIssuerKeys } from '../store/issuer-keys.ts'
import { closeOpenDoors } from '../store/open-doors.ts'
import type { EntryTable, Tx } from '../store/tables.ts'
import { LogFold } from './fold.ts'
import { logIdentity } from './identity.ts'
import type { MacKey } from './mac.ts'
import { rebuild, takeOutFrom } from './rebuild.ts'
import type { RecoverOptions } from './recover.ts'
import { storedEntry, Tampered } from './stored-entry.ts'

export interface RestartOptions extends RecoverOptions {
  readonly keys: RecoverOptions['keys'] & { readonly issuerSeal: Uint8Array }
  /** Used where no entry is left to say it. */
  readonly mode: 'production' | 'development'
  readonly adminToken: {
    readonly id: TokenId
    readonly secretSha256: Digest
    readonly validForMs: number
  }
}

export interface Restarted {
  readonly origin: string
  readonly previous: Checkpoint
  /** Entries of the old log that are still there: 0 to `kept - 1`. */
  readonly kept: number
  /** Rows after those that this log did not write, taken out of it: evidence, so keep them. */
  readonly removed: readonly EntryTable[]
  readonly expired: readonly ChangeId[]
  readonly outcomeUnknown: readonly ChangeId[]
  readonly revokedTokens: readonly TokenId[]
  /** Keys of the issuer that nothing counts any more; the new one signs. */
  readonly droppedKeys: readonly string[]
}

const SYSTEM: ActorRef = { kind: 'system', id: null }

export async function startNewLog(options: RestartOptions): Promise<Restarted> {
  const { database, keys, guard } = options
  const previous = await oldHead(options)
  const origin = nextOrigin(previous.origin)
  const issuerKey = await newSealedKey(keys.issuerSeal)
  const done = await database.kysely.transaction().execute(async (tx) => {
    const { now } = await lockHead(tx)
    const kept = await readWhatIsLeft(tx, options)
    const { fold } = kept
    const at = Math.max(now, fold.world.lastAt)
    const added = new Appender(fold, { at, macKey: keys.mac })
    const size = fold.size
    const mode = fold.world.started?.mode ?? options.mode
    const head = { origin: previous.origin, size: previous.size, root: hex(previous.root) }
    added.append('log', { type: 'log_started', origin, mode, previous: head })
    const ended = endEverything(added, fold)
    const rotated = await replaceIssuerKeys(tx, { made: issuerKey, at })
    if (rotated !== null) added.append('access', { type: 'issuer_rotated', ...rotated })
    issueAdminToken(added, { ...options.adminToken, at })
    await rebuild(tx, added.rows, fold)
    await closeOpenDoors(tx)
    const signed = { size: fold.size, root: fold.root() }
    const droppedKeys = rotated?.dropped ?? []
    return { ...ended, droppedKeys, kept: size, removed: kept.removed, signed, at }
  })
  const { signed, at, ...report } = done
  const note = logIdentity(origin, keys.log).sign(signed)
  await guard.write(note)
  await database.kysely
    .insertInto('checkpoint')
    .values({ origin, size: signed.size, root: signed.root, note, at })
    .execute()
  return { origin, previous, ...report }
}

/** What a new log would leave behind. */
export interface Loss {
  readonly previous: Checkpoint
  /** Entries that are still there and believed. */
  readonly kept: number
  readonly openChanges: number
  readonly executing: number
  readonly tokens: number
}

/** Reads only, so that a person can be asked first. */
export async function surveyLoss(options: RecoverOptions): Promise<Loss> {
  const previous = await oldHead(options)
  const fold = new LogFold(options.keys.mac)
  try {
    await fold.advance(options.database.kysely)
  } catch (cause) {
    if (!(cause instanceof Tampered)) throw cause
  }
  const { changes, access } = fold.world
  const statuses = [...changes.values()].map((change) => change.status)
  return {
    previous,
    kept: fold.size,
    openChanges: statuses.filter(isOpen).length,
    executing: statuses.filter((status) => status === 'executing').length,
    tokens: liveTokens(access).length,
  }
}

function liveTokens(access: Access) {
  return [...access.tokens.values()].filter((token) => !token.revoked)
}

/** `…/holdpoint` → `…/holdpoint/2` → `…/holdpoint/3`. */
export function nextOrigin(origin: string): string {
  const numbered = /^(.*)\/(\d+)$/.exec(origin)
  return numbered === null ? `${origin}/2` : `${numbered[1]}/${Number(numbered[2]) + 1}`
}

/** What the guard saw last, or else the newest checkpoint of ours that is stored. */
async function oldHead(options: RecoverOptions): Promise<Checkpoint> {
  const { database, guard, keys } = options
  const stored = await database.kysely
    .selectFrom('checkpoint')
    .select('note')
    .orderBy('at', 'desc')
    .orderBy('size', 'desc')
    .execute()
  for (const note of [await guard.read(), ...stored.map((row) => row.note)]) {
    if (note === null) continue
    const opened = logIdentity(note.split('\n')[0] ?? '', keys.log).open(note)
    if (opened.ok) return opened.checkpoint
  }
  throw new Fault(
    'recovery_failed',
    'neither the guard nor the database has a head that this log key signed; put the right key ' +
      'or guard back',
  )
}

async function readWhatIsLeft(tx: Tx, options: RecoverOptions) {
  const fold = new LogFold(options.keys.mac)
  try {
    await fold.advance(tx)
    return { fold, removed: [] }
  } catch (cause) {
    if (!(cause instanceof Tampered)) throw cause
    if (fold.size === 0)
      throw new Fault(
        'recovery_failed',
        'not even the first entry was written with this MAC key; put the right key back',
        { cause },
      )
  }
  return { fold, removed: await takeOutFrom(tx, fold.size, options.keep) }
}

/** Appends to a fold that checks every law, and keeps the rows to write. */
class Appender {
  readonly rows: EntryTable[] = []
  readonly #fold: LogFold
  readonly #given: { readonly at: Instant; readonly macKey: MacKey }

  constructor(fold: LogFold, given: { readonly at: Instant; readonly macKey: MacKey }) {
    this.#fold = fold
    this.#given = given
  }

  append(stream: Stream, event: AnyEvent): void {
    const { at, macKey } = this.#given
    const entry: Entry = { v: 1, seq: this.#fold.size, at, stream, actor: SYSTEM, event }
    const written = storedEntry(entry, macKey)
    if (!written.ok) throw new Bug(`${event.type} cannot be recorded: ${written.problem}`)
    this.#fold.take(written.row)
    this.rows.push(written.row)
  }
}

function endEverything(added: Appender, fold: LogFold) {
  const expired: ChangeId[] = []
  const outcomeUnknown: ChangeId[] = []
  for (const change of [...fold.world.changes.values()]) {
    if (isOpen(change.status)) {
      added.append(change.changeId, { type: 'expired' })
      expired.push(change.changeId)
    } else if (change.status === 'executing') {
      added.append(change.changeId, { type: 'outcome_unknown', because: 'recovered' })
      outcomeUnknown.push(change.changeId)
    }
  }
  const live = liveTokens(fold.world.access)
  for (const token of live) added.append('access', { type: 'token_revoked', token: token.id })
  return { expired, outcomeUnknown, revokedTokens: live.map((token) => token.id) }
}

function issueAdminToken(
  added: Appender,
  token: RestartOptions['adminToken'] & { readonly at: Instant },
): void {
  added.append('access', {
    type: 'token_issued',
    token: token.id,
    name: 'admin',
    purpose: 'admin',
    person: null,
    verbs: [],
    workspaces: 'all',
    expiresAt: token.at + token.validForMs,
    secretSha256: token.secretSha256,
  })
}
