/**
 * The keys of issuers that speak for pipelines: found by discovery or where the configuration says,
 * kept for a while, and asked for again when a key is not among them. Only configured addresses are
 * ever asked.
 */
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { isOwnMachine } from '../config-sign-in.ts'

const ANSWER_WITHIN_MS = 5000
const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() })

export interface WorkloadIssuer {
  readonly issuer: string
  /** Where its keys are; found by discovery unless given. */
  readonly jwks?: string | undefined
}

export type WorkloadKeys = (issuer: WorkloadIssuer) => Promise<JWTVerifyGetKey>

export function createWorkloadKeys(): WorkloadKeys {
  const known = new Map<string, Promise<JWTVerifyGetKey>>()
  return (issuer) => {
    const name = issuer.jwks ?? issuer.issuer
    const found = known.get(name)
    if (found !== undefined) return found
    const keys = keysOf(issuer).catch((error: unknown) => {
      known.delete(name)
      throw error
    })
    known.set(name, keys)
    return keys
  }
}

async function keysOf(issuer: WorkloadIssuer): Promise<JWTVerifyGetKey> {
  const address = issuer.jwks ?? (await discover(issuer.issuer))
  return createRemoteJWKSet(new URL(address), { timeoutDuration: ANSWER_WITHIN_MS })
}

async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(address, {
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  const { issuer: told, jwks_uri: keys } = Discovery.parse(await response.json())
  if (told !== issuer) throw new Error(`the issuer at ${issuer} calls itself something else`)
  const { protocol, hostname } = new URL(keys)
  if (protocol !== 'https:' && !isOwnMachine(hostname))
    throw new Error(`the keys of ${issuer} are not on https`)
  return keys
}
