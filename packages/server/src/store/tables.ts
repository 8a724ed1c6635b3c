/** The tables, column by column, as Kysely sees them. migrations/ makes them. */
import type { ChangeId, Digest, KeyId, PersonId, Status, WorkspaceId } from '@holdpoint/core'
import type { Generated, Kysely } from 'kysely'

/** A database or an open transaction: every function of the store takes one first. */
export type Tx = Kysely<Tables>

export interface Tables {
  readonly head: HeadTable
  readonly entry: EntryTable
  readonly change: ChangeTable
  readonly evidence: EvidenceTable
  readonly evidence_chunk: EvidenceChunkTable
  readonly text: TextTable
  readonly person_profile: PersonProfileTable
  readonly reservation: ReservationTable
  readonly heartbeat: HeartbeatTable
  readonly checkpoint: CheckpointTable
  readonly session: SessionTable
  readonly ceremony: CeremonyTable
  readonly credential: CredentialTable
  readonly invite: InviteTable
  readonly device_login: DeviceLoginTable
  readonly first_link: FirstLinkTable
  readonly schedule: ScheduleTable
  readonly issuer_key: IssuerKeyTable
  readonly directory_user: DirectoryUserTable
  readonly directory_group: DirectoryGroupTable
}

/** One row. Its lock is the order of commits. */
export interface HeadTable {
  id: Generated<number>
  size: number
  /** Time of the last entry, milliseconds. */
  last_at: number
  /** Sequence of the newest `access` entry, -1 before the first. */
  access_seq: number
  /** 0, with no document, while the built-in policy is in force. */
  policy_revision: number
  policy_document: Digest | null
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

/** Where a change is found; what it is, is folded from its entries (I6). */
export interface ChangeTable {
  id: ChangeId
  workspace: WorkspaceId
  status: Status
  /** Its status is final. */
  ended: boolean
  requester_id: string
  artifact: Digest
  opened_seq: number
  last_seq: number
  /** When it expires if nothing happens; null once started or closed. */
  due_at: number | null
}

/** Addressed per workspace: a digest known from elsewhere finds nothing here. */
export interface EvidenceTable {
  workspace: WorkspaceId | 'policy' | 'access'
  digest: Digest
  size: number
  added_at: number
}

/** Pieces of at most 4 MiB, so that no value is too long for a driver's text form. */
export interface EvidenceChunkTable {
  workspace: WorkspaceId | 'policy' | 'access'
  digest: Digest
  part: number
  bytes: Uint8Array
}

export interface TextTable {
  digest: Digest
  /** Null once erased, with the text: the digest then says nothing. */
  salt: Uint8Array | null
  /** UTF-8 bytes. */
  text: Uint8Array | null
}

export interface PersonProfileTable {
  person: PersonId
  /** The salted digest that the entry holds. */
  digest: Digest
  /** This and what follows are null once erased. */
  salt: Uint8Array | null
  /** Lower-case, unique. */
  handle: string | null
  /** JSON text of the profile, UTF-8. */
  profile: Uint8Array | null
}

/** An id handed out before its change is opened. */
export interface ReservationTable {
  change: ChangeId
  workspace: WorkspaceId
  actor: string
  at: number
}

export interface HeartbeatTable {
  change: ChangeId
  beat: number
  at: number
}

export interface CheckpointTable {
  origin: string
  size: number
  root: Uint8Array
  note: string
  at: number
}

/** Sign-ins. Only the digest of the cookie is kept. */
export interface SessionTable {
  digest: Digest
  person: PersonId
  method: SignInMethod
  started_at: number
  seen_at: number
  expires_at: number
  /** The browser's own word for itself, cut; for the person to know it by. */
  agent: string
}

export type SignInMethod = 'development' | 'oidc' | 'passkey'

/** A statement that is to be signed, or a challenge that was given; gone once it is used. */
export interface CeremonyTable {
  nonce: Digest
  purpose: string
  person: PersonId | null
  /** Canonical JSON. */
  statement: string
  /** The signature that a page made for a terminal, JSON. */
  answer: string | null
  expires_at: number
}

/** What an authenticator knows a key of the log by. */
export interface CredentialTable {
  key: KeyId
  /** base64url. */
  credential: string
  person: PersonId
  /** Space separated. */
  transports: string
  label: string
  added_at: number
  used_at: number | null
}

export interface InviteTable {
  /** SubjectPublicKeyInfo, base64. */
  invite_key: string
  person: PersonId
  /** The signed statement of the inviter, canonical JSON. */
  signed: string
  key: KeyId
  expires_at: number
}

/** RFC 8628. */
export interface DeviceLoginTable {
  device_digest: Digest
  user_code: string
  /** What the terminal calls itself. */
  name: string
  person: PersonId | null
  state: 'waiting' | 'confirmed' | 'refused'
  polled_at: number | null
  expires_at: number
}

/** The link that lets the first person in. */
export interface FirstLinkTable {
  digest: Digest
  expires_at: number
}

export interface IssuerKeyTable {
  id: string
  public_jwk: string
  /** The private key, encrypted under a key that is not in the database. */
  sealed: Uint8Array
  active_at: number
  retires_at: number | null
}

/** Somebody as a directory knows them (RFC 7643). Who they are here is in the log. */
export interface DirectoryUserTable {
  id: string
  /** The subject that they sign in with. */
  external_id: string
  /** As the directory writes it. */
  user_name: string
  name: string
  person: PersonId
}

export interface DirectoryGroupTable {
  id: string
  external_id: string | null
  name: string
  /** Ids of directory users, space separated. */
  members: string
}

/** When an on-call schedule was last read; who is on call is in the log. */
export interface ScheduleTable {
  name: string
  read_at: number | null
  next_at: number | null
  problem: string | null
}
