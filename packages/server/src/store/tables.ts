/** The tables, column by column, as Kysely sees them. migrations/ makes them. */
import type { Change, ChangeId, Digest, PersonId, Status, WorkspaceId } from '@holdpoint/core'
import type { ColumnType, Generated, Kysely } from 'kysely'

/** A database or an open transaction: every function of the store takes one first. */
export type Tx = Kysely<Tables>

export interface Tables {
  readonly head: HeadTable
  readonly entry: EntryTable
  readonly change: ChangeTable
  readonly evidence: EvidenceTable
  readonly text: TextTable
  readonly person_profile: PersonProfileTable
  readonly reservation: ReservationTable
  readonly heartbeat: HeartbeatTable
  readonly checkpoint: CheckpointTable
  readonly session: SessionTable
}

/** One row. Its lock is the order of commits. */
export interface HeadTable {
  id: Generated<number>
  size: number
  /** Time of the last entry, milliseconds. */
  last_at: number
  /** Sequence of the newest `access` entry, -1 before the first. */
  access_seq: number
  policy_revision: number
  policy_document: Digest
}

/** Append-only, by trigger and by the restricted role. */
export interface EntryTable {
  seq: number
  stream: string
  type: string
  at: number
  data: Uint8Array
  leaf_hash: Uint8Array
  mac: Uint8Array
}

/** A cache of the fold, for lists. What is released or started is folded from entries (I6). */
export interface ChangeTable {
  id: ChangeId
  workspace: WorkspaceId
  status: Status
  requester_id: string
  artifact: Digest
  opened_seq: number
  last_seq: number
  /** When it expires if nothing happens; null once closed or executing. */
  due_at: number | null
  state: ColumnType<Change, string, string>
}

export interface EvidenceTable {
  workspace: WorkspaceId
  digest: Digest
  bytes: Uint8Array
  size: number
  added_at: number
}

export interface TextTable {
  digest: Digest
  salt: Uint8Array
  /** UTF-8 bytes, null once erased: the digest then says nothing. */
  text: Uint8Array | null
}

export interface PersonProfileTable {
  person: PersonId
  /** The salted digest that the entry holds. */
  digest: Digest
  salt: Uint8Array
  /** Lower-case, unique; null once erased. */
  handle: string | null
  /** JSON of the profile, UTF-8; null once erased. */
  profile: Uint8Array | null
}

/** An id handed out before its change is opened. */
export interface ReservationTable {
  change: ChangeId
  workspace: WorkspaceId
  actor: string
  at: number
  used: boolean
}

export interface HeartbeatTable {
  change: ChangeId
  beat: number
  at: number
}

export interface CheckpointTable {
  size: number
  origin: string
  root: Uint8Array
  note: string
  at: number
}

/** Sign-ins of development people. Only the digest of the cookie is kept. */
export interface SessionTable {
  digest: Digest
  person: PersonId
  expires_at: number
}
