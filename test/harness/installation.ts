/**
 * A whole installation for a test: a real server with a data folder of its own, people, teams and a
 * workspace made by access commands, and clients for each of them. Nothing in it is a stand-in.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient, type inputs } from '@holdpoint/api'
import { parseConfig, type ServerOptions, type StartedServer, startServer } from '@holdpoint/server'
import type { z } from 'zod'

export type AccessCommand = z.input<typeof inputs.ChangeAccess>

export interface Installation {
  readonly url: string
  readonly dataDir: string
  readonly server: StartedServer
  readonly admin: Client
  readonly as: (handle: string) => Client
  readonly withToken: (secret: string) => Client
  readonly change: (command: AccessCommand) => Promise<{ id: string | null; secret: string | null }>
  readonly push: (policy: string) => Promise<void>
  readonly close: () => Promise<void>
}

export const WORKSPACE = 'payments/prod'

/** Holds what destroys for dba and platform, runs of programs for platform; else allows. */
export const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: additive
    when: summary.only(["create", "read", "noop"])
    allow: true
  - name: destroys-something
    match: resource.action in ["delete", "replace"]
    hold:
      approvals:
        - { from: [team:dba] }
        - { from: [team:platform] }
    message: Destroys something that exists
`

/** mira requests; ines is platform, jonas is dba, aiko is both; lars audits. */
export const PEOPLE = [
  { handle: 'mira', name: 'Mira Kovač', roles: ['requester'], teams: ['platform'] },
  { handle: 'ines', name: 'Ines Duarte', roles: ['approver', 'viewer'], teams: ['platform'] },
  { handle: 'jonas', name: 'Jonas Weber', roles: ['approver', 'viewer'], teams: ['dba'] },
  { handle: 'aiko', name: 'Aiko Mori', roles: ['approver', 'viewer'], teams: ['dba', 'platform'] },
  { handle: 'lars', name: 'Lars Holm', roles: ['auditor'], teams: [] },
] as const

export interface InstallationOptions {
  readonly mode?: 'development' | 'production'
  readonly databaseUrl?: string
  readonly dataDir?: string
  readonly policy?: string | null
  /** False: the data folder has people and workspace already. */
  readonly populate?: boolean
  /** A silent runner is lost after this, instead of after a minute. */
  readonly heartbeatLostMs?: number
  /** For what expires; entries are dated by the database's clock in any case. */
  readonly clock?: ServerOptions['clock']
  /** Where the guard lies, when it outlives the data folder. */
  readonly guardFile?: string
  /** More of the server's flags, and what they refer to. */
  readonly flags?: { readonly [name: string]: string }
  readonly env?: { readonly [name: string]: string }
  /** Collects what the server logs, a JSON line each. */
  readonly logger?: ServerOptions['logger']
}

export async function install(options: InstallationOptions = {}): Promise<Installation> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'holdpoint-test-')))
  const { heartbeatLostMs, logger, clock } = options
  const server = await startServer(await configOf(dataDir, options), {
    version: 'test',
    ...(heartbeatLostMs === undefined ? {} : { heartbeatLostMs }),
    ...(logger === undefined ? {} : { logger }),
    ...(clock === undefined ? {} : { clock }),
  })
  const token = (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
  const client = (headers: { readonly [name: string]: string }) =>
    createClient({ baseUrl: server.url, fetch, headers: () => headers })
  const admin = client({ authorization: `Bearer ${token}` })
  const installation: Installation = {
    url: server.url,
    dataDir,
    server,
    admin,
    as: (handle) => client({ 'holdpoint-as': handle }),
    withToken: (secret) => client({ authorization: `Bearer ${secret}` }),
    change: async (command) => must(await admin.call('changeAccess', { body: command })),
    push: (policy) => pushPolicy(admin, policy),
    close: async () => {
      await server.close()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
  if (options.populate !== false) await populate(installation, options)
  return installation
}

async function configOf(dataDir: string, options: InstallationOptions) {
  const parsed = parseConfig({
    flags: {
      mode: options.mode ?? 'development',
      'data-dir': dataDir,
      'listen-port': '0',
      'log-level': 'silent',
      ...(options.guardFile === undefined ? {} : { 'guard-file': options.guardFile }),
      ...options.flags,
    },
    env: {
      ...options.env,
      ...(options.databaseUrl === undefined
        ? {}
        : { HOLDPOINT_TEST_DATABASE: options.databaseUrl }),
    },
    fileText:
      options.databaseUrl === undefined ? null : 'databaseUrl: env:HOLDPOINT_TEST_DATABASE\n',
  })
  if (!parsed.ok) throw new Error(`the test's configuration is wrong: ${JSON.stringify(parsed)}`)
  return parsed.config
}

/** In rounds, because commands that wait together are committed together. */
async function populate(installation: Installation, options: InstallationOptions): Promise<void> {
  const round = async (commands: readonly AccessCommand[]) => {
    await Promise.all(commands.map((command) => installation.change(command)))
  }
  await round([...PEOPLE.map(addPerson), { type: 'create_workspace', name: WORKSPACE }])
  await round([
    ...PEOPLE.flatMap(rolesAndTeams),
    { type: 'set_labels', workspace: WORKSPACE, labels: { env: 'prod' } },
    { type: 'set_owners', workspace: WORKSPACE, owners: ['jonas'] },
  ])
  if (options.policy !== null) await installation.push(options.policy ?? POLICY)
}

type Somebody = (typeof PEOPLE)[number]

function addPerson({ handle, name }: Somebody): AccessCommand {
  return { type: 'add_person', handle, name, addresses: [`${handle}@example.com`] }
}

function rolesAndTeams({ handle: person, roles, teams }: Somebody): readonly AccessCommand[] {
  return [
    ...roles.map((role) => ({ type: 'grant_role', person, role, workspace: null }) as const),
    ...teams.map((team) => ({ type: 'add_member', team, person }) as const),
  ]
}

async function pushPolicy(admin: Client, text: string): Promise<void> {
  const { revision } = must(await admin.call('policy', {}))
  must(await admin.call('pushPolicy', { body: { text, basedOn: revision } }))
}

type Answered<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: unknown }

/** The value of an answer that a test takes for granted. */
export function must<T>(answer: Answered<T>): T {
  if (answer.ok) return answer.value
  throw new Error(`refused: ${JSON.stringify(answer.problem)}`)
}
