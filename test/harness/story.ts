/**
 * What people and pipelines do in a story, each through the door that they really use: decisions
 * over the API as the page sends them, plans through the bundled command.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reply } from '@holdpoint/api'
import { type Ended, run } from './command.ts'
import { type Installation, must, WORKSPACE } from './installation.ts'
import type { Project } from './project.ts'

export type ChangeView = Reply<'change'>
export type ChangeId = ChangeView['id']

/** Sees everything and requests nothing. */
const READER = 'ines'
/** Waiting longer costs only what fails; a busy machine takes half a minute to start a provider. */
const WITHIN_MS = 90_000
const LOOK_EVERY_MS = 25

export async function view(installation: Installation, change: ChangeId): Promise<ChangeView> {
  return must(await installation.as(READER).call('change', { params: { change } }))
}

/** Changes of a workspace, newest first. */
export async function changesOf(installation: Installation, workspace: string = WORKSPACE) {
  const query = { workspace }
  return must(await installation.as(READER).call('changes', { query })).changes
}

export async function newest(
  installation: Installation,
  workspace: string = WORKSPACE,
): Promise<ChangeView> {
  const [row] = await changesOf(installation, workspace)
  if (row === undefined) throw new Error(`nothing was opened in ${workspace}`)
  return await view(installation, row.id)
}

export async function until<T>(
  what: string,
  look: () => Promise<T | null | false>,
  withinMs: number = WITHIN_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== null && found !== false) return found
    if (performance.now() > deadline) throw new Error(`it did not come to this: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

export async function untilStatus(
  installation: Installation,
  change: ChangeId,
  status: ChangeView['status'],
): Promise<ChangeView> {
  return await until(`${change} is ${status}`, async () => {
    const now = await view(installation, change)
    return now.status === status ? now : null
  })
}

/** The newest change of a workspace, once it is held; `newerThan` is one that was there before. */
export async function untilHeld(
  installation: Installation,
  workspace: string = WORKSPACE,
  newerThan: ChangeId | null = null,
): Promise<ChangeView> {
  return await until(`something is held in ${workspace}`, async () => {
    const [row] = await changesOf(installation, workspace)
    if (row?.status !== 'held' || row.id === newerThan) return null
    return await view(installation, row.id)
  })
}

export async function approve(
  installation: Installation,
  who: string,
  change: Pick<ChangeView, 'id' | 'binding'>,
) {
  const { id, binding } = change
  const body = { fingerprint: binding.fingerprint, reason: null }
  return await installation.as(who).call('approve', { params: { change: id }, body })
}

/** Types of a change's entries, in order. */
export async function entriesOf(
  installation: Installation,
  change: ChangeId,
): Promise<readonly string[]> {
  return (await view(installation, change)).timeline.map((each) => each.type)
}

export interface Pipeline {
  /** What its steps keep between them: HOLDPOINT_STATE_DIR. */
  readonly stateFolder: string
  /** Ends at once, with 75, when the change is held. */
  readonly gate: (environment?: Environment) => Promise<Ended>
  readonly finish: (exitCode: number) => Promise<Ended>
  readonly remove: () => Promise<void>
}

type Environment = { readonly [name: string]: string }

export interface PipelineOptions {
  readonly workspace?: string
  readonly as?: string
  readonly token?: string
  readonly environment?: Environment
}

/** A pipeline with a plan file of its own, by the requester unless it is told who. */
export async function givenPipeline(
  installation: Pick<Installation, 'url'>,
  project: Pick<Project, 'folder'>,
  options: PipelineOptions = {},
): Promise<Pipeline> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'holdpoint-steps-'))
  const { workspace, token } = options
  const asked = {
    folder: project.folder,
    ...(token === undefined ? { as: options.as ?? 'mira' } : { token }),
    ...(workspace === undefined ? {} : { workspace }),
  }
  const step = (args: readonly string[], environment: Environment) =>
    run(installation, args, {
      ...asked,
      environment: { ...options.environment, HOLDPOINT_STATE_DIR: stateFolder, ...environment },
    })
  return {
    stateFolder,
    gate: (environment = {}) => step(['gate', 'plan.tfplan', '--no-wait'], environment),
    finish: (code) => step(['gate', 'finish', 'plan.tfplan', '--exit-code', String(code)], {}),
    remove: () => rm(stateFolder, { recursive: true, force: true }),
  }
}

/** Text with what differs from run to run made plain: digests, times, ids, ports. */
export function plain(text: string): string {
  return text
    .replaceAll(/chg_[a-z0-9]+/g, 'chg_<id>')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<sha256>')
    .replaceAll(/\b[0-9a-f]{8}\b/g, '<digest>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replaceAll(/\b\d\d:\d\d\b/g, '<time>')
    .replaceAll(/\bshow [a-z0-9]{6}\b/g, 'show <id>')
}

/** The lines from the one that starts with `first` to the end. */
export function from(first: string, text: string): readonly string[] {
  const lines = plain(text).trimEnd().split('\n')
  const start = lines.findIndex((line) => line.startsWith(first))
  return start === -1 ? lines : lines.slice(start)
}
