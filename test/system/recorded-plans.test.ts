/**
 * What real tools write is counted as the table beside it says, through the command that people
 * call; and where the tools are on this machine, what they write today has the same structure.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ACTIONS } from '../../packages/core/src/plan.ts'
import { readPlan } from '../../packages/core/src/plans/registry.ts'
import { nodePrimitives } from '../fixtures/node-primitives.ts'
import { cloudStories, type PlanStory, plainStories } from '../fixtures/plan-stories.ts'
import { structureOf } from '../fixtures/plan-structure.ts'
import {
  type RecordedPlan,
  recordedFiles,
  recordedPath,
  recordedPlans,
  rowOf,
} from '../fixtures/recorded-plans.ts'
import { makeChangeSets } from '../harness/change-set-maker.ts'
import { run } from '../harness/command.ts'
import { find, HANGS_AFTER_MS, needs, providerMirror } from '../harness/machine.ts'
import { type Moto, startMoto } from '../harness/moto.ts'
import { makePlan } from '../harness/plan-maker.ts'

const recorded = recordedPlans()
const NOWHERE = { url: 'http://127.0.0.1:9' }

test('every recorded plan has a row of its own in the table', () => {
  const rows = recorded.map(({ file }) => file)

  assert.deepEqual(rows, recordedFiles().toSorted())
  assert.ok(rows.length >= 25, `only ${rows.length} plans`)
})

test('every recorded plan is read as its row says', () => {
  for (const { file, bytes, expected } of recorded) {
    const parsed = readPlan(bytes, nodePrimitives)
    assert.ok(parsed.ok, file)

    assert.deepEqual(rowOf(file, parsed.plan), expected)
  }
})

test('each action is in a recorded plan', () => {
  const missing = [...ACTIONS, 'deferred', 'invoke', 'outputs', 'drift', 'checks'].filter(
    (name) => {
      return recorded.every(({ expected }) => expected[name] === '0')
    },
  )

  assert.deepEqual(missing, [])
})

test('inspect counts every recorded plan as its row says', {
  timeout: HANGS_AFTER_MS,
}, async () => {
  for (const { file, expected } of recorded) {
    const path = fileURLToPath(recordedPath(file))
    const ended = await run(NOWHERE, ['inspect', '--json', path], { folder: '.' })
    assert.equal(ended.code, 0, `${file}: ${ended.err}`)
    const { summary, resources } = JSON.parse(ended.out)

    const counts = Object.entries(summary).map(([name, count]) => [name, String(count)])
    assert.deepEqual(
      counts,
      counts.map(([name = '']) => [name, expected[name]]),
      file,
    )
    const sum = ACTIONS.reduce((total, name) => total + summary[name], 0)
    assert.equal(resources.length, sum)
  }
})

test('no recorded plan tells of the machine that made it', () => {
  for (const { file, bytes } of recorded) {
    const text = new TextDecoder().decode(bytes)

    assert.doesNotMatch(
      text,
      /"(?:\/(?:home|root|tmp|work|Users|var)\/|[A-Z]:\\\\)|localhost/,
      file,
    )
    assert.doesNotMatch(text, /127\.0\.0\.1(?!\d)/, file)
  }
})

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }

for (const story of plainStories) {
  test(`Terraform plans "${story.name}" as it was recorded`, whenTerraform, async () => {
    assertSame(story, await makePlan(story, null))
  })
}

const missing = [needs('terraform').skip, needs('moto').skip, needs('aws').skip].find(Boolean)
const mirror = providerMirror() === null ? 'no filesystem mirror holds hashicorp/aws' : false
const whenCloud = { skip: missing ?? mirror, timeout: HANGS_AFTER_MS }

let cloud: Moto | null = null

after(() => cloud?.close())

async function emptyCloud(): Promise<Moto> {
  cloud ??= await startMoto()
  const reset = await fetch(`${cloud.url}/moto-api/reset`, { method: 'POST' })
  assert.equal(reset.status, 200)
  return cloud
}

for (const story of cloudStories) {
  test(`Terraform plans "${story.name}" as it was recorded`, whenCloud, async () => {
    assertSame(story, await makePlan(story, await emptyCloud()))
  })
}

const whenMoto = { skip: needs('moto').skip || needs('aws').skip, timeout: HANGS_AFTER_MS }

test('change sets are described as they were recorded', whenMoto, async () => {
  assert.notEqual(find('aws'), null)
  const { made, changed } = await makeChangeSets(await emptyCloud())

  assertAlike('cloudformation-made.json', made)
  assertAlike('cloudformation-changed.json', changed)
})

function assertSame(story: PlanStory, text: string): void {
  assertAlike(`terraform-${story.name}.json`, text)
}

function assertAlike(file: string, text: string): void {
  const before: RecordedPlan | undefined = recorded.find((each) => each.file === file)
  assert.ok(before !== undefined, `${file} is not recorded`)
  const parsed = readPlan(nodePrimitives.utf8(text), nodePrimitives)
  assert.ok(parsed.ok)
  assert.deepEqual(rowOf(file, parsed.plan), before.expected)
  const structure = structureOf(JSON.parse(new TextDecoder().decode(before.bytes)))
  assert.deepEqual(structureOf(JSON.parse(text)), structure)
}
