/** A folder with a Terraform configuration of its own, in a git repository, as people have it. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { find } from './machine.ts'

export interface Project {
  /** The root module. */
  readonly folder: string
  readonly write: (path: string, text: string) => Promise<void>
  readonly terraform: (...args: readonly string[]) => string
  readonly remove: () => Promise<void>
}

export type Files = { readonly [path: string]: string }

export async function givenProject(files: Files): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-project-'))
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  execFileSync('git', ['init', '--quiet', folder])
  const terraform = (...args: readonly string[]) =>
    execFileSync(find('terraform') ?? 'terraform', [`-chdir=${folder}`, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  terraform('init', '-input=false')
  return { folder, write, terraform, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** `terraform_data` needs no provider; each name is one resource. */
export function resources(...names: readonly string[]): string {
  return names
    .map((name) => `resource "terraform_data" "${name}" {\n  input = "${name}"\n}\n`)
    .join('\n')
}
