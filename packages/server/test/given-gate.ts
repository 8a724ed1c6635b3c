/**
 * A gate over a real database with an ordinary installation: alice requests, bob and carol are team
 * platform, erin owns the workspace, frank administers. Each builder takes only what a test is about.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { newSigningKey, type SigningKey } from '@holdpoint/api/node'
import {
  type AccessEvent,
  type Actor,
  type ChangeCommand,
  type ChangeId,
  type Effect,
  type Evaluated,
  type Opened,
  type PersonId,
  type PolicyRevision,
  SYSTEM,
} from '@holdpoint/core'
import {
  ALICE,
  BOB,
  CAROL,
  ERIN,
  FRANK,
  givenChangeId,
  givenDecide,
  givenDigest,
  givenEvaluated,
  givenGrantId,
  givenOpened,
  givenPerson,
  givenRequirement,
  givenTokenId,
  givenWorkspaceId,
  HOUR,
  RUNNER_KEY,
} from '../../core/test/given.ts'
import { createGate } from '../src/gate.ts'
import { fileGuard, type Guard } from '../src/log/guard.ts'
import { type MacKey, macKeyFrom } from '../src/log/mac.ts'
import { openLog } from '../src/log/open-log.ts'
import type { AuditLog, Gate, GateAnswer, GateCommand } from '../src/ports.ts'
import { type Database, databaseNow } from '../src/store/db.ts'
import { type DatabaseKind, type TestDatabase, temporaryFolder } from './databases.ts'

export const BUILT_IN: PolicyRevision = { revision: 0, document: givenDigest('built-in policy') }
export const ORIGIN = 'log.example/holdpoint'
export const NOBODY = givenPerson('nobody')

/** What survives a restart: database, keys and guard. */
export interface Place {
  readonly stored: TestDatabase
  readonly keys: {
    readonly log: SigningKey
    readonly mac: MacKey
    readonly issuerSeal: Uint8Array
  }
  readonly guard: Guard
}

/** One running server's part of it. */
export interface Running {
  readonly database: Database
  readonly audit: AuditLog
  readonly gate: Gate
  /** What was enqueued, in order. */
  readonly effects: Effect[]
}

export async function givenPlace(kind: DatabaseKind): Promise<Place> {
  return {
    stored: await kind.create(),
    keys: {
      log: newSigningKey(),
      mac: macKeyFrom(randomBytes(32)),
      issuerSeal: randomBytes(32),
    },
    guard: fileGuard(join(temporaryFolder(), 'guard')),
  }
}

export async function startAt(place: Place): Promise<Running> {
  const database = await place.stored.open()
  const { keys, guard } = place
  const audit = await openLog({
    database,
    keys,
    guard,
    mode: 'production',
    origin: ORIGIN,
    log: null,
  })
  const effects: Effect[] = []
  const gate = createGate({
    database,
    watch: audit.watch,
    macKey: keys.mac,
    builtInPolicy: BUILT_IN,
    queue: { enqueue: async (_tx, added) => void effects.push(...added) },
  })
  return { database, audit, gate, effects }
}

export const ADMIN: Actor = { kind: 'admin_token', id: givenTokenId('admin') }

export function person(id: PersonId): Actor {
  return { kind: 'person', id, assurance: 'session' }
}

export function accessCommand(event: AccessEvent): GateCommand {
  return { on: 'access', command: { type: 'change_access', event } }
}

export function changeCommand(id: ChangeId, command: ChangeCommand): GateCommand {
  return { on: 'change', change: id, workspace: null, command }
}

export async function accepted(answer: Promise<GateAnswer>): Promise<GateAnswer & { ok: true }> {
  const given = await answer
  if (!given.ok) throw new Error(`refused: ${JSON.stringify(given.refusal)}`)
  return given
}

