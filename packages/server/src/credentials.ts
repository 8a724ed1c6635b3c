/**
 * The one place where credentials exist on the server: look at the grant, mint, record, hand over, in
 * this order, in answer to a signed request and in memory alone. Nothing is handed out that is not
 * in the log, and nothing is minted before a signed checkpoint covers the start (DESIGN §7).
 */
import type { credentials as schemas } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Actor,
  type Change,
  type ChangeId,
  type Connection,
  type ConnectionId,
  type ConnectionKind,
  credentialUntil,
  type Instant,
  type IssuePurpose,
  isScopeOf,
  KEPT_KINDS,
  type Phase,
  PLAN_CREDENTIAL_MS_MAX,
  parseScope,
  RAW_TOKEN_MS_MAX,
  type Refusal,
  refOf,
  type ScopedConnection,
  SYSTEM,
  subjectOf,
} from '@holdpoint/core'
import type { z } from 'zod'
import type { Exchanger, ProviderConfig, Session } from './credentials/provider.ts'
import { PROVIDERS } from './credentials/registry.ts'
import { done, type Result, refused } from './http/handler.ts'
import { randomIdText } from './io/random-ids.ts'
import type { Secret } from './io/secret.ts'
import type { Issuer } from './issuer/issuer.ts'
import type { AuditLog, ChangeRecord, Gate } from './ports.ts'
import { type Database, databaseNow } from './store/db.ts'
import { findEvidence } from './store/evidence.ts'

export type Credential = z.output<typeof schemas.Credential>

export interface CredentialSources {
  readonly database: Database
  readonly gate: Gate
  readonly audit: AuditLog
  readonly issuer: Issuer
  readonly config: ProviderConfig
}

export interface Credentials {
  /** For a started execution; the door has checked the runner's signature. */
  readonly issue: (asked: Asked) => Promise<Result<Credential>>
  /** For planning a change that is reserved and not opened; the door has checked who may. */
  readonly issueForPlan: (asked: AskedForPlan) => Promise<Result<Credential>>
}

export interface Asked {
  readonly actor: Actor
  readonly record: ChangeRecord
  readonly connection: ConnectionId
  readonly purpose: IssuePurpose
  readonly ask: number
}

export interface AskedForPlan {
  readonly actor: Exclude<Actor, { readonly kind: 'system' }>
  readonly change: ChangeId
  readonly connection: Connection
}

/** One exchanger for each kind, because each remembers what its cloud has. */
interface Sources extends CredentialSources {
  readonly exchangers: ReadonlyMap<ConnectionKind, Exchanger>
}

export function createCredentials(given: CredentialSources): Credentials {
  const exchangers = KEPT_KINDS.flatMap((kind) => {
    const exchanger = PROVIDERS[kind].exchanger?.(given.config)
    return exchanger === undefined ? [] : [[kind, exchanger] as const]
  })
  const sources: Sources = { ...given, exchangers: new Map(exchangers) }
  return {
    issue: (asked) => issue(asked, sources),
    issueForPlan: (asked) => issueForPlan(asked, sources),
  }
}

async function issue(asked: Asked, sources: Sources): Promise<Result<Credential>> {
  const { actor, record, purpose, ask } = asked
  const { change } = record
  const now = await databaseNow(sources.database.kysely)
  const allowed = credentialUntil(change, purpose, now)
  if (!allowed.ok) return refused(allowed.refusal)
  // Asked of the log again below; here so that a request that is sent again mints nothing.
  if (ask <= (change.execution?.lastAsk ?? 0)) return refused({ code: 'asked_before' })
  // The start is in a signed head before anything is minted: no replica can take it back.
  await sources.audit.checkpointCovering(record.lastSeq)
  const found = await scopedConnection(asked, sources)
  if (!found.ok) return found
  const minted = await mint(
    mintingOf(change, { ...found.value, purpose, now, ...allowed }),
    sources,
  )
  if (!minted.ok) return minted
  const { credential, id, until } = minted.value
  const { connection } = found.value
  const issued = { connection: connection.id, purpose, ask, credential: id, until }
  const { publicKey: runnerKey } = change.runner
  const command = { type: 'issue_credentials', runnerKey, issue: issued } as const
  const sent = { on: 'change', change: change.changeId, workspace: null, command } as const
  const answer = await sources.gate.handle(actor, sent)
  return answer.ok ? done(credential) : refused(answer.refusal)
}

interface Found {
  readonly connection: Connection
  readonly scoped: ScopedConnection
}

/** What was shown and decided on, as long as the connection still leads there. */
async function scopedConnection(
  { record: { change }, connection: id }: Asked,
  { gate, database }: CredentialSources,
): Promise<Result<Found>> {
  const connection = (await gate.access()).connections.get(id)
  if (connection === undefined || connection.workspace !== change.workspace)
    return refused({ code: 'not_found', what: 'connection' })
  const digest = change.evaluation?.scope
  const bytes =
    digest === undefined
      ? null
      : await findEvidence(database.kysely, { workspace: change.workspace, digest })
  const scope = bytes === null ? null : parseScope(nodePrimitives.text(bytes))
  const scoped = scope?.connections.find((each) => each.connection === id)
  return scoped !== undefined && isScopeOf(scoped, connection)
    ? done({ connection, scoped })
    : refused({ code: 'connection_changed', connection: id })
}

