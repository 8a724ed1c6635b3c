/**
 * Records the plans of test/fixtures/plans again, with Terraform, its AWS provider, moto and the
 * AWS command line of this machine, and prints the rows of their table. Plans that are written
 * after a schema are left as they are. With a name, only the plan of that story is recorded.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { nodePrimitives } from '@holdpoint/api/node'
import { readPlan } from '@holdpoint/core'
import { cloudStories, type PlanStory, plainStories } from '../test/fixtures/plan-stories.ts'
import { recordedPath, rowOf } from '../test/fixtures/recorded-plans.ts'
import { makeChangeSets } from '../test/harness/change-set-maker.ts'
import { startMoto } from '../test/harness/moto.ts'
import { makePlan } from '../test/harness/plan-maker.ts'

function record(file: string, text: string): void {
  writeFileSync(recordedPath(file), text)
  const parsed = readPlan(nodePrimitives.utf8(text), nodePrimitives)
  if (!parsed.ok) throw new Error(`${file}: ${parsed.refusal.message}`)
  process.stdout.write(`${Object.values(rowOf(file, parsed.plan)).join('\t')}\n`)
}

const only = process.argv[2]
for (const story of plainStories.filter(isWanted)) {
  record(`terraform-${story.name}.json`, await makePlan(story, null))
}
for (const story of cloudStories.filter(isWanted)) {
  const cloud = await startMoto()
  try {
    record(`terraform-${story.name}.json`, await makePlan(story, cloud))
  } finally {
    cloud.close()
  }
}
if (only === undefined) await recordChangeSets()
const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url))
const folder = fileURLToPath(recordedPath('.'))
spawnSync(biome, ['format', '--write', folder], { stdio: 'inherit' })

function isWanted(story: PlanStory): boolean {
  return only === undefined || story.name === only
}

async function recordChangeSets(): Promise<void> {
  const cloud = await startMoto()
  try {
    const { made, changed } = await makeChangeSets(cloud)
    record('cloudformation-made.json', made)
    record('cloudformation-changed.json', changed)
  } finally {
    cloud.close()
  }
}
