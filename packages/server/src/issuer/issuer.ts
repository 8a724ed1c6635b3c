/**
 * The OpenID Connect issuer that clouds trust: one key signs, newer ones are published before they
 * sign and older ones for a while after, so that no verifier meets a key it has not seen. It signs
 * what credentials.ts asks for and nothing else.
 *
 * Source: OpenID Connect Discovery 1.0 §3–4, RFC 7517 (JWKS), RFC 7519 (JWT).
 */
import type { Instant } from '@holdpoint/core'
import { type JWTPayload, SignJWT } from 'jose'
import { Secret } from '../io/secret.ts'
import type { Clock } from '../ports.ts'
import type { Database } from '../store/db.ts'
import {
  addIssuerKey,
  forgetIssuerKeys,
  type IssuerKeyRow,
  issuerKeys,
  lockIssuerKeys,
  retireIssuerKeys,
} from '../store/issuer-keys.ts'
import type { Tx } from '../store/tables.ts'
import { ALGORITHM, type NewKey, newSealedKey, openKey, publishedKey } from './keys.ts'

/** A new key is published for so long before it signs, and an old one after it signed last. */
export const OVERLAP_MS = 24 * 60 * 60 * 1000
/** A key signs for so long before another takes over by itself. */
export const KEY_LIFE_MS = 90 * 24 * 60 * 60 * 1000
/** What other replicas made is seen after this at the latest. */
const FRESH_MS = 15_000

export interface TokenClaims extends JWTPayload {
  readonly sub: string
  readonly aud: string
  readonly jti: string
}

export interface Issuer {
  /** `iss` of every token: where people find the server. */
  readonly url: () => string
  readonly sign: (claims: TokenClaims, times: { iat: Instant; exp: Instant }) => Promise<Secret>
  readonly discovery: () => object
  readonly jwks: () => Promise<{ readonly keys: readonly unknown[] }>
  /**
   * Signs with a new key at once; `drop` makes the old ones count no more. Nothing changes unless it
   * was recorded before: then the answer is `null`.
   */
  readonly rotate: (drop: boolean, record: RecordRotation) => Promise<Rotated | null>
}

/** Whether the log has it. */
export type RecordRotation = (rotated: Rotated) => Promise<boolean>

export interface Rotated {
  readonly key: string
  readonly dropped: readonly string[]
}

export interface IssuerSources {
  readonly database: Database
  readonly seal: Uint8Array
  readonly clock: Clock
  readonly url: () => string
}

export function createIssuer(sources: IssuerSources): Issuer {
  const { clock, url } = sources
  let kept: { readonly rows: readonly IssuerKeyRow[]; readonly until: Instant } | null = null
  const rows = async (): Promise<readonly IssuerKeyRow[]> => {
    if (kept === null || clock.now() >= kept.until)
      kept = { rows: await currentKeys(sources), until: clock.now() + FRESH_MS }
    return kept.rows
  }
  return {
    url,
    sign: async (claims, { iat, exp }) => {
      const row = signing(await rows(), clock.now())
      const header = { alg: ALGORITHM, typ: 'JWT', kid: row.id }
      const seconds = { iat: inSeconds(iat), nbf: inSeconds(iat), exp: inSeconds(exp) }
      const token = new SignJWT({ ...claims, iss: url(), ...seconds }).setProtectedHeader(header)
      return new Secret(await token.sign(await openKey(row, sources.seal)))
    },
    discovery: () => discoveryOf(url()),
    jwks: async () => ({
      keys: (await rows())
        .filter(({ retiresAt }) => retiresAt === null || retiresAt > clock.now())
        .map((row) => publishedKey(row, sources.seal))
        .filter((key) => key !== null),
    }),
    rotate: async (drop, record) => {
      const rotated = await rotate(sources, drop, record)
      kept = null
      return rotated
    },
  }
}

function inSeconds(at: Instant): number {
  return Math.floor(at / 1000)
}

function discoveryOf(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [ALGORITHM],
    claims_supported: [
      ...['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti'],
      ...['workspace', 'phase', 'change', 'fingerprint', 'grant', 'requester'],
    ],
  }
}

/** The newest that has begun to sign and has not ended. */
function signing(rows: readonly IssuerKeyRow[], now: Instant): IssuerKeyRow {
  const alive = rows.filter(({ retiresAt }) => retiresAt === null || retiresAt > now)
  const row = alive.find(({ activeAt }) => activeAt <= now) ?? alive.at(-1)
  if (row === undefined) throw new Error('the issuer has no key')
  return row
}

/** The keys that are there, with the first made now and the next when one grows old. */
async function currentKeys(sources: IssuerSources): Promise<readonly IssuerKeyRow[]> {
  const { database, clock } = sources
  const found = await issuerKeys(database.kysely)
  if (!isDue(found, clock.now())) return found
  return database.kysely.transaction().execute(async (tx) => {
    await lockIssuerKeys(tx)
    const again = await issuerKeys(tx)
    const now = clock.now()
    if (!isDue(again, now)) return again
    const isFirst = again.length === 0
    const activeAt = isFirst ? now : now + OVERLAP_MS
    const made = await addKey(tx, await newSealedKey(sources.seal), activeAt)
    await retireIssuerKeys(tx, { except: made, at: activeAt + OVERLAP_MS })
    await forgetIssuerKeys(tx, now)
    return issuerKeys(tx)
  })
}

function isDue(rows: readonly IssuerKeyRow[], now: Instant): boolean {
  const [newest] = rows
  return newest === undefined || now >= newest.activeAt + KEY_LIFE_MS
}

async function addKey(tx: Tx, made: NewKey, activeAt: Instant): Promise<string> {
  await addIssuerKey(tx, { ...made, activeAt, retiresAt: null })
  return made.id
}

/** Outside of any transaction of its own, because recording takes one. */
async function rotate(
  sources: IssuerSources,
  drop: boolean,
  record: RecordRotation,
): Promise<Rotated | null> {
  const { database, clock, seal } = sources
  const made = await newSealedKey(seal)
  const before = await issuerKeys(database.kysely)
  const rotated = { key: made.id, dropped: drop ? before.map(({ id }) => id) : [] }
  if (!(await record(rotated))) return null
  return database.kysely.transaction().execute(async (tx) => {
    await lockIssuerKeys(tx)
    const now = clock.now()
    const key = await addKey(tx, made, now)
    await retireIssuerKeys(tx, { except: key, at: drop ? now : now + OVERLAP_MS })
    return rotated
  })
}
