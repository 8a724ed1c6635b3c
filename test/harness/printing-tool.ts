/**
 * Stands in for Terraform where only what it prints as a plan matters: `show -json` answers with a
 * given document, whatever it holds. It changes nothing.
 */
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeZip } from '../../packages/cli/src/testing/zip.ts'

export interface PrintingTool {
  /** A root module of its own. */
  readonly folder: string
  readonly environment: { readonly HOLDPOINT_TOOL_PATH: string }
  /** The document as a file. */
  readonly document: string
  readonly remove: () => Promise<void>
}

const STATE = JSON.stringify({ version: 4, lineage: '0b5c3d2e-0000-4000-8000-00000000b3c5' })

export async function givenPrintingTool(document: string): Promise<PrintingTool> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-printing-')))
  const folder = join(root, 'module')
  const program = join(root, 'terraform')
  await mkdir(join(folder, '.git'), { recursive: true })
  await writeFile(join(folder, 'main.tf'), '# what is planned here is written beside the tool\n')
  const members = [
    { name: 'tfplan', content: Buffer.from('a plan') },
    { name: 'tfstate', content: Buffer.from(STATE) },
  ]
  await writeFile(join(root, 'plan'), writeZip(members))
  await writeFile(join(root, 'plan.json'), document)
  await writeFile(program, scriptOf(root))
  await chmod(program, 0o700)
  return {
    folder,
    environment: { HOLDPOINT_TOOL_PATH: program },
    document: join(root, 'plan.json'),
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

function scriptOf(root: string): string {
  return `#!/bin/sh
case "$1" in
  plan)
    for word; do
      case "$word" in -out=*) cat ${root}/plan > "\${word#-out=}" ;; esac
    done ;;
  show) cat ${root}/plan.json ;;
  state) echo '${STATE}' ;;
esac
`
}
