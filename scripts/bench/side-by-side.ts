/**
 * The same change made by the tool alone and through `holdpoint apply`, turn about, each on the same
 * emptied state: A B A B, so that both meet the same machine.
 */
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../test/harness/command.ts'
import type { Installation } from '../../test/harness/installation.ts'
import { find } from '../../test/harness/machine.ts'
import type { Project } from '../../test/harness/project.ts'
import { approve, until, untilHeld } from '../../test/harness/story.ts'

export interface Sides {
  readonly installation: Installation
  readonly project: Project
  readonly environment: { readonly [name: string]: string }
  /** Undoes outside of the state what an apply made. */
  readonly undo: () => Promise<void>
  readonly pairs: number
}

export interface Compared {
  /** Milliseconds, in order. */
  readonly bare: readonly number[]
  readonly gated: readonly number[]
}

export async function sideBySide(sides: Sides): Promise<Compared> {
  const empty = await bind(sides)
  const bare: number[] = []
  const gated: number[] = []
  // The first of each fills caches on both sides.
  for (let pair = -1; pair < sides.pairs; pair += 1) {
    await putBack(sides, empty)
    const alone = await timed(() => bareRun(sides))
    await putBack(sides, empty)
    const through = await timed(() => gatedRun(sides))
    if (pair === -1) continue
    bare.push(alone)
    gated.push(through)
  }
  return { bare, gated }
}

/** The first change binds the workspace, by people; what it left is emptied, lineage and all. */
async function bind(sides: Sides): Promise<string> {
  const { installation, project, environment, undo } = sides
  const { folder } = project
  const first = run(installation, ['apply'], { folder, as: 'mira', environment })
  await approve(installation, 'ines', await untilHeld(installation))
  requireDone('the first apply', await first)
  await until('the workspace is pinned', async () => isPinned(sides))
  const state: unknown = JSON.parse((await project.state()) ?? '{}')
  if (typeof state !== 'object' || state === null) throw new Error('the tool left no state')
  await undo()
  return JSON.stringify({ ...state, resources: [], outputs: {} })
}

async function isPinned({ installation }: Sides): Promise<boolean> {
  const answer = await installation.admin.call('access', {})
  if (!answer.ok) throw new Error(`access was refused: ${JSON.stringify(answer.problem)}`)
  return answer.value.workspaces.every(({ pin, lineage }) => pin !== null && lineage !== null)
}

async function putBack({ project, undo }: Sides, state: string): Promise<void> {
  await undo()
  await project.write('terraform.tfstate', state)
  await rm(join(project.folder, 'terraform.tfstate.backup'), { force: true })
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function bareRun({ project, environment }: Sides): Promise<void> {
  const tool = find('terraform') ?? 'terraform'
  const steps = [
    ['plan', '-input=false', '-out=bare.tfplan'],
    ['show', '-json', 'bare.tfplan'],
    ['apply', '-input=false', 'bare.tfplan'],
  ]
  for (const step of steps)
    requireDone(step.join(' '), await ended(tool, step, { project, environment }))
  await rm(join(project.folder, 'bare.tfplan'))
}

type Place = Pick<Sides, 'project' | 'environment'>

function ended(tool: string, words: readonly string[], { project, environment }: Place) {
  const env = { ...process.env, ...environment }
  const child = spawn(tool, words, { cwd: project.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

async function gatedRun({ installation, project, environment }: Sides): Promise<void> {
  const { folder } = project
  const done = await run(installation, ['apply'], { folder, as: 'mira', environment })
  requireDone('holdpoint apply', done)
}

function requireDone(
  what: string,
  done: { readonly code: number | null; readonly out: string; readonly err: string },
): void {
  if (done.code !== 0) throw new Error(`${what} ended with ${done.code}:\n${done.out}${done.err}`)
}
