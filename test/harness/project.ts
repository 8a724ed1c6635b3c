/** A folder with a Terraform configuration of its own, in a git repository, as people have it. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { find } from './machine.ts'

export interface Project {
  /** The root module. */
  readonly folder: string
  /** The repository; the root module unless it was given as a folder of it. */
  readonly repository: string
  /** Relative to the repository. */
  readonly write: (path: string, text: string) => Promise<void>
  readonly terraform: (...args: readonly string[]) => string
  /** Plans as a pipeline does, into a file of the root module; answers with its name. */
  readonly plan: (...args: readonly string[]) => string
  /** The state as it is on disk, `null` before the first apply. */
  readonly state: () => Promise<string | null>
  readonly remove: () => Promise<void>
}

export type Files = { readonly [path: string]: string }

export interface ProjectOptions {
  /** The root module's folder inside the repository. */
  readonly root?: string
  /** Added to the environment of the tool, where the test itself calls it. */
  readonly environment?: { readonly [name: string]: string }
}

const PLAN = 'plan.tfplan'

export async function givenProject(files: Files, options: ProjectOptions = {}): Promise<Project> {
  const repository = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-project-')))
  const folder = join(repository, options.root ?? '.')
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(repository, path)), { recursive: true })
    await writeFile(join(repository, path), text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  execFileSync('git', ['init', '--quiet', repository])
  const terraform = (...args: readonly string[]) =>
    execFileSync(find('terraform') ?? 'terraform', [`-chdir=${folder}`, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  terraform('init', '-input=false')
  return {
    ...{ folder, repository, write, terraform },
    plan: (...args) => {
      terraform('plan', '-input=false', `-out=${PLAN}`, ...args)
      return PLAN
    },
    state: () => readFile(join(folder, 'terraform.tfstate'), 'utf8').catch(() => null),
    remove: () => rm(repository, { recursive: true, force: true }),
  }
}

/** `terraform_data` needs no provider; each name is one resource. */
export function resources(...names: readonly string[]): string {
  return names
    .map((name) => `resource "terraform_data" "${name}" {\n  input = "${name}"\n}\n`)
    .join('\n')
}
