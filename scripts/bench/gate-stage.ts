/** A gate over PostgreSQL with its real log and queue, and clients that keep sending commands. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSigningKey } from '@holdpoint/api/node'
import {
  type AccessEvent,
  type Actor,
  type Digest,
  parseChangeId,
  parseDigest,
  SYSTEM,
} from '@holdpoint/core'
import {
  ALICE,
  givenDigest,
  givenEvaluated,
  givenOpened,
  givenTokenId,
  givenWorkspaceId,
  HOUR,
  RUNNER_KEY,
} from '../../packages/core/test/given.ts'
import { createGate } from '../../packages/server/src/gate.ts'
import { createLog } from '../../packages/server/src/io/log.ts'
import { Secret } from '../../packages/server/src/io/secret.ts'
import { fileGuard } from '../../packages/server/src/log/guard.ts'
import { macKeyFrom } from '../../packages/server/src/log/mac.ts'
import { openLog } from '../../packages/server/src/log/open-log.ts'
import { createMetrics } from '../../packages/server/src/metrics.ts'
import type { Gate, GateCommand } from '../../packages/server/src/ports.ts'
import { openDatabase } from '../../packages/server/src/store/db.ts'
import type { EntryTable } from '../../packages/server/src/store/tables.ts'
import { createWorker } from '../../packages/server/src/worker.ts'

export interface GateStage {
  /** The next command of a client, until the gate has answered. */
  readonly command: (client: number) => Promise<void>
  readonly newestEntry: () => Promise<EntryTable>
  readonly close: () => Promise<void>
}

export async function openGateStage(url: string, clients: number): Promise<GateStage> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'))
  const log = createLog({ level: 'silent' })
  const database = await openDatabase({
    dataDir: folder,
    databaseUrl: new Secret(url),
    logger: log,
  })
  const mac = macKeyFrom(randomBytes(32))
  const keys = { log: newSigningKey(), mac }
  const guard = fileGuard(join(folder, 'guard'))
  const origin = 'log.example/bench'
  const audit = await openLog({ database, keys, guard, mode: 'production', origin, log: null })
  const worker = await createWorker({ database, log, metrics: unread() })
  const policy = { revision: 0, document: givenDigest('policy') }
  const { queue } = worker
  const gate = createGate({
    database,
    watch: audit.watch,
    macKey: mac,
    builtInPolicy: policy,
    queue,
  })
  const workspaces = Array.from({ length: clients }, (_, client) => givenWorkspaceId(`c${client}x`))
  await furnish(gate, workspaces)
  const scripts = workspaces.map((workspace) => commands(workspace))
  return {
    command: async (client) => {
      const next = scripts[client]?.next().value
      if (next === undefined) throw new Error(`there is no client ${client}`)
      await accepted(gate, next)
    },
    newestEntry: async () => {
      const first = scripts[0]?.next().value
      if (first !== undefined) await accepted(gate, first)
      return await database.kysely
        .selectFrom('entry')
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow()
    },
    close: async () => {
      await gate.close()
      await worker.close()
      await audit.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function unread() {
  return createMetrics({
    changesByStatus: async () => new Map(),
    logSize: async () => 0,
    readsOnly: () => false,
  })
}

interface Sent {
  readonly actor: Actor
  readonly command: GateCommand
}

async function accepted(gate: Gate, { actor, command }: Sent): Promise<void> {
  const answer = await gate.handle(actor, command)
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`)
  if (answer.seqs.length !== 1) throw new Error(`${answer.seqs.length} entries, and one was meant`)
}

const REQUESTER: Actor = { kind: 'person', id: ALICE, assurance: 'session' }

/** Opened, held, withdrawn, and the next one. */
function* commands(workspace: ReturnType<typeof givenWorkspaceId>): Generator<Sent, never> {
  const runner = { publicKey: RUNNER_KEY, trust: 'self_reported' } as const
  // What is made anew for each change is made cheaply: the load is not what is measured.
  const like = givenOpened({ workspace, runner })
  for (;;) {
    const change = newId()
    const binding = { ...like.binding, artifact: newDigest() }
    const expiresAt = Date.now() + HOUR
    const opened = { ...like, changeId: change, expiresAt, binding, planDocument: newDigest() }
    const on = { on: 'change', change, workspace } as const
    yield { actor: REQUESTER, command: { ...on, command: { type: 'open', opened } } }
    const evaluated = givenEvaluated({ evaluatedAt: Date.now(), policyRevision: 0 })
    const record = { type: 'record_evaluation', evaluated } as const
    yield { actor: SYSTEM, command: { ...on, command: record } }
    yield { actor: REQUESTER, command: { ...on, command: { type: 'withdraw' } } }
  }
}

let made = 0

/** Spread over the index like random ones, as ids are. */
function newId() {
  made += 1
  const spread = Math.imul(made, 0x9e3779b1) >>> 0
  const id = parseChangeId(`chg_${hexOf(spread, 8)}${hexOf(made, 8)}`)
  if (id === null) throw new Error('an id has 16 digits')
  return id
}

function newDigest(): Digest {
  made += 1
  const digest = parseDigest(hexOf(Math.imul(made, 0x9e3779b1) >>> 0, 8) + hexOf(made, 56))
  if (digest === null) throw new Error('a digest has 64 digits')
  return digest
}

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

async function furnish(
  gate: Gate,
  workspaces: readonly ReturnType<typeof givenWorkspaceId>[],
): Promise<void> {
  const admin: Actor = { kind: 'admin_token', id: givenTokenId('admin') }
  const change = async (actor: Actor, event: AccessEvent) =>
    await accepted(gate, {
      actor,
      command: { on: 'access', command: { type: 'change_access', event } },
    })
  await change(SYSTEM, {
    type: 'token_issued',
    token: givenTokenId('admin'),
    name: 'admin',
    purpose: 'admin',
    person: null,
    verbs: [],
    workspaces: 'all',
    expiresAt: Date.now() + 24 * HOUR,
    secretSha256: givenDigest('secret of admin'),
  })
  await change(admin, { type: 'person_added', person: ALICE, profile: givenDigest('alice') })
  await change(admin, {
    type: 'role_granted',
    person: ALICE,
    role: 'requester',
    workspace: 'all',
  })
  for (const workspace of workspaces)
    await change(admin, { type: 'workspace_created', workspace, name: workspace })
}
