/**
 * STS as AWS answers it: a web identity token is verified with the issuer's keys, trust is compared
 * by equality, and keys are handed out that end.
 */
import { randomBytes } from 'node:crypto'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import type { Session } from './aws-authoriser.ts'

export interface Role {
  readonly arn: string
  /** What the role itself may do. */
  readonly policy: unknown
  readonly sessionSecondsMax?: number
  /** Claims by equality; `null` where no token is taken. */
  readonly trust: { readonly aud: string; readonly sub: string } | null
  /** Keys that may take the role on, with the external id that they have to name. */
  readonly assumedBy?: { readonly accessKeyId: string; readonly externalId: string }
}

/** Keys that do not end, as a server's own identity has. */
export interface ServerKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly account: string
}

export interface IssuedKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiresAt: number
  readonly session: AwsSession
}

export interface AwsSession extends Session {
  readonly roleArn: string
  readonly sourceIdentity: string | null
  readonly tags: { readonly [key: string]: string }
  /** The policy as it came, byte for byte. */
  readonly policyText: string | null
  /** What it is a part of, and can do nothing beyond. */
  readonly within: AwsSession | null
}

export type StsAnswer =
  | { readonly ok: true; readonly key: IssuedKey }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string }

export interface StsSettings {
  readonly issuerUrl: string
  readonly roles: readonly Role[]
  readonly now: () => number
  /** Policies that AWS would find too large once packed. */
  readonly isPackedTooLarge: (policy: string) => boolean
  /** Whether this STS knows GetScopedCredentials. */
  readonly hasScoped: boolean
}

type Fields = { readonly [name: string]: unknown }

const POLICY_CHARACTERS_MAX = 2_048
const SECONDS_MIN = 900
const SECONDS_DEFAULT = 3_600
const SCOPED_SECONDS_MAX = 129_600

export async function assumeWithToken(settings: StsSettings, given: Fields): Promise<StsAnswer> {
  const role = findRole(settings, given)
  if (role === null || role.trust === null) return denied('AssumeRoleWithWebIdentity')
  const claims = await verified(settings, String(given['WebIdentityToken'] ?? ''))
  if (claims === 'expired') return refused(400, 'ExpiredTokenException', 'Token is expired')
  if (claims === null) {
    return refused(400, 'InvalidIdentityToken', 'The token could not be verified')
  }
  if (claims.aud !== role.trust.aud) {
    return refused(400, 'InvalidIdentityToken', 'Incorrect token audience')
  }
  if (claims.sub !== role.trust.sub) return denied('AssumeRoleWithWebIdentity')
  return issue({ settings, given, role, claims })
}

export function assumeWithKey(settings: StsSettings, given: Fields, caller: string): StsAnswer {
  const role = findRole(settings, given)
  const by = role?.assumedBy
  const isTrusted = by !== undefined && by.accessKeyId === caller
  if (role === null || !isTrusted || given['ExternalId'] !== by.externalId) {
    return denied('AssumeRole')
  }
  return issue({ settings, given, role, claims: {} })
}

function findRole({ roles }: StsSettings, given: Fields): Role | null {
  return roles.find(({ arn }) => arn === given['RoleArn']) ?? null
}

/** By the issuer's own discovery, every time: a key that it took away is no key. */
async function verified(
  { issuerUrl, now }: StsSettings,
  token: string,
): Promise<JWTPayload | 'expired' | null> {
  const discovered = await fetch(`${issuerUrl}/.well-known/openid-configuration`)
  if (!discovered.ok) return null
  const document: unknown = await discovered.json()
  const keys: unknown = Reflect.get(Object(document), 'jwks_uri')
  if (Reflect.get(Object(document), 'issuer') !== issuerUrl || typeof keys !== 'string') return null
  try {
    const options = {
      issuer: issuerUrl,
      algorithms: ['RS256'],
      requiredClaims: ['aud', 'exp', 'iat', 'sub'],
      currentDate: new Date(now()),
    }
    return (await jwtVerify(token, createRemoteJWKSet(new URL(keys)), options)).payload
  } catch (error) {
    return Reflect.get(Object(error), 'code') === 'ERR_JWT_EXPIRED' ? 'expired' : null
  }
}

interface Issue {
  readonly settings: StsSettings
  readonly given: Fields
  readonly role: Role
  readonly claims: JWTPayload
}

