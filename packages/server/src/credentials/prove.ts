/**
 * Proves the trust of a connection from outside: the right token is accepted, and one for another
 * subject, another audience, and one that has expired are refused. What is accepted is thrown away.
 */
import type { credentials as schemas } from '@holdpoint/api'
import {
  type Connection,
  externalIdOf,
  type Instant,
  PHASES,
  type Phase,
  subjectOf,
} from '@holdpoint/core'
import type { z } from 'zod'
import { Fault } from '../io/fault.ts'
import { randomIdText } from '../io/random-ids.ts'
import type { Secret } from '../io/secret.ts'
import type { Issuer } from '../issuer/issuer.ts'
import type { Clock } from '../ports.ts'
import type { Attempted, ProviderConfig, Tried } from './provider.ts'
import { PROVIDERS } from './registry.ts'

type Proof = z.input<typeof schemas.ProofList>['proofs'][number]

export interface ProofSources {
  readonly issuer: Issuer
  readonly clock: Clock
  readonly providers: ProviderConfig
}

interface Attempt {
  readonly tried: string
  readonly expected: 'accepted' | 'refused'
  readonly subject: (connection: Connection, phase: Phase) => string
  readonly audience: (connection: Connection) => string
  readonly ageMs: number
}

const LIFE_MS = 5 * 60_000
const right = {
  subject: subjectOf,
  audience: ({ audience }: Connection) => audience,
  ageMs: 0,
}

const RIGHT: Attempt = { ...right, tried: 'the right token', expected: 'accepted' }
const BY_TOKEN: readonly Attempt[] = [
  RIGHT,
  {
    ...right,
    tried: 'a token of another workspace',
    expected: 'refused',
    subject: ({ id }, phase) => `workspace:wsp_0000000000000000:phase:${phase}:to:${id}`,
  },
  {
    ...right,
    tried: 'a token of the other phase',
    expected: 'refused',
    subject: (connection, phase) => subjectOf(connection, phase === 'plan' ? 'apply' : 'plan'),
  },
  {
    ...right,
    tried: 'a token for another audience',
    expected: 'refused',
    audience: () => 'holdpoint-doctor-wrong-audience',
  },
  { ...right, tried: 'a token that has expired', expected: 'refused', ageMs: 60 * 60_000 },
]

export async function proveConnection(
  connection: Connection,
  sources: ProofSources,
): Promise<readonly Proof[]> {
  const proofs: Proof[] = []
  const tryOut = trying(sources)
  for (const phase of PHASES) {
    const identity = phase === 'apply' ? connection.apply : connection.plan
    if (identity === null) continue
    proofs.push(...(await provePhase({ connection, phase, identity, tryOut }, sources)))
  }
  return proofs
}

/** A cloud that does not answer has said nothing of the trust, and is not asked again. */
function trying({ providers }: ProofSources): (attempted: Attempted) => Promise<Tried> {
  let silent: Tried | null = null
  return async (attempted) => {
    if (silent !== null) return silent
    try {
      return await PROVIDERS[attempted.connection.kind].attempt(attempted, providers)
    } catch (cause) {
      if (!(cause instanceof Fault && cause.code === 'source_failed')) throw cause
      silent = { notTried: `${cause.message}: can this server reach it?` }
      return silent
    }
  }
}

type Writing = z.input<typeof schemas.ProofList>['writing']

/** Whether what plans could write; `null` where nothing plans. Never called proven to read only. */
export async function askWriting(connection: Connection, sources: ProofSources): Promise<Writing> {
  const { plan: identity, kind, workspace, settings } = connection
  if (identity === null) return null
  const { writes } = PROVIDERS[kind]
  if (writes === null)
    return { found: 'not_known', says: 'Nothing there can be asked that tells it for sure.' }
  const proving = { connection, phase: 'plan', identity } as const
  const isServer = settings['trust'] === 'server'
  const token = isServer ? null : await tokenFor(proving, RIGHT, sources)
  const externalId = isServer ? externalIdOf(workspace, 'plan') : null
  const attempted = { ...proving, token, externalId }
  const said = await writes(attempted, sources.providers).catch(notReached)
  if ('notKnown' in said) return { found: 'not_known', says: `Not known: ${said.notKnown}.` }
  const { may, asked, notLookedAt } = said
  if (may.length > 0) return { found: 'some', says: `It may write: ${may.join(', ')}.` }
  return { found: 'none', says: `It may do none of ${asked} things that write; ${notLookedAt}.` }
}

/** The trust is known by then; what else the cloud says of it is not worth losing that. */
function notReached(cause: unknown): { readonly notKnown: string } {
  if (cause instanceof Fault) return { notKnown: 'it could not be asked' }
  throw cause
}

interface Identity {
  readonly connection: Connection
  readonly phase: Phase
  readonly identity: string
}

interface Proving extends Identity {
  readonly tryOut: (attempted: Attempted) => Promise<Tried>
}

async function provePhase(proving: Proving, sources: ProofSources): Promise<readonly Proof[]> {
  if (proving.connection.settings['trust'] === 'server') return byExternalId(proving)
  const proofs: Proof[] = []
  for (const attempt of BY_TOKEN) proofs.push(await byToken(proving, attempt, sources))
  return proofs
}

async function byToken(proving: Proving, attempt: Attempt, sources: ProofSources): Promise<Proof> {
  const { connection, phase, identity, tryOut } = proving
  const { tried, expected } = attempt
  const token = await tokenFor(proving, attempt, sources)
  const request = { connection, phase, identity, token, externalId: null }
  return { phase, tried, expected, ...foundOf(await tryOut(request)) }
}

async function tokenFor(
  { connection, phase }: Identity,
  attempt: Attempt,
  { issuer, clock }: ProofSources,
): Promise<Secret> {
  const iat: Instant = clock.now() - attempt.ageMs
  const claims = {
    sub: attempt.subject(connection, phase),
    aud: attempt.audience(connection),
    jti: randomIdText(),
  }
  const session = { name: `holdpoint-doctor-${phase}`, tags: {} }
  const own = PROVIDERS[connection.kind].claims?.(session) ?? {}
  return issuer.sign({ ...own, ...claims }, { iat, exp: iat + LIFE_MS })
}

/** A role that trusts this server must ask for the external id of this workspace and phase. */
async function byExternalId({
  connection,
  phase,
  identity,
  tryOut,
}: Proving): Promise<readonly Proof[]> {
  const own = externalIdOf(connection.workspace, phase)
  const other = 'workspace:wsp_0000000000000000:phase:apply'
  const tries = [
    ['with the external id of this workspace', 'accepted', own],
    ['without an external id', 'refused', ''],
    ['with the external id of another workspace', 'refused', other],
  ] as const
  const proofs: Proof[] = []
  for (const [tried, expected, externalId] of tries) {
    const request = { connection, phase, identity, token: null, externalId }
    proofs.push({ phase, tried, expected, ...foundOf(await tryOut(request)) })
  }
  return proofs
}

function foundOf(said: Tried): Pick<Proof, 'found' | 'says'> {
  if (said === 'accepted') return { found: 'accepted', says: 'The cloud accepted it.' }
  return 'refused' in said
    ? { found: 'refused', says: said.refused }
    : { found: 'not_tried', says: said.notTried }
}

/** Every try went as it has to. */
export function isProven(proofs: readonly Proof[]): boolean {
  return proofs.length > 0 && proofs.every(({ expected, found }) => expected === found)
}
