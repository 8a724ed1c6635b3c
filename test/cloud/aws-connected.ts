/** A server with a workspace that is connected to an AWS which verifies, and a grant to ask with. */
import assert from 'node:assert/strict'
import {
  type AccessBody,
  accept,
  addCast,
  givenPlan,
  openRun,
  startBody,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../packages/server/test/server-story.ts'
import { freePort } from '../harness/machine.ts'
import { type AwsCloud, startAwsCloud } from './aws-cloud.ts'
import type { Role } from './aws-sts.ts'

const ACCOUNT = '111111111111'
/** The server's own identity, as its machine would give it. */
export const SERVER_KEY = {
  accessKeyId: 'AKIASERVER',
  secretAccessKey: 'server-identity',
  account: ACCOUNT,
}

export const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
export const trustIn = (sub: string) => ({ aud: 'sts.amazonaws.com', sub })

export const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

export interface Connected {
  readonly story: TestServer
  readonly cloud: AwsCloud
  /** Of the cloud, to be changed between questions. */
  readonly roles: Role[]
  readonly sts: { isPackedTooLarge: boolean }
  readonly close: () => Promise<void>
}

export async function startConnected(
  settings: { readonly hasScoped?: boolean } = {},
): Promise<Connected> {
  const port = await freePort()
  const roles: Role[] = []
  const sts = { isPackedTooLarge: false }
  const cloud = await startAwsCloud({
    ...settings,
    issuerUrl: `http://127.0.0.1:${port}`,
    roles,
    servers: [SERVER_KEY],
    isPackedTooLarge: () => sts.isPackedTooLarge,
  })
  process.env['AWS_ACCESS_KEY_ID'] = SERVER_KEY.accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = SERVER_KEY.secretAccessKey
  const flags = {
    'listen-port': String(port),
    'aws-sts-endpoint': cloud.url,
    'aws-iam-endpoint': cloud.url,
  }
  const story = await startTestServer({ flags })
  await addCast(story)
  const close = async (): Promise<void> => {
    await story.close()
    await cloud.close()
  }
  return { story, cloud, roles, sts, close }
}

export const connection = (workspace: string, about: object = {}): AccessBody => ({
  type: 'set_connection',
  workspace,
  kind: 'aws',
  account: ACCOUNT,
  apply: role('apply'),
  plan: role('plan'),
  audience: null,
  settings: { region: 'eu-central-1' },
  ...about,
})

export async function connect({ story }: Connected, workspace: string) {
  await accept(story, { type: 'create_workspace', name: workspace })
  const { id } = await accept(story, connection(workspace))
  const listed = await story.as('theo').call('connections', {})
  const found = listed.ok ? listed.value.connections.find((each) => each.id === id) : undefined
  return found ?? assert.fail('the connection is not listed')
}

/** An approved change that has started, with which credentials are asked for. */
export async function startGrant(
  { story }: Connected,
  { workspace, id, seconds = 3600 }: { workspace: string; id: string; seconds?: number },
) {
  const mira = story.as('mira')
  const run = await openRun(mira, { workspace, plan: givenPlan('one') })
  const params = { change: run.change }
  await untilStatus(story.as('jonas'), run.change, 'held')
  const body = { fingerprint: run.binding.fingerprint, reason: null }
  await story.as('jonas').call('approve', { params, body })
  await untilStatus(mira, run.change, 'released')
  const start = run.signed('start', { ...startBody(run), grantSeconds: seconds })
  await mira.call('start', { params, body: start as never })
  const ask = (number: number) => {
    const asked = { connection: id, purpose: 'apply', ask: number } as const
    const signed = run.signed('credentials', asked)
    return mira.call('credentials', { params, body: signed as never })
  }
  return { run, ask }
}
