/**
 * What the parts of the server ask of each other. `Gate.handle` is the only writer of entries;
 * everything else reports to it as a command. No implementation lives here.
 */
import type {
  Access,
  AccessCommand,
  Actor,
  Change,
  ChangeCommand,
  ChangeId,
  Effect,
  Instant,
  PolicyRevision,
  PushPolicy,
  Refusal,
  WorkspaceId,
} from '@holdpoint/core'
import type { Tx } from './store/tables.ts'
import type { ArtifactPlace, ChangeFilter } from './views-queries.ts'

export type GateCommand =
  | {
      readonly on: 'change'
      readonly change: ChangeId
      /** Known when the change does not exist yet, for `open`; otherwise taken from the change. */
      readonly workspace: WorkspaceId | null
      readonly command: ChangeCommand
    }
  | { readonly on: 'policy'; readonly command: PushPolicy }
  | { readonly on: 'access'; readonly command: AccessCommand }

/** `seqs` are the entries that the command wrote; a refusal may have written some too. */
export type GateAnswer =
  | { readonly ok: true; readonly seqs: readonly number[]; readonly change: Change | null }
  | {
      readonly ok: false
      readonly refusal: Refusal
      readonly seqs: readonly number[]
      readonly change: Change | null
    }

/** A change with its place in the log. */
export interface ChangeRecord {
  readonly change: Change
  readonly openedSeq: number
  readonly lastSeq: number
}

/** Changes folded from their entries, each believed; throws a `reads_only` Fault where one is not. */
export interface ChangeReader {
  change(id: ChangeId): Promise<ChangeRecord | null>
  /** Newest first. */
  changes(filter: ChangeFilter): Promise<readonly ChangeRecord[]>
  /** The newest change that was opened in a workspace for this very plan file. */
  changeOfArtifact(artifact: ArtifactPlace): Promise<ChangeRecord | null>
}

/**
 * The only writer of entries. `handle` answers after the commit: what it answers is true. It throws
 * only a Fault (the database failed: nothing was written, unless its code is `commit_unknown`) or a
 * Bug. `close` lets waiting commands finish and refuses new ones with a `shutting_down` Fault.
 */
export interface Gate extends ChangeReader {
  handle(actor: Actor, command: GateCommand): Promise<GateAnswer>
  /** People, teams, tokens and workspaces as they are now. */
  access(): Promise<Access>
  /** The policy in force. */
  policy(): Promise<PolicyRevision>
  close(): Promise<void>
}

/** Puts effects into the queue inside the transaction that records their events. */
export interface EffectQueue {
  enqueue(tx: Tx, effects: readonly Effect[]): Promise<void>
}

export type HeadState = 'ok' | { readonly readsOnly: string }

/**
 * Whether this process may write. Once it says reads only it stays so until the process restarts:
 * an alarm is for people.
 */
export interface HeadWatch {
  state(): HeadState
  /** Stops everything that writes, signs or decides; `sentence` says what was found. */
  alarm(sentence: string): void
}

/** The signed side of the log. */
export interface AuditLog {
  readonly origin: string
  /** C2SP vkey: `name+keyid+base64`. */
  readonly verifierKey: string
  readonly watch: HeadWatch
  /** A signed checkpoint note that covers entry `seq`; throws a `reads_only` Fault after an alarm. */
  checkpointCovering(seq: number): Promise<string>
  close(): Promise<void>
}

export interface Clock {
  now(): Instant
}
