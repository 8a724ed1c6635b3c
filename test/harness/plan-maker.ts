/**
 * Makes plans anew with the real tools, from configurations in test/fixtures/plan-stories: first
 * what was there before is applied, then what is there after is planned. Recorded plans and
 * the test that makes them again both come from here, so that they cannot drift apart.
 */
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment, PlanStory } from '../fixtures/plan-stories.ts'
import { find, providerMirror } from './machine.ts'
import type { Moto } from './moto.ts'
import { type Program, runProgram } from './program.ts'

const STORIES = join(import.meta.dirname, '../fixtures/plan-stories')
const PLAN = 'plan.tfplan'

/** Stands for the time of planning; nothing else of what the tool writes is edited. */
const TIME = '2026-01-01T00:00:00Z'

/** The text of `terraform show -json`; `cloud` is needed by stories that act on it. */
export async function makePlan(story: PlanStory, cloud: Moto | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-plan-'))
  try {
    const environment = cloud === null ? {} : cloudEnvironment(cloud)
    const settings = cloud === null ? {} : await providerSettings(folder)
    const terraform: Program = {
      file: find('terraform') ?? 'terraform',
      folder,
      environment: { ...environment, ...settings, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
    }
    for (const step of story.before) {
      putFiles(folder, join(STORIES, step.folder))
      await runProgram(terraform, ['init', '-input=false'])
      const applied = await runProgram(terraform, ['apply', '-auto-approve', '-input=false'], {
        mayFail: step.fails === true,
      })
      if (step.fails === true && applied.code === 0) throw new Error(`${story.name} did not fail`)
    }
    if (cloud !== null) await story.byHand?.({ environment })
    putFiles(folder, join(STORIES, story.after))
    await writeModules(folder, story)
    await runProgram(terraform, ['init', '-input=false'])
    for (const words of story.commands ?? []) await runProgram(terraform, words)
    const planned = ['plan', '-input=false', `-out=${PLAN}`, ...(story.arguments ?? [])]
    await runProgram(terraform, planned, { mayFail: story.errored === true })
    const { out } = await runProgram(terraform, ['show', '-json', PLAN])
    return out.replace(/"timestamp":"[^"]*"/, `"timestamp":"${TIME}"`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The configuration is replaced; state, lock and installed providers stay. */
function putFiles(folder: string, from: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('.') && !name.startsWith('terraform.tfstate')) {
      rmSync(join(folder, name), { recursive: true })
    }
  }
  cpSync(from, folder, { recursive: true })
}

/** Modules of a registry, as if they had been installed from there. */
async function writeModules(folder: string, { installed = [] }: PlanStory): Promise<void> {
  if (installed.length === 0) return
  const modules = installed.map(({ key, source, version, folder: at }) => {
    return { Key: key, Source: source, Version: version, Dir: at }
  })
  await mkdir(join(folder, '.terraform/modules'), { recursive: true })
  const text = JSON.stringify({ Modules: [{ Key: '', Source: '', Dir: '.' }, ...modules] })
  await writeFile(join(folder, '.terraform/modules/modules.json'), text)
}

/** For `aws` and for providers; no key of this machine is ever used. */
export function cloudEnvironment(cloud: Moto): Environment {
  return {
    AWS_ENDPOINT_URL: cloud.url,
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

async function providerSettings(folder: string): Promise<Environment> {
  const settings = join(folder, '.terraformrc')
  const mirror = `filesystem_mirror { path = "${providerMirror()}" }`
  await writeFile(settings, `provider_installation {\n  ${mirror}\n}\n`)
  return { TF_CLI_CONFIG_FILE: settings }
}
