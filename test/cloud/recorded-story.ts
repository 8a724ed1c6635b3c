/** What was recorded of a story, as it is committed: plans without state, calls without repeats. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedCall } from './aws-cloud.ts'
import type { StoryStep } from './aws-story.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/aws-calls')

export type NeededCall = Pick<RecordedCall, 'action' | 'resource' | 'context'>

export interface RecordedStep {
  readonly name: StoryStep['name']
  readonly plan: object
  readonly calls: readonly NeededCall[]
}

export interface RecordedStory {
  readonly story: string
  readonly steps: readonly RecordedStep[]
}

export function storiesRecorded(): readonly RecordedStory[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')))
}

export function writeStory(story: string, steps: readonly StoryStep[]): void {
  const recorded: RecordedStory = { story, steps: steps.map(recordedStep) }
  writeFileSync(join(FOLDER, `${story}.json`), `${JSON.stringify(recorded, null, 1)}\n`)
}

function recordedStep({ name, plan, calls }: StoryStep): RecordedStep {
  const document: object = JSON.parse(plan)
  const {
    prior_state: _,
    planned_values: __,
    timestamp: ___,
    ...kept
  } = { ...NOTHING, ...document }
  const needed = calls.map(({ action, resource, context }) => ({ action, resource, context }))
  const unique = new Map(needed.map((each) => [JSON.stringify(each), each]))
  const sorted = [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { name, plan: kept, calls: sorted.map(([, call]) => call) }
}

/** Large, and nothing that a session policy reads. */
const NOTHING = { prior_state: null, planned_values: null, timestamp: null }
