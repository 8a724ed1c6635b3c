/**
 * The stage of the story: a development server on an embedded database in a folder of its own, the
 * people, the workspace with its labels and pinned target, and the rules. All of it is made by the
 * same commands that people use. Everything is removed at the end.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ask, type Client, createClient } from '@holdpoint/api/client'
import { take } from '../commands/connection.ts'
import { type Files, PEOPLE, POLICY, WORKSPACE } from './configuration.ts'

export interface Stage {
  readonly url: string
  readonly verifierKey: string
  /** The root module that the story changes. */
  readonly project: string
  readonly folder: string
  readonly as: (handle: string) => Client
  readonly write: (files: Files) => Promise<void>
  /** What is being run, each with what ends it. */
  readonly running: Set<() => void>
  readonly close: () => Promise<void>
}

export async function buildStage(version: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-demo-'))
  try {
    return await furnish(folder, version)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function furnish(folder: string, version: string): Promise<Stage> {
  const server = await serve(join(folder, 'server'), version)
  const project = join(folder, 'shop')
  await mkdir(project)
  const client = (headers: { readonly [name: string]: string }) =>
    createClient({ baseUrl: server.url, fetch, headers: () => headers })
  const secret = (await readFile(join(folder, 'server', 'admin-token'), 'utf8')).trim()
  const running = new Set<() => void>()
  await populate(client({ authorization: `Bearer ${secret}` }))
  return {
    url: server.url,
    verifierKey: server.verifierKey,
    project,
    folder,
    as: (handle) => client({ 'holdpoint-as': handle }),
    write: async (files) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(project, name), text)
    },
    running,
    close: async () => {
      for (const stop of running) stop()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function serve(dataDir: string, version: string) {
  const { describeConfigProblem, parseConfig, startServer } = await import('@holdpoint/server')
  const flags = {
    mode: 'development',
    'data-dir': dataDir,
    'listen-port': '0',
    'log-level': 'silent',
  }
  const parsed = parseConfig({ flags, env: {}, fileText: null })
  if (!parsed.ok) throw new Error(parsed.problems.map(describeConfigProblem).join('; '))
  return startServer(parsed.config, { version })
}

async function populate(admin: Client): Promise<void> {
  const change = (command: AccessBody) => callAccess(admin, command)
  for (const { handle, name, roles, team } of PEOPLE) {
    await change({ type: 'add_person', handle, name, addresses: [] })
    for (const role of roles)
      await change({ type: 'grant_role', person: handle, role, workspace: null })
    if (team !== null) await change({ type: 'add_member', team, person: handle })
  }
  await change({ type: 'create_workspace', name: WORKSPACE })
  await change({ type: 'set_labels', workspace: WORKSPACE, labels: { env: 'dev' } })
  const backend = { type: 'local', settings: {} }
  const pin = { backend, toolWorkspace: 'default', accounts: [], regions: [] }
  await change({ type: 'pin_target', workspace: WORKSPACE, pin })
  const { revision } = take(await admin.call('policy', {}))
  take(await admin.call('pushPolicy', { body: { text: POLICY, basedOn: revision } }))
}

type AccessBody = Ask<'changeAccess'>['body']

async function callAccess(admin: Client, body: AccessBody): Promise<void> {
  take(await admin.call('changeAccess', { body }))
}
