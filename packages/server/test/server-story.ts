/**
 * A real server for a test, on the embedded database or on a PostgreSQL, with a small cast of
 * development people, and a runner that signs for real. Everything goes over HTTP.
 */

import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { inputs } from '@holdpoint/api'
import { type Client, createClient } from '@holdpoint/api/client'
import { newSigningKey, nodePrimitives, type SigningKey } from '@holdpoint/api/node'
import {
  type Binding,
  type ChangeId,
  canonicalText,
  digestOf,
  digestPlan,
  digestText,
  encodeBase64,
  encodePlan,
  fingerprintOf,
  inputDocument,
  type Json,
  type Plan,
  type RunnerAction,
  runnerStatement,
  sourceDocument,
  type Target,
  type WorkspaceId,
} from '@holdpoint/core'
import type { z } from 'zod'
import { givenPlan as givenEmptyPlan } from '../../../test/fixtures/plan-given.ts'
import {
  type Config,
  parseConfig,
  type ServerOptions,
  type StartedServer,
  startServer,
} from '../src/index.ts'

export interface TestServer {
  readonly server: StartedServer
  readonly url: string
  readonly dataDir: string
  /** Signed in as nobody, as a person by handle, or with a token. */
  readonly nobody: Client
  readonly admin: Client
  readonly as: (handle: string) => Client
  readonly withToken: (secret: string) => Client
  readonly close: () => Promise<void>
}

export interface TestServerOptions {
  readonly mode?: 'development' | 'production'
  readonly env?: { readonly [name: string]: string }
  readonly flags?: { readonly [name: string]: string }
  /** Of a configuration file, YAML or JSON. */
  readonly fileText?: string
  readonly server?: Partial<ServerOptions>
  /** Keeps the data folder of another server. */
  readonly dataDir?: string
  readonly adminSecret?: string
}