function issue({ settings, given, role, claims }: Issue): StsAnswer {
  const policyText = typeof given['Policy'] === 'string' ? given['Policy'] : null
  const problem = problemOf(settings, { given, role, policyText })
  if (problem !== null) return problem
  const seconds = Number(given['DurationSeconds'] ?? SECONDS_DEFAULT)
  const account = role.arn.split(':')[4] ?? ''
  const key: IssuedKey = {
    ...newKey(),
    expiresAt: settings.now() + seconds * 1_000,
    session: {
      account,
      role: role.arn.split('/').at(-1) ?? '',
      roleArn: role.arn,
      name: String(given['RoleSessionName']),
      rolePolicy: role.policy,
      sessionPolicy: policyText === null ? null : JSON.parse(policyText),
      policyText,
      sourceIdentity: sourceIdentityOf(claims),
      tags: tagsOf(claims),
      within: null,
    },
  }
  return { ok: true, key }
}

/** A part of a session: its identity, at most its permissions, and not longer than it lives. */
export function scopeSession(settings: StsSettings, given: Fields, whole: IssuedKey): StsAnswer {
  const policyText = typeof given['Policy'] === 'string' ? given['Policy'] : null
  const secondsLeft = Math.floor((whole.expiresAt - settings.now()) / 1_000)
  const seconds = Number(given['DurationSeconds'] ?? secondsLeft)
  if (!settings.hasScoped) return refused(400, 'InvalidAction', 'No such action')
  if (policyText === null && given['DurationSeconds'] === undefined) {
    return refused(400, 'ValidationError', 'Neither Policy nor DurationSeconds is given')
  }
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SCOPED_SECONDS_MAX) {
    return refused(400, 'ValidationError', 'DurationSeconds is no duration')
  }
  if (seconds > secondsLeft) {
    return refused(400, 'InsufficientSessionLifetime', 'The calling session does not live so long')
  }
  const problem = policyText === null ? null : policyProblem(settings, policyText)
  if (problem !== null) return problem
  const key: IssuedKey = {
    ...newKey(),
    expiresAt: settings.now() + seconds * 1_000,
    session: {
      ...whole.session,
      sessionPolicy: policyText === null ? null : JSON.parse(policyText),
      policyText,
      within: whole.session,
    },
  }
  return { ok: true, key }
}

function newKey(): Pick<IssuedKey, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'> {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(48).toString('base64'),
  }
}

function problemOf(
  settings: StsSettings,
  { given, role, policyText }: { given: Fields; role: Role; policyText: string | null },
): StsAnswer | null {
  const seconds = Number(given['DurationSeconds'] ?? SECONDS_DEFAULT)
  const max = role.sessionSecondsMax ?? SECONDS_DEFAULT
  if (!/^[\w+=,.@-]{2,64}$/.test(String(given['RoleSessionName'] ?? ''))) {
    return refused(400, 'ValidationError', 'RoleSessionName is no name of a session')
  }
  if (!Number.isInteger(seconds) || seconds < SECONDS_MIN || seconds > max) {
    return refused(
      400,
      'ValidationError',
      `DurationSeconds is not between ${SECONDS_MIN} and ${max}`,
    )
  }
  return policyText === null ? null : policyProblem(settings, policyText)
}

function policyProblem(settings: StsSettings, policyText: string): StsAnswer | null {
  if (policyText.length > POLICY_CHARACTERS_MAX) {
    return refused(400, 'ValidationError', `Policy is longer than ${POLICY_CHARACTERS_MAX}`)
  }
  if (settings.isPackedTooLarge(policyText)) {
    return refused(400, 'PackedPolicyTooLarge', 'The packed policy is too large')
  }
  return isPolicy(policyText) ? null : refused(400, 'MalformedPolicyDocument', 'No policy')
}

function isPolicy(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text)
    return Reflect.get(Object(document), 'Statement') !== undefined
  } catch {
    return false
  }
}

const TAGS = 'https://aws.amazon.com/tags'
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity'

function sourceIdentityOf(claims: JWTPayload): string | null {
  const value = claims[SOURCE_IDENTITY]
  return typeof value === 'string' ? value : null
}

/** `{"principal_tags": {"key": ["value"]}}` */
function tagsOf(claims: JWTPayload): { readonly [key: string]: string } {
  const tags: unknown = Reflect.get(Object(claims[TAGS]), 'principal_tags')
  const pairs = Object.entries(Object(tags)).flatMap(([key, values]) => {
    return Array.isArray(values) && values.length === 1 ? [[key, String(values[0])]] : []
  })
  return Object.fromEntries(pairs)
}

function denied(action: string): StsAnswer {
  return refused(403, 'AccessDenied', `Not authorized to perform sts:${action}`)
}

function refused(status: number, code: string, message: string): StsAnswer {
  return { ok: false, status, code, message }
}
