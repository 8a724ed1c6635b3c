/**
 * A real development server with people, a policy and changes in every state, to look at the built
 * page. Not part of the product: `node packages/web/test/preview-server.ts [port]`.
 */
import type { ChangeId } from '@holdpoint/core'
import {
  accept,
  type OpenOptions,
  OUTCOME,
  openRun,
  startBody,
  startTestServer,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../server/test/server-story.ts'
import { resource } from './given.ts'
import { hostilePlan, largePlan, ledgerPlan } from './preview-plan.ts'

const PEOPLE: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['mira', 'Mira Kovač', 'requester', []],
  ['jonas', 'Jonas Weber', 'approver', ['dba']],
  ['ada', 'Ada Lund', 'approver', ['dba']],
  ['ines', 'Ines Duarte', 'approver', ['platform']],
  ['tomas', 'Tomás Silva', 'approver', ['platform']],
  ['lars', 'Lars Holm', 'requester', []],
  ['sofia', 'Sofia Lind', 'admin', []],
]

const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: additive-in-dev
    when: workspace.name.startsWith("ml/") && summary.only(["create", "read", "noop"])
    allow: true
  - name: stateful-destroy
    match: resource.type == "aws_db_instance" && resource.action in ["delete", "replace"]
    hold:
      approvals:
        - { from: [team:dba] }
        - { from: [team:platform] }
      expires: 4h
    message: Destroys stored data
  - name: iam-widened
    match: resource.type == "aws_iam_role_policy"
    hold: { approvals: [{ from: [team:platform] }] }
    message: Gives a role more permissions
  - name: ssh-from-anywhere
    match: resource.type == "aws_security_group_rule"
    deny: true
    message: Opens SSH to the internet