/** Everything of one credential, decided. */
interface Minting {
  readonly connection: Connection
  readonly phase: Phase
  readonly identity: string
  readonly policy: string | null
  readonly session: Session
  /** Of DESIGN §7: which change, fingerprint, grant and requester. */
  readonly claims: { readonly [claim: string]: string }
  readonly now: Instant
  readonly until: Instant
  /** It saves the state and nothing else, and the policy itself ends in time. */
  readonly isGrace: boolean
}

function mintingOf(
  change: Change,
  about: Found & {
    readonly purpose: IssuePurpose
    readonly now: Instant
    readonly until: Instant
  },
): Minting {
  const { connection, scoped, purpose, now, until } = about
  const grant = change.execution?.grant ?? change.changeId
  const { fingerprint } = change.binding
  const isGrace = purpose === 'state'
  return {
    connection,
    phase: 'apply',
    identity: connection.apply,
    policy: isGrace ? endingAt(scoped.state, until) : scoped.policy,
    session: {
      name: grant,
      tags: {
        'holdpoint-change': change.changeId,
        'holdpoint-fingerprint': fingerprint.slice(0, 16),
      },
    },
    claims: { change: change.changeId, fingerprint, grant, requester: change.requester.id },
    now,
    until,
    isGrace,
  }
}

/** AWS gives no session shorter than a quarter of an hour, so the policy says when it ends. */
function endingAt(policy: string | null, until: Instant): string | null {
  if (policy === null) return null
  const document: { Statement: readonly object[] } = JSON.parse(policy)
  const time = { 'aws:CurrentTime': new Date(until).toISOString() }
  const Statement = document.Statement.map((each): object => {
    const condition: object = 'Condition' in each ? Object(each.Condition) : {}
    return { ...each, Condition: { ...condition, DateLessThan: time } }
  })
  return JSON.stringify({ ...document, Statement })
}

interface Minted {
  readonly credential: Credential
  readonly id: string
  readonly until: Instant
}

async function mint(minting: Minting, sources: Sources): Promise<Result<Minted>> {
  const { connection, now, until, isGrace } = minting
  const isKept = KEPT_KINDS.includes(connection.kind)
  if (isGrace && (!isKept || minting.policy === null)) return refused(noGrace(connection))
  if (isKept) return exchanged(minting, sources)
  const expiresAt = Math.min(until, now + RAW_TOKEN_MS_MAX)
  const { token, id } = await signed(minting, expiresAt, sources)
  const credential = { form: 'token', token: token.reveal(), expiresAt } as const
  return done({ credential, id, until: expiresAt })
}

function noGrace({ id }: Connection): Refusal {
  const because = 'nothing there can be given that saves the state and does nothing else'
  return { code: 'cloud_refused', connection: id, because }
}

const EXCHANGE_MS = 5 * 60_000
/** The clouds' clocks and ours may differ by so much. */
const CLOCK_MS = 30_000

async function exchanged(minting: Minting, sources: Sources): Promise<Result<Minted>> {
  const { connection, now, until, isGrace } = minting
  const exchanger = sources.exchangers.get(connection.kind)
  if (exchanger === undefined) throw new Error(`${connection.kind} exchanges nothing`)
  const secondsLeft = Math.floor((until - now - CLOCK_MS) / 1000)
  const { token } = await signed(minting, now + EXCHANGE_MS, sources)
  const answer = await exchanger.exchange({ ...minting, token, secondsLeft })
  if (!answer.ok) return refused(answer.refusal)
  const { id, keys, expiresAt } = answer
  return done({ credential: keys, id, until: isGrace ? until : expiresAt })
}

async function signed(
  minting: Minting,
  exp: Instant,
  { issuer }: CredentialSources,
): Promise<{ readonly token: Secret; readonly id: string }> {
  const { connection, phase, session, claims, now } = minting
  const id = randomIdText()
  const own = PROVIDERS[connection.kind].claims?.(session) ?? {}
  const token = await issuer.sign(
    {
      ...own,
      ...claims,
      sub: subjectOf(connection, phase),
      aud: connection.audience,
      jti: id,
      workspace: connection.workspace,
      phase,
    },
    { iat: now, exp },
  )
  return { token, id }
}

async function issueForPlan(
  { actor, change, connection }: AskedForPlan,
  sources: Sources,
): Promise<Result<Credential>> {
  const { plan: identity } = connection
  if (identity === null) return refused({ code: 'no_plan_credentials', connection: connection.id })
  const now = await databaseNow(sources.database.kysely)
  const minting: Minting = {
    connection,
    phase: 'plan',
    identity,
    policy: null,
    session: { name: change, tags: { 'holdpoint-change': change } },
    claims: { change, requester: refOf(actor).id ?? change },
    now,
    until: now + PLAN_CREDENTIAL_MS_MAX + CLOCK_MS,
    isGrace: false,
  }
  const minted = await mint(minting, sources)
  if (!minted.ok) return minted
  const { credential, id, until } = minted.value
  const event = {
    type: 'plan_credentials_issued',
    connection: connection.id,
    change,
    requester: actor.id,
    credential: id,
    until: Math.min(until, now + PLAN_CREDENTIAL_MS_MAX),
  } as const
  const command = { type: 'change_access', event } as const
  const answer = await sources.gate.handle(SYSTEM, { on: 'access', command })
  return answer.ok ? done(credential) : refused(answer.refusal)
}