export function clientOf(url: string, headers: { readonly [name: string]: string }): Client {
  return createClient({ baseUrl: url, fetch, headers: () => headers })
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'holdpoint-server-')))
  const config = testConfig(dataDir, options)
  const server = await startServer(config, { version: '0.0.0-test', ...options.server })
  const secret = options.adminSecret ?? (await adminSecretIn(dataDir))
  const withToken = (token: string) => clientOf(server.url, { authorization: `Bearer ${token}` })
  return {
    server,
    url: server.url,
    dataDir,
    nobody: clientOf(server.url, {}),
    admin: withToken(secret),
    as: (handle) => clientOf(server.url, { 'holdpoint-as': handle }),
    withToken,
    close: async () => {
      await server.close()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export async function adminSecretIn(dataDir: string): Promise<string> {
  return (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
}

/** One that is free now: for what has to be known before the server listens. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

function testConfig(dataDir: string, options: TestServerOptions): Config {
  const parsed = parseConfig({
    flags: {
      mode: options.mode ?? 'development',
      'listen-port': '0',
      'data-dir': dataDir,
      'log-level': 'silent',
      ...options.flags,
    },
    env: options.env ?? {},
    fileText: options.fileText ?? null,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

/** `mira` asks, `jonas` and `ada` are in team platform and decide, `theo` reads the log. */
export async function addCast(story: TestServer): Promise<void> {
  const people = { mira: 'requester', jonas: 'approver', ada: 'approver', theo: 'auditor' } as const
  for (const [person, role] of Object.entries(people)) {
    const addresses = [`${person}@example.com`]
    await accept(story, { type: 'add_person', handle: person, name: `${person} Doe`, addresses })
    await accept(story, { type: 'grant_role', person, role, workspace: null })
  }
  for (const person of ['jonas', 'ada'])
    await accept(story, { type: 'add_member', team: 'platform', person })
}

export type AccessBody = z.input<typeof inputs.ChangeAccess>

/** One access command by the admin token that must succeed. */
export async function accept(story: TestServer, body: AccessBody) {
  const answer = await story.admin.call('changeAccess', { body })
  if (!answer.ok) throw new Error(`${body.type}: ${answer.problem.detail}`)
  return answer.value
}

export const TARGET: Target = {
  backend: { type: 'local', settings: { path: 'terraform.tfstate' } },
  toolWorkspace: 'default',
  lineage: null,
  providers: [],
  principals: [],
}

/** A plan that creates one harmless resource; `name` makes it another plan. */
export function givenPlan(name = 'one'): Plan {
  return givenEmptyPlan({
    resources: [
      {
        address: `terraform_data.${name}`,
        deposed: null,
        previousAddress: null,
        module: '',
        mode: 'managed',
        type: 'terraform_data',
        name,
        provider: 'terraform.io/builtin/terraform',
        action: 'create',
        actions: ['create'],
        reason: null,
        before: null,
        after: { input: 'x' },
        beforeSensitive: false,
        afterSensitive: {},
        afterUnknown: {},
        replacePaths: [],
        importing: null,
        extra: {},
      },
    ],
  })
}

export interface TestRun {
  readonly change: ChangeId
  readonly workspace: WorkspaceId
  readonly binding: Binding
  readonly key: SigningKey
  readonly signed: <B extends Json>(action: RunnerAction, body: B) => { body: B; signature: string }
}

export interface OpenOptions {
  readonly workspace?: string
  readonly plan?: Plan
  readonly target?: Target
  readonly authors?: readonly string[]
  readonly pipeline?: string
  readonly words?: string
  readonly door?: 'apply' | 'gate'
  /** Bends what is sent, to see it refused. */
  readonly bend?: (body: OpenBody) => OpenBody
}

interface OpenBody {
  readonly [name: string]: Json
}

/** Reserves, uploads and opens; throws unless the server accepts. */
export async function openRun(client: Client, options: OpenOptions = {}): Promise<TestRun> {
  const { run, answer } = await tryOpenRun(client, options)
  if (!answer.ok) throw new Error(`open: ${answer.problem.title}: ${answer.problem.detail}`)
  return run
}

export async function tryOpenRun(client: Client, options: OpenOptions = {}) {
  const name = options.workspace ?? 'payments/dev'
  const reserved = await client.call('reserve', { body: { workspace: name, sameAs: null } })
  if (!reserved.ok) throw new Error(`reserve: ${reserved.problem.detail}`)
  const { change, workspace } = reserved.value
  const key = newSigningKey()
  const signed = <B extends Json>(action: RunnerAction, body: B) => {
    const statement = runnerStatement({ action, change, body })
    return { body, signature: encodeBase64(key.sign(nodePrimitives.utf8(statement))) }
  }
  const plan = options.plan ?? givenPlan()
  const { body, binding } = openBody({ plan, workspace, key, options })
  for (const text of documentsOf(plan)) await upload(client, workspace, text)
  const sent = signed('open', options.bend?.(body) ?? body)
  const answer = await callOpen(client, change, sent)
  return { answer, run: { change, workspace, binding, key, signed } }
}

function documentsOf(plan: Plan): readonly string[] {
  return [
    canonicalText(encodePlan(plan)),
    canonicalText(sourceDocument({ v: 1, files: [] })),
    canonicalText(inputDocument({ v: 1, inputs: [] })),
  ]
}

async function upload(client: Client, workspace: WorkspaceId, text: string): Promise<void> {
  const digest = digestText(nodePrimitives, text)
  const body = new Uint8Array(nodePrimitives.utf8(text))
  const response = await client.raw('putEvidence', { params: { workspace, digest }, body })
  if (!response.ok) throw new Error(`upload: ${await response.text()}`)
}

function openBody(parts: {
  readonly plan: Plan
  readonly workspace: WorkspaceId
  readonly key: SigningKey
  readonly options: OpenOptions
}) {
  const { plan, workspace, options } = parts
  const source = digestOf(sourceDocument({ v: 1, files: [] }), nodePrimitives)
  const inputs = digestOf(inputDocument({ v: 1, inputs: [] }), nodePrimitives)
  const target = options.target ?? TARGET
  const digests = { plan: digestPlan(plan, nodePrimitives).plan, source, inputs }
  const fingerprint = fingerprintOf(
    { tool: plan.tool, workspace, target, flags: [], ...digests },
    nodePrimitives,
  )
  const artifact = digestText(nodePrimitives, `plan file ${fingerprint}`)
  const binding: Binding = { fingerprint, artifact, ...digests }
  const body = {
    tool: plan.tool,
    door: options.door ?? 'apply',
    binding: { ...binding },
    target: JSON.parse(JSON.stringify(target)),
    flags: [],
    planEvidence: digestText(nodePrimitives, canonicalText(encodePlan(plan))),
    sourceEvidence: source,
    inputsEvidence: inputs,
    runnerKey: encodeBase64(parts.key.publicKey),
    pipeline: options.pipeline ?? null,
    words: options.words ?? null,
    authors: [...(options.authors ?? [])],
    agent: false,
  }
  return { body, binding }
}

async function callOpen(
  client: Client,
  change: ChangeId,
  sent: { body: unknown; signature: string },
) {
  return client.call('open', { params: { change }, body: sent as never })
}

/** Waits until the change has a status; fails after a few seconds. */
export async function untilStatus(client: Client, change: ChangeId, status: string) {
  const deadline = Date.now() + 15_000
  while (true) {
    const answer = await client.call('change', { params: { change } })
    if (answer.ok && answer.value.status === status) return answer.value
    const found = answer.ok ? answer.value.status : answer.problem.title
    if (Date.now() > deadline) throw new Error(`${change} is ${found}, not ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export function startBody(run: TestRun) {
  return { binding: { ...run.binding }, differences: [], grantSeconds: 600 }
}

export const OUTCOME = {
  result: 'applied',
  exitCode: 0,
  appliedCount: 1,
  totalCount: 1,
  sourceChanged: false,
  lineage: null,
} as const
