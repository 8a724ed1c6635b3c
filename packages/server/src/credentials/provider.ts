/**
 * The port to a cloud: what its connection needs, and what the server does with a token of its own.
 * A provider that has `exchange` hands out what the cloud gave for the token, which itself never
 * leaves; without one, the token is what the tool shows the cloud. Differences stand here as data.
 */
import type { credentials } from '@holdpoint/api'
import type { Connection, ConnectionKind, Instant, Phase, Refusal } from '@holdpoint/core'
import type { z } from 'zod'
import type { Secret } from '../io/secret.ts'

/** What is asked of a cloud, with everything decided. */
export interface Exchange {
  readonly connection: Connection
  readonly phase: Phase
  /** The role to become. */
  readonly identity: string
  /** Signed for this connection and phase alone. */
  readonly token: Secret
  /** As it was shown; `null`: the whole identity, which is what was said. */
  readonly policy: string | null
  /** Until what it is for is over, by the clouds' clocks. */
  readonly secondsLeft: number
  /** It saves the state and nothing else: the policy ends by itself, whatever the session does. */
  readonly isGrace: boolean
  readonly session: Session
}

/** How the session is known in the cloud's own log. */
export interface Session {
  /** The grant, or the change where there is no grant yet. */
  readonly name: string
  readonly tags: { readonly [key: string]: string }
}

export type SecretKeys = Extract<
  z.output<typeof credentials.Credential>,
  { readonly form: 'aws_session' }
>

export type Exchanged =
  | {
      readonly ok: true
      /** The id that the cloud's log knows it by. */
      readonly id: string
      readonly expiresAt: Instant
      readonly keys: SecretKeys
    }
  | { readonly ok: false; readonly refusal: Refusal }

/** Knows how long a session of its cloud lives, and refuses what is too short for one. */
export interface Exchanger {
  readonly exchange: (request: Exchange) => Promise<Exchanged>
}

/** One try at the trust of a connection: with a token, or from the server's own identity. */
export interface Attempted {
  readonly connection: Connection
  readonly phase: Phase
  readonly identity: string
  readonly token: Secret | null
  /** Empty: none; `null`: the token speaks for itself. */
  readonly externalId: string | null
}

/** What it found; a sentence in our words. */
export type Tried = 'accepted' | { readonly refused: string } | { readonly notTried: string }

/** What of things that write an identity may: names of ours, out of so many that were asked about. */
export type Writes =
  | { readonly may: readonly string[]; readonly asked: number; readonly notLookedAt: string }
  | { readonly notKnown: string }

export interface CredentialProvider {
  readonly kind: ConnectionKind
  readonly summary: string
  /** Names and forms of `account`, `apply`, `plan` and the settings; a problem is a sentence. */
  readonly problem: (connection: Settings) => string | null
  /** `null`: it has to be said. */
  readonly audience: (connection: Settings) => string | null
  /** What the token tells the cloud besides; `null`: nothing. */
  readonly claims: ((session: Session) => { readonly [claim: string]: unknown }) | null
  readonly exchanger: ((config: ProviderConfig) => Exchanger) | null
  /** Tries a trust and throws away what it gave; a cloud that does not answer is a Fault. */
  readonly attempt: (attempted: Attempted, config: ProviderConfig) => Promise<Tried>
  /** Asks without any effect; `null`: nothing there can be asked that tells it for sure. */
  readonly writes: ((attempted: Attempted, config: ProviderConfig) => Promise<Writes>) | null
}

export type Settings = Pick<Connection, 'account' | 'apply' | 'plan' | 'settings'>

export interface ProviderConfig {
  /** Where AWS STS is asked; `null`: the public endpoint of the connection's region. */
  readonly stsEndpoint: string | null
  /** Where AWS IAM is asked; `null`: the public endpoint of the account's partition. */
  readonly iamEndpoint: string | null
}
