/**
 * Stands in for the tool where only the moment of its start is asked for: a shell script that hands
 * out one plan file and notes when it was told to apply. It changes nothing.
 */
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeZip } from '../../packages/cli/src/testing/zip.ts'
import { givenDocument, givenEntry } from '../../test/fixtures/terraform-given.ts'

export interface StandIn {
  /** A root module of its own. */
  readonly folder: string
  readonly environment: { readonly HOLDPOINT_TOOL_PATH: string }
  /** When it was last told to apply: milliseconds since 1970. */
  readonly startedAt: () => Promise<number>
  readonly remove: () => Promise<void>
}

const LINEAGE = '0b5c3d2e-0000-4000-8000-00000000b3c4'
const STATE = JSON.stringify({ version: 4, lineage: LINEAGE })

export async function givenStandIn(): Promise<StandIn> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-bench-')))
  const folder = join(root, 'module')
  const program = join(root, 'terraform')
  await mkdir(join(folder, '.git'), { recursive: true })
  await writeFile(join(folder, 'main.tf'), '# what is planned here is written beside the tool\n')
  await writeFile(join(root, 'plan'), writeZip(members()))
  await writeFile(join(root, 'plan.json'), JSON.stringify(plan()))
  await writeFile(program, scriptOf(root))
  await chmod(program, 0o700)
  return {
    folder,
    environment: { HOLDPOINT_TOOL_PATH: program },
    startedAt: async () => Number(await readFile(join(root, 'started'), 'utf8')) / 1e6,
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

function members() {
  return [
    { name: 'tfplan', content: Buffer.from('a plan') },
    { name: 'tfstate', content: Buffer.from(STATE) },
  ]
}

function plan() {
  const change = { actions: ['delete'], before: { input: 'one' }, after: null }
  const entry = givenEntry(change, {
    address: 'terraform_data.one',
    type: 'terraform_data',
    name: 'one',
    provider_name: 'terraform.io/builtin/terraform',
  })
  return givenDocument({ resource_changes: [entry], applyable: true, complete: true })
}

function scriptOf(root: string): string {
  return `#!/bin/sh
case "$1" in
  apply) date +%s%N > ${root}/started ;;
  plan)
    for word; do
      case "$word" in -out=*) cat ${root}/plan > "\${word#-out=}" ;; esac
    done ;;
  show) cat ${root}/plan.json ;;
  state) echo '${STATE}' ;;
esac
`
}
