/** What tests of the runner begin with: a root module on disk, a job, a prepared change. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseWorkspaceId } from '@holdpoint/core'
import { type Environment, readEnvironment } from '../io/environment.ts'
import { findProgram } from '../io/spawn.ts'
import { Interrupts } from '../runner/interrupts.ts'
import type { RunEvent } from '../runner/run-event.ts'
import { parseArguments } from '../runner/terraform/arguments.ts'
import type { Job } from '../runner/terraform/facts.ts'
import { prepare, type TerraformPlan } from '../runner/terraform/prepare.ts'

const terraform = findProgram('terraform', readEnvironment())

/** For `test(name, needsTerraform, …)`: skipped with a reason, but never in continuous integration. */
export const needsTerraform =
  terraform === null && process.env['CI'] !== 'true'
    ? { skip: 'there is no terraform on PATH', timeout: 60_000 }
    : { timeout: 60_000 }

export type Files = { readonly [path: string]: string }

/** A repository (it has a `.git`) with files; removed with `remove`. */
export class Repository {
  readonly root: string

  constructor(files: Files) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'holdpoint-test-')))
    mkdirSync(join(this.root, '.git'))
    for (const [path, text] of Object.entries(files)) this.write(path, text)
  }

  path(path: string): string {
    return join(this.root, path)
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    writeFileSync(this.path(path), text)
    if (path.endsWith('.sh')) chmodSync(this.path(path), 0o755)
  }

  terraform(folder: string, ...args: readonly string[]): string {
    const options = { cwd: this.path(folder), encoding: 'utf8', stdio: 'pipe' } as const
    return execFileSync(terraform ?? 'terraform', [...args], {
      ...options,
      env: plainEnvironment(),
    })
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** The machine's environment without anything that a provider or Terraform reads. */
export function plainEnvironment(more: Environment = {}): Environment {
  const { PATH = '', HOME = '', LANG = '' } = readEnvironment()
  return { PATH, HOME, LANG, ...more }
}

export interface GivenJob {
  readonly folder: string
  readonly environment?: () => Environment
  readonly args?: readonly string[]
  readonly givenPlan?: string
}

export function givenJob(repository: Repository, given: GivenJob): Job {
  const parsed = parseArguments(given.args ?? [])
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  return {
    rootModule: repository.path(given.folder),
    tool: { kind: 'terraform', program: terraform ?? '/nowhere/terraform' },
    arguments: parsed.arguments,
    readEnvironment: given.environment ?? plainEnvironment,
    alsoPass: [],
    patterns: null,
    givenPlan: given.givenPlan ?? null,
  }
}

export const WORKSPACE = workspaceId('wsp_0000000000000001')

function workspaceId(text: string) {
  const id = parseWorkspaceId(text)
  if (id === null) throw new Error(`${text} is no workspace id`)
  return id
}

export async function givenPrepared(job: Job, events: RunEvent[] = []): Promise<TerraformPlan> {
  const onEvent = (event: RunEvent) => void events.push(event)
  return await prepare(job, {
    reserve: async () => ({
      workspace: WORKSPACE,
      hidingKey: new Uint8Array(32).fill(7),
      previous: null,
    }),
    granted: async () => null,
    token: 'hpt_canary-token-of-the-runner',
    interrupts: new Interrupts(onEvent),
    onEvent,
  })
}