/** People, teams, roles and the workspace, through the gate like everything else. */
export async function furnish(running: Running): Promise<void> {
  const { gate, database } = running
  const now = await databaseNow(database.kysely)
  await accepted(
    gate.handle(
      SYSTEM,
      accessCommand({
        type: 'token_issued',
        token: givenTokenId('admin'),
        name: 'admin',
        purpose: 'admin',
        person: null,
        verbs: [],
        workspaces: 'all',
        expiresAt: now + 300 * 24 * HOUR,
        secretSha256: givenDigest('secret of admin'),
      }),
    ),
  )
  const people = [ALICE, BOB, CAROL, ERIN, FRANK, NOBODY]
  const workspace = givenWorkspaceId()
  const events: readonly AccessEvent[] = [
    ...people.map(
      (id) => ({ type: 'person_added', person: id, profile: givenDigest(id) }) as const,
    ),
    { type: 'member_added', team: 'platform', person: BOB },
    { type: 'member_added', team: 'platform', person: CAROL },
    { type: 'role_granted', person: ALICE, role: 'requester', workspace: 'all' },
    ...[BOB, CAROL, ERIN].map(
      (id) => ({ type: 'role_granted', person: id, role: 'approver', workspace: 'all' }) as const,
    ),
    { type: 'role_granted', person: FRANK, role: 'admin', workspace: 'all' },
    { type: 'workspace_created', workspace, name: 'network' },
    { type: 'owners_set', workspace, owners: [ERIN] },
  ]
  await Promise.all(events.map((event) => accepted(gate.handle(ADMIN, accessCommand(event)))))
}

export async function givenRunning(kind: DatabaseKind): Promise<Running & { place: Place }> {
  const place = await givenPlace(kind)
  const running = await startAt(place)
  await furnish(running)
  return { ...running, place }
}

/** An opening of its own, good for an hour from the database's now. */
export async function openedNow(running: Running, about: Partial<Opened> = {}): Promise<Opened> {
  const now = await databaseNow(running.database.kysely)
  return givenOpened({ expiresAt: now + HOUR, ...about })
}

export function openCommand(opened: Opened): GateCommand {
  const { changeId, workspace } = opened
  return { on: 'change', change: changeId, workspace, command: { type: 'open', opened } }
}

export async function evaluatedNow(
  running: Running,
  about: Partial<Evaluated> = {},
): Promise<Evaluated> {
  const evaluatedAt = await databaseNow(running.database.kysely)
  const policyRevision = (await running.gate.policy()).revision
  return givenEvaluated({ evaluatedAt, policyRevision, ...about })
}

/** Held for one of team platform. */
export async function givenHeld(running: Running, name = 'one'): Promise<Opened> {
  const opened = await openedNow(running, { changeId: givenChangeId(name) })
  await accepted(running.gate.handle(person(ALICE), openCommand(opened)))
  const evaluated = await evaluatedNow(running, { requirement: givenRequirement() })
  await accepted(
    running.gate.handle(
      SYSTEM,
      changeCommand(opened.changeId, { type: 'record_evaluation', evaluated }),
    ),
  )
  return opened
}

export function approveCommand(opened: Opened, by: PersonId): GateCommand {
  const { fingerprint } = opened.binding
  return changeCommand(opened.changeId, { type: 'approve', ...givenDecide(by, { fingerprint }) })
}

export async function givenReleased(running: Running, name = 'one'): Promise<Opened> {
  const opened = await givenHeld(running, name)
  await accepted(running.gate.handle(person(BOB), approveCommand(opened, BOB)))
  return opened
}

export async function startCommand(running: Running, opened: Opened): Promise<GateCommand> {
  return changeCommand(opened.changeId, {
    type: 'start',
    grant: givenGrantId(opened.changeId.slice(4, 12)),
    runnerKey: RUNNER_KEY,
    binding: opened.binding,
    evaluated: await evaluatedNow(running),
    grantSeconds: 600,
    names: null,
  })
}

/** Types of the entries of a stream, in order. */
export async function entryTypes(running: Running, stream: string): Promise<readonly string[]> {
  const rows = await running.database.kysely
    .selectFrom('entry')
    .select('type')
    .where('stream', '=', stream)
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.type)
}