`

const TARGET = {
  backend: { type: 's3', settings: { bucket: 'acme-state', key: 'payments/prod' } },
  toolWorkspace: 'default',
  lineage: '7f3c2f0e-1111-4c5e-9a55-0123456789ab',
  providers: [{ key: 'aws', type: 'aws', alias: null, region: 'eu-central-1', endpoints: {} }],
  principals: [{ provider: 'aws', account: '402177351180' }],
} as const

export interface Preview {
  readonly story: TestServer
  readonly ids: { readonly [name: string]: ChangeId }
}

export async function startPreview(flags: { readonly [name: string]: string } = {}) {
  const story = await startTestServer({ flags })
  await addPeople(story)
  await addLeaver(story)
  const current = await story.admin.call('policy', {})
  const basedOn = current.ok ? current.value.revision : 0
  const pushed = await story.admin.call('pushPolicy', { body: { text: POLICY, basedOn } })
  if (!pushed.ok) throw new Error(pushed.problem.detail)
  const ids = await addChanges(story)
  return { story, ids }
}

async function addPeople(story: TestServer): Promise<void> {
  for (const [handle, name, role, teams] of PEOPLE) {
    const addresses = [`${handle}@example.com`]
    await accept(story, { type: 'add_person', handle, name, addresses })
    await accept(story, {
      type: 'grant_role',
      person: handle,
      role: role as never,
      workspace: null,
    })
    await accept(story, {
      type: 'grant_role',
      person: handle,
      role: 'auditor',
      workspace: null,
    })
    for (const team of teams) await accept(story, { type: 'add_member', team, person: handle })
  }
}

/** Somebody who was here once, and labels and an owner to look at. */
async function addLeaver(story: TestServer): Promise<void> {
  const addresses = ['noor@example.com']
  await accept(story, { type: 'add_person', handle: 'noor', name: 'Noor Haddad', addresses })
  await accept(story, { type: 'remove_person', person: 'noor' })
  await accept(story, { type: 'create_workspace', name: 'payments/prod' })
  const workspace = 'payments/prod'
  await accept(story, { type: 'set_labels', workspace, labels: { env: 'prod', tier: '1' } })
  await accept(story, { type: 'set_owners', workspace, owners: ['ines'] })
}

async function open(story: TestServer, who: string, options: OpenOptions): Promise<TestRun> {
  return openRun(story.as(who), { target: TARGET, ...options })
}

async function approve(story: TestServer, who: string, run: TestRun): Promise<void> {
  const body = { fingerprint: run.binding.fingerprint, reason: null }
  const answer = await story.as(who).call('approve', { params: { change: run.change }, body })
  if (!answer.ok) throw new Error(`${who}: ${answer.problem.detail}`)
}

async function addChanges(story: TestServer): Promise<Preview['ids']> {
  const mira = story.as('mira')
  const main = await open(story, 'mira', {
    workspace: 'payments/prod',
    plan: ledgerPlan(),
    words: 'Ledger 2026.11.4, and drop the old reporting database',
    pipeline: 'GitHub Actions acme/ledger deploy.yml refs/heads/main',
  })
  await untilStatus(mira, main.change, 'held')
  await approve(story, 'jonas', main)
  const hostile = await open(story, 'lars', { workspace: 'edge/prod', plan: hostilePlan() })
  const large = await open(story, 'lars', { workspace: 'edge/dns', plan: largePlan(10_000) })
  const own = await open(story, 'ines', { workspace: 'search/staging', plan: ledgerPlan() }).catch(
    () => null,
  )
  const denied = await open(story, 'mira', { workspace: 'payments/stage', plan: deniedPlan() })
  const done = await applied(story)
  const released = await differs(story)
  const rejected = await open(story, 'mira', { workspace: 'payments/test' })
  await untilStatus(mira, rejected.change, 'held')
  await story.as('ines').call('reject', {
    params: { change: rejected.change },
    body: { fingerprint: rejected.binding.fingerprint, reason: 'Take a snapshot first.' },
  })
  return {
    superseded: await superseded(story),
    main: main.change,
    hostile: hostile.change,
    large: large.change,
    denied: denied.change,
    applied: done,
    released,
    rejected: rejected.change,
    ...(own === null ? {} : { own: own.change }),
  }
}

/** The same requester plans again: one change more, one less, one with another value. */
async function superseded(story: TestServer): Promise<ChangeId> {
  const first = await open(story, 'mira', { workspace: 'payments/next', plan: ledgerPlan() })
  await untilStatus(story.as('mira'), first.change, 'held')
  const plan = ledgerPlan()
  const [gone, changed, ...rest] = plan.resources
  if (gone === undefined || changed === undefined) throw new Error('the plan is too small')
  const added = resource({
    address: 'aws_db_instance.audit',
    type: 'aws_db_instance',
    action: 'delete',
    before: { engine: 'postgres' },
  })
  const now = { ...changed, reason: 'replace_by_request' }
  await open(story, 'mira', {
    workspace: 'payments/next',
    plan: { ...plan, resources: [now, ...rest, added] },
  })
  return first.change
}

function deniedPlan() {
  const rule = resource({
    address: 'aws_security_group_rule.ssh',
    type: 'aws_security_group_rule',
    action: 'create',
    before: null,
    after: { from_port: 22, cidr_blocks: ['0.0.0.0/0'] },
  })
  return { ...ledgerPlan(), resources: [rule] }
}

async function applied(story: TestServer): Promise<ChangeId> {
  const run = await open(story, 'mira', { workspace: 'payments/dev' })
  await untilStatus(story.as('mira'), run.change, 'held')
  await approve(story, 'ines', run)
  const params = { change: run.change }
  await story.as('mira').call('start', { params, body: run.signed('start', startBody(run)) })
  await story
    .as('mira')
    .call('finish', { params, body: run.signed('finish', { outcome: OUTCOME }) })
  return run.change
}

async function differs(story: TestServer): Promise<ChangeId> {
  const run = await open(story, 'mira', { workspace: 'payments/eu' })
  await untilStatus(story.as('mira'), run.change, 'held')
  await approve(story, 'ines', run)
  const binding = { ...run.binding, source: run.binding.plan }
  await story.as('mira').call('start', {
    params: { change: run.change },
    body: run.signed('start', { ...startBody(run), binding }),
  })
  return run.change
}

if (import.meta.main) {
  const { story, ids } = await startPreview({ 'listen-port': process.argv[2] ?? '4600' })
  console.log(JSON.stringify({ url: story.url, ids }))
}
