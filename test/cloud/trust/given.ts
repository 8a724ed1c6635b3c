/** A real server with one workspace of five clouds, every one trusting exactly what it was told to. */
import { randomUUID } from 'node:crypto'
import type { Client, Reply } from '@holdpoint/api/client'
import { openGranted } from '../../../packages/cli/src/runner/broker/granted.ts'
import { serverCalls } from '../../../packages/cli/src/runner/server-calls.ts'
import {
  accept,
  addCast,
  givenPlan,
  OUTCOME,
  openRun,
  startBody,
  startTestServer,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../../packages/server/test/server-story.ts'
import { startEntra } from './entra.ts'
import { startGoogle } from './google.ts'
import { startCluster } from './kubernetes.ts'
import { startVault } from './vault.ts'
import type { Trust } from './verified.ts'

export const WORKSPACE = 'payments/dev'
const PROVIDER = 'projects/1/locations/global/workloadIdentityPools/holdpoint/providers/holdpoint'
const TENANT = '6f1d1a52-8a4e-4d0e-9a55-0f3c8f6a2b11'
const CLIENTS = { apply: randomUUID(), plan: randomUUID() }
const account = (name: string) => `${name}@payments-dev.iam.gserviceaccount.com`

export type Row = Reply<'connections'>['connections'][number]

export async function startClouds() {
  const story = await startTestServer()
  await addCast(story)
  await accept(story, { type: 'create_workspace', name: WORKSPACE })
  const services = await startServices(story.url)
  await setAll(story, services)
  const rows = await rowsOf(story.admin)
  for (const row of rows.values()) trust(row, { ...services, issuer: story.url })
  return { ...services, story, rows, close: () => closeAll(story, services) }
}

export type Clouds = Awaited<ReturnType<typeof startClouds>>
type Services = Awaited<ReturnType<typeof startServices>>

async function startServices(issuer: string) {
  const applications = new Map<string, Trust>()
  const roles = new Map<string, Trust>()
  const accounts = new Map<string, string>()
  const users = new Map<string, string>()
  const writers = new Set(['payments-apply'])
  return {
    applications,
    roles,
    accounts,
    users,
    writers,
    google: await startGoogle({ issuer, provider: PROVIDER, accounts }),
    entra: await startEntra(TENANT, applications),
    cluster: await startCluster({ issuer, audience: 'cluster', users, writers }),
    vault: await startVault(roles),
  }
}

async function setAll(story: TestServer, { google, entra, cluster, vault }: Services) {
  const set = { type: 'set_connection', workspace: WORKSPACE, audience: null } as const
  await accept(story, {
    ...set,
    kind: 'google',
    account: 'payments-dev',
    apply: account('apply-account'),
    plan: account('plan-account'),
    settings: {
      provider: PROVIDER,
      token_url: `${google.url}/v1/token`,
      impersonation_url: google.url,
    },
  })
  await accept(story, {
    ...set,
    kind: 'azure',
    account: randomUUID(),
    ...CLIENTS,
    settings: { tenant: TENANT, authority: entra.url },
  })
  const kubernetes = { kind: 'kubernetes', account: cluster.url, apply: 'payments-apply' } as const
  const about = { plan: 'payments-plan', audience: 'cluster', settings: { ca: cluster.ca } }
  await accept(story, { ...set, ...kubernetes, ...about })
  const paths = { account: vault.url, apply: 'payments-apply', plan: 'payments-plan' }
  await accept(story, { ...set, kind: 'vault', ...paths, settings: { mount: 'jwt' } })
}

async function rowsOf(admin: Client): Promise<ReadonlyMap<Row['kind'], Row>> {
  const answer = await admin.call('connections', {})
  if (!answer.ok) throw new Error(answer.problem.detail)
  return new Map(answer.value.connections.map((row) => [row.kind, row]))
}

/** As an operator types it in: what the connection says, by equality. */
function trust(row: Row, into: Services & { readonly issuer: string }): void {
  for (const phase of ['apply', 'plan'] as const) {
    const identity = row[phase] ?? ''
    const subject = row.subjects[phase] ?? ''
    const whole = { issuer: into.issuer, audience: row.audience, subject }
    if (row.kind === 'google') into.accounts.set(identity, subject)
    if (row.kind === 'azure') into.applications.set(identity, whole)
    if (row.kind === 'kubernetes') into.users.set(subject, identity)
    if (row.kind === 'vault') into.roles.set(identity, whole)
  }
}

async function closeAll(story: TestServer, services: Services): Promise<void> {
  const { google, entra, cluster, vault } = services
  await Promise.all([google.close(), entra.close(), cluster.close(), vault.close()])
  await story.close()
}

/** A change that is executing, as its runner holds it. */
export async function started(story: TestServer, name: string): Promise<TestRun> {
  const mira = story.as('mira')
  const run = await openRun(mira, { plan: givenPlan(name), pipeline: name, workspace: WORKSPACE })
  const params = { change: run.change }
  await untilStatus(mira, run.change, 'held')
  const body = { fingerprint: run.binding.fingerprint, reason: null }
  await story.as('jonas').call('approve', { params, body })
  await untilStatus(mira, run.change, 'released')
  const start = run.signed('start', { ...startBody(run), grantSeconds: 3600 })
  const answer = await mira.call('start', { params, body: start as never })
  if (!answer.ok) throw new Error(answer.problem.detail)
  return run
}

export async function finished(story: TestServer, run: TestRun): Promise<void> {
  const body = run.signed('finish', { outcome: { ...OUTCOME } })
  await story.as('mira').call('finish', { params: { change: run.change }, body: body as never })
}

/** The runner's own broker, for one connection of an executing change. */
export async function brokerFor(
  { story }: Pick<Clouds, 'story'>,
  { run, row, program }: { run: TestRun; row: Row; program?: readonly string[] },
) {
  const client = story.as('mira')
  const { id, kind, account: place, apply, plan, audience, settings } = row
  const granted = await openGranted({
    client,
    change: run.change,
    connections: [{ id, kind, account: place, apply, plan, audience, settings }],
    found: {},
    program: program ?? ['holdpoint'],
  })
  if (granted === null) throw new Error('nothing is granted')
  const broker = await granted.openForApply(serverCalls({ client, ...run }))
  return {
    env: { ...granted.env, ...broker.env },
    broker,
    close: async () => {
      await broker.close()
      await granted.close()
    },
  }
}
