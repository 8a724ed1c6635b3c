/**
 * What an IaC tool is to a run: it prepares a plan and says everything that a change is opened with,
 * looks at all of it again right before the start, and executes it once. Reserving, opening, waiting,
 * claiming, heartbeats and telling the outcome are the run's, and the same for every tool.
 */
import type { ChangeId, Difference, Digest, Outcome, Plan, WorkspaceId } from '@holdpoint/core'
import type { Broker } from './broker/broker.ts'
import type { Granted } from './broker/granted.ts'
import type { Facts } from './facts.ts'
import type { Interrupts } from './interrupts.ts'
import type { RedactText } from './output-redaction.ts'
import type { OnEvent } from './run-event.ts'

/** `P` is what this tool keeps between planning and executing. */
export interface Tool<P extends Prepared> {
  /** Plans. Must change nothing, and kills what planning left running. */
  readonly prepare: (context: PrepareContext) => Promise<P>
  /** Computes everything anew and holds it against what was prepared; remembers nothing of it. */
  readonly recheck: (prepared: P) => Promise<Rechecked>
  /**
   * Executes what was prepared and nothing else; called at most once. Never throws for what the
   * tool or the world does: that is an outcome.
   */
  readonly execute: (prepared: P, started: Started) => Promise<ToolEnd>
}

export interface PrepareContext {
  /** Asked before anything is planned: the answer says whose credentials may be used. Asks once. */
  readonly reserve: () => Promise<Reserved>
  /** The credentials of this run; `null` where its workspace has no connection. Opens once. */
  readonly granted: () => Promise<Granted | null>
  /** Our own token, which must not show in the tool's output. */
  readonly token: string | null
  readonly interrupts: Interrupts
  readonly onEvent: OnEvent
}

/** What the server gives before a change is opened. */
export interface Reserved {
  readonly workspace: WorkspaceId
  /** 32 bytes, for this change alone. */
  readonly hidingKey: Uint8Array
  /** A change of the same person that this plan may be equal to. */
  readonly previous: Previous | null
}

/** Equal under its own key means equal: hidden values too. */
export interface Previous {
  readonly change: ChangeId
  readonly fingerprint: Digest
  readonly hidingKey: Uint8Array
}

export interface Prepared {
  /** Redacted. */
  readonly plan: Plan
  readonly facts: Facts
  readonly evidence: Evidence
  /** The plan is that of the previous change: it goes on, and no other is opened. */
  readonly continues: ChangeId | null
  /** Gives back what planning holds; what was prepared is of no use afterwards. */
  readonly close: () => Promise<void>
}

/** Canonical texts whose SHA-256 is their address. */
export interface Evidence {
  readonly plan: string
  readonly source: string
  readonly inputs: string
}

export interface Rechecked {
  readonly facts: Facts
  /** Empty: what would run is what was approved. */
  readonly differences: readonly Difference[]
  /** What was looked at, for people. */
  readonly looked: readonly Looked[]
  /** What was prepared can never be executed, whatever is put back; made anew, it is another change. */
  readonly isOutdated: boolean
}

/** `{ noun: 'source file', count: 3 }`; `null` where there is one of it and no more. */
export interface Looked {
  readonly noun: string
  readonly count: number | null
}

/** The grant is consumed: the one execution is the tool's now. */
export interface Started {
  /** Its id; empty where the answer that named it was lost. */
  readonly grant: string
  /** The source of its credentials; `null` where the workspace has no connection. */
  readonly broker: Broker | null
  readonly interrupts: Interrupts
  readonly onEvent: OnEvent
}

export interface ToolEnd {
  /** `null`: it started, and nobody here can say how it ended. */
  readonly outcome: Outcome | null
  /** Redacted; what the tool said outside its own account. */
  readonly stderr: string
}

/** What was given cannot be planned or gated: a sentence, exit 2. */
export class JobRefused extends Error {
  override readonly name: string = 'JobRefused'
}

/** The tool has nothing to change, and made no plan that would say so. */
export class NothingToDo extends Error {
  override readonly name = 'NothingToDo'
}

/** The tool said no before anything was opened. */
export class ToolFailed extends Error {
  override readonly name: string = 'ToolFailed'
  /** `null` for what is no program. */
  readonly exitCode: number | null
  /** Redacted. */
  readonly stderr: string

  constructor(step: string, ended: FailedEnd, redact: RedactText) {
    super(`The tool failed to ${step}`)
    this.exitCode = ended.exitCode
    this.stderr = redact(ended.stderr.toString('utf8')).trim()
  }
}

interface FailedEnd {
  readonly exitCode: number | null
  readonly stderr: Buffer
}
