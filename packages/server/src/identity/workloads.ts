/**
 * A pipeline proves itself with the token that its platform signed for this very job, and is given
 * one of ours for a quarter of an hour (RFC 8693). Every claim that the configuration names has to be
 * there and equal, the token has to be for this server alone, and each is good once.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type AccessEvent,
  accountDigest,
  digestText,
  identityDigest,
  type PersonId,
  SYSTEM,
  type WorkspaceId,
} from '@holdpoint/core'
import { decodeJwt, type JWTPayload, jwtVerify } from 'jose'
import { newTokenSecret } from '../access-names.ts'
import type { Config } from '../config.ts'
import { newTokenId } from '../new-ids.ts'
import type { Services } from '../services.ts'
import { rememberOnce } from '../store/ceremonies.ts'
import { databaseNow } from '../store/db.ts'
import { loadNames } from '../views-names.ts'
import { recordAccess } from './record.ts'
import type { IssuedToken } from './terminals.ts'

export type Workload = Config['workloads'][number]

const TOKEN_SECONDS = 15 * 60
const AHEAD_SECONDS_MAX = 60 * 60
const SKEW_SECONDS = 30
const ALGORITHMS = ['RS256', 'ES256']
const CHARACTERS_MAX = 16_000
/** An entry is bounded, and a job is set off by few. */
const BEHIND_MAX = 50

export type Exchanged =
  | { readonly ok: true; readonly issued: IssuedToken }
  /** For whoever asked; what was wrong in detail is in the server's log. */
  | { readonly ok: false; readonly problem: string }

export async function exchangeWorkload(token: string, services: Services): Promise<Exchanged> {
  const read = await verified(token, services)
  if (typeof read === 'string') return { ok: false, problem: read }
  const { workload, expires, payload: claims } = read
  const workspaces = await workspacesOf(workload, services)
  if (workspaces === null)
    return { ok: false, problem: `workload ${workload.name} names a workspace that is not there` }
  const [header = '', payload = ''] = token.split('.')
  // What is signed, not the signature: one of ECDSA has a twin that is as good.
  const digest = digestText(nodePrimitives, `${header}.${payload}`)
  const now = services.clock.now()
  const isNew = await rememberOnce(services.database.kysely, { digest, until: expires }, now)
  if (!isNew) return { ok: false, problem: 'this token was exchanged before' }
  const behind = await peopleNamed(claims, workload, services)
  return issue({ workload, workspaces, behind }, services)
}

interface Verified {
  readonly workload: Workload
  readonly payload: JWTPayload
  readonly expires: number
}

async function verified(token: string, services: Services): Promise<Verified | string> {
  if (token.length > CHARACTERS_MAX) return 'the token is too long'
  const issuer = issuerOf(token)
  const candidates = services.workloads.filter((each) => each.issuer === issuer)
  const [first] = candidates
  if (first === undefined) return 'no workload of that issuer is configured here'
  const payload = await signedPayload(token, first, services)
  if (payload === null) return 'the token is not signed by its issuer, or is not good now'
  const late = timeProblem(payload, services.clock.now())
  if (late !== null) return late
  const workload = candidates.find((each) => fits(payload, each, services))
  if (workload === undefined) return 'its claims are those of no workload that is configured here'
  return { workload, payload, expires: ((payload.exp ?? 0) + SKEW_SECONDS) * 1000 }
}

function issuerOf(token: string): string | null {
  try {
    return decodeJwt(token).iss ?? null
  } catch {
    return null
  }
}

async function signedPayload(
  token: string,
  workload: Workload,
  services: Services,
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, await services.workloadKeys(workload), {
      issuer: workload.issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ['iss', 'aud', 'exp'],
      clockTolerance: SKEW_SECONDS,
      currentDate: new Date(services.clock.now()),
    })
    return payload
  } catch (error) {
    services.log.warn({ err: error }, 'a token of a pipeline was not accepted')
    return null
  }
}

/** One that is good for long is no token of a job. */
function timeProblem({ exp = 0 }: JWTPayload, now: number): string | null {
  return exp > now / 1000 + AHEAD_SECONDS_MAX + SKEW_SECONDS
    ? 'the token is good for more than an hour'
    : null
}

function fits(payload: JWTPayload, workload: Workload, services: Services): boolean {
  const { aud } = payload
  const audiences = Array.isArray(aud) ? aud : [aud]
  const wanted = workload.audience ?? services.baseUrl()
  // Whoever else it is for could bring it here.
  if (audiences.length !== 1 || audiences[0] !== wanted) return false
  return Object.entries(workload.claims).every(
    ([name, value]) => Object.hasOwn(payload, name) && payload[name] === value,
  )
}

/**
 * Who set the job off, by the ids that its platform signed: linked accounts, and sign-ins where the
 * platform is the identity provider too. Names and addresses that it signs beside them may change
 * hands, so an address only adds whom it is known for. Nobody counts because of any of it.
 */
async function peopleNamed(
  claims: JWTPayload,
  workload: Workload,
  services: Services,
): Promise<readonly PersonId[]> {
  const access = await services.gate.access()
  const { issuer } = workload
  const people = workload.people.flatMap((claim) => {
    const id = idIn(claims, claim)
    if (id === null) return []
    const linked = access.accounts.get(accountDigest({ issuer, id }, nodePrimitives)) ?? []
    const signsIn = access.identities.get(identityDigest({ issuer, subject: id }, nodePrimitives))
    return signsIn === undefined ? linked : [...linked, signsIn]
  })
  const names = await loadNames(services.database.kysely, access)
  const address = Object.hasOwn(claims, 'user_email') ? claims['user_email'] : null
  const known = typeof address === 'string' ? names.findByAddress(address) : []
  return [...new Set([...people, ...known])].slice(0, BEHIND_MAX)
}

function idIn(claims: JWTPayload, name: string): string | null {
  const value = Object.hasOwn(claims, name) ? claims[name] : null
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : null
}

async function workspacesOf(
  workload: Workload,
  services: Services,
): Promise<readonly WorkspaceId[] | null> {
  const { workspaces } = await services.gate.access()
  const known = new Map([...workspaces.values()].map(({ name, id }) => [name, id]))
  const ids = workload.workspaces.map((name) => known.get(name))
  return ids.every((id) => id !== undefined) ? ids : null
}

interface Proven {
  readonly workload: Workload
  readonly workspaces: readonly WorkspaceId[]
  readonly behind: readonly PersonId[]
}

async function issue(
  { workload, workspaces, behind }: Proven,
  services: Services,
): Promise<Exchanged> {
  const secret = newTokenSecret()
  const event: AccessEvent = {
    type: 'token_issued',
    token: newTokenId(),
    name: workload.name,
    purpose: 'service',
    person: null,
    verbs: workload.verbs,
    workspaces,
    expiresAt: (await databaseNow(services.database.kysely)) + TOKEN_SECONDS * 1000,
    secretSha256: digestText(nodePrimitives, secret),
    ...(behind.length === 0 ? {} : { behind }),
  }
  const problem = await recordAccess(SYSTEM, [event], services)
  return problem === null
    ? { ok: true, issued: { secret, seconds: TOKEN_SECONDS } }
    : { ok: false, problem: 'the token could not be recorded' }
}
