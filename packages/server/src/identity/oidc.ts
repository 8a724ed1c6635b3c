/**
 * Signing in with an identity provider (OpenID Connect Core, authorization code with PKCE, state and
 * nonce). What identifies somebody is issuer and subject and nothing else: names and addresses can be
 * chosen by their bearer, and are only ever shown.
 */
import * as client from 'openid-client'
import { z } from 'zod'
import type { OidcConfig } from '../config.ts'
import { isOwnMachine } from '../config-sign-in.ts'
import type { Secret } from '../io/secret.ts'

/** What is remembered between leaving for the provider and coming back. */
export const OidcTransaction = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
})
export type Transaction = z.output<typeof OidcTransaction>

export interface SignedInPerson {
  readonly issuer: string
  readonly subject: string
  /** Text to show and to look for: nothing is decided by it. */
  readonly handle: string
  readonly name: string
  readonly address: string | null
  /** Ids of groups; `null` where they are not asked for. */
  readonly groups: readonly string[] | null
}

export interface Oidc {
  readonly name: string
  readonly createPeople: boolean
  readonly begin: (
    redirectUri: string,
    next: string,
  ) => Promise<{ readonly url: URL; readonly transaction: Transaction }>
  /** Throws where the provider refuses, or anything of its answer is not as it was begun. */
  readonly complete: (callback: URL, transaction: Transaction) => Promise<SignedInPerson>
}

const SECONDS_MAX = 10

export function createOidc(config: OidcConfig, secret: Secret): Oidc {
  let known: Promise<client.Configuration> | null = null
  const provider = (): Promise<client.Configuration> => {
    known ??= discover(config, secret).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
  return {
    name: config.name,
    createPeople: config.createPeople,
    begin: async (redirectUri, next) => {
      const transaction = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        next,
      }
      const url = client.buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri,
        scope: config.scopes,
        response_type: 'code',
        state: transaction.state,
        nonce: transaction.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(transaction.verifier),
        code_challenge_method: 'S256',
      })
      return { url, transaction }
    },
    complete: async (callback, transaction) =>
      completed(await provider(), { config, callback, transaction }),
  }
}

async function discover(config: OidcConfig, secret: Secret): Promise<client.Configuration> {
  const issuer = new URL(config.issuer)
  const isLocal = issuer.protocol === 'http:' && isOwnMachine(issuer.hostname)
  const found = await client.discovery(
    issuer,
    config.clientId,
    { client_secret: secret.reveal() },
    undefined,
    { timeout: SECONDS_MAX, ...(isLocal ? { execute: [client.allowInsecureRequests] } : {}) },
  )
  found.timeout = SECONDS_MAX
  return found
}

interface Completing {
  readonly config: OidcConfig
  readonly callback: URL
  readonly transaction: Transaction
}

async function completed(
  provider: client.Configuration,
  { config, callback, transaction }: Completing,
): Promise<SignedInPerson> {
  const tokens = await client.authorizationCodeGrant(provider, callback, {
    pkceCodeVerifier: transaction.verifier,
    expectedState: transaction.state,
    expectedNonce: transaction.nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (claims === undefined) throw new Error('the provider sent no id token')
  const { iss: issuer, sub: subject } = claims
  const hasMore = provider.serverMetadata().userinfo_endpoint !== undefined
  const more = hasMore ? await client.fetchUserInfo(provider, tokens.access_token, subject) : {}
  const told: { readonly [claim: string]: unknown } = { ...more, ...claims }
  const email = textOf(told['email'])
  const username = textOf(told['preferred_username'])
  const name = textOf(told['name']) ?? username ?? email ?? subject
  const handle = username ?? email?.split('@', 1)[0] ?? name
  const address = told['email_verified'] === false ? null : email
  const { groupsClaim } = config
  const groups = groupsClaim === undefined ? null : textsOf(told[groupsClaim])
  return { issuer, subject, handle, name, address, groups }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** A claim that is not there names no group: nobody stays in a team by it. */
function textsOf(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return texts.filter((each) => typeof each === 'string')
}
