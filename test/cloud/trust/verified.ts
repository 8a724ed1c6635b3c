/**
 * What every fake here does with a token, and every cloud: finds the issuer's keys by discovery,
 * verifies signature, issuer, audience and time, and compares the subject by equality. Keys are
 * fetched anew each time, so that a dropped one counts no more.
 */
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'

export interface Trust {
  readonly issuer: string
  readonly audience: string
  readonly subject: string
}

/** `null`: not verified, for whatever reason. */
export async function claimsOf(
  token: string,
  { issuer, audience }: Pick<Trust, 'issuer' | 'audience'>,
): Promise<JWTPayload | null> {
  const discovery = await json(new URL('/.well-known/openid-configuration', issuer))
  if (Reflect.get(discovery, 'issuer') !== issuer) return null
  const keys = await json(new URL(String(Reflect.get(discovery, 'jwks_uri'))))
  try {
    const set = createLocalJWKSet(keys as JSONWebKeySet)
    const options = { issuer, audience, algorithms: ['RS256'], requiredClaims: ['exp', 'iat'] }
    const { payload } = await jwtVerify(token, set, options)
    return payload.aud === audience ? payload : null
  } catch {
    return null
  }
}

export async function isTrusted(token: string, trust: Trust): Promise<boolean> {
  const claims = await claimsOf(token, trust)
  return claims !== null && claims.sub === trust.subject
}

async function json(url: URL): Promise<object> {
  return (await (await fetch(url)).json()) as object
}
