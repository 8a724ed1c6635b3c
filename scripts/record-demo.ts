/**
 * Records what real Terraform writes for the story's configurations, for machines without it:
 * `node scripts/record-demo.ts` rewrites packages/cli/src/demo/recording.json.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ADDITIVE, DESTRUCTIVE, WITH_SCRIPT } from '../packages/cli/src/demo/configuration.ts'

const folder = await mkdtemp(join(tmpdir(), 'holdpoint-record-'))
const terraform = (...args: readonly string[]) =>
  execFileSync('terraform', args, { cwd: folder, encoding: 'utf8' })
const scenes = []
for (const files of [ADDITIVE, DESTRUCTIVE, WITH_SCRIPT]) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  terraform('init', '-input=false')
  terraform('plan', '-input=false', '-out=plan.bin')
  scenes.push({
    configuration: createHash('sha256')
      .update(files['main.tf'] ?? '')
      .digest('hex'),
    planFile: (await readFile(join(folder, 'plan.bin'))).toString('base64'),
    planJson: terraform('show', '-json', 'plan.bin'),
  })
  terraform('apply', '-input=false', 'plan.bin')
}
const { lineage } = JSON.parse(await readFile(join(folder, 'terraform.tfstate'), 'utf8'))
await rm(folder, { recursive: true })
const target = new URL('../packages/cli/src/demo/recording.json', import.meta.url)
await writeFile(target, `${JSON.stringify({ lineage, scenes }, null, 2)}\n`)
