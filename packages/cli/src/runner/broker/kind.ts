/**
 * What a kind of connection is to the broker: the settings and files that make a tool ask the broker
 * for its credentials, and how an answer is written in that cloud's own form. Only session keys and
 * short tokens pass here; nothing of them is kept in a file that is not named as one.
 */
import type { Reply } from '@holdpoint/api/client'
import type { Environment } from '../../io/environment.ts'

export type Connection = Reply<'reserve'>['connections'][number]
export type Credential = Reply<'credentials'>

export interface BrokerPlace {
  readonly connection: Connection
  /** The identity of this phase. */
  readonly identity: string
  /** Where the tool asks, without a trailing slash; loopback. */
  readonly url: string
  readonly bearer: string
  /** The bearer in a file of 0600, for tools that read it there. */
  readonly bearerFile: string
  /** Writes a 0600 file into the folder of this broker, and gives its path. */
  readonly write: (name: string, text: string) => Promise<string>
  /** Argv that asks the broker for a path and prints what it answers. */
  readonly asker: (path: string) => readonly string[]
  /** Ask it when a credential is needed at once. */
  readonly credential: () => Promise<Credential>
  /** Asks the server whatever is kept; throws when the grant gives none any more. */
  readonly renewed: () => Promise<Credential>
}

export interface OpenedKind {
  readonly env: Environment
  /** The grant is over: what can be taken back at once is; never throws. */
  readonly endGrant: () => Promise<void>
  /** Gives back what was taken; called once, and never throws. */
  readonly close: () => Promise<void>
}

export interface BrokerKind {
  readonly kind: Connection['kind']
  readonly open: (place: BrokerPlace) => Promise<OpenedKind>
  /** The body for the last part of the path; `null`: there is no such form. */
  readonly answer: (credential: Credential, form: string) => object | null
}

export async function closesNothing(): Promise<void> {
  // Nothing was taken that could be given back.
}
