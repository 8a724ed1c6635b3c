/**
 * `gate finish --exit-code N`: the pipeline's own word on how its apply ended, signed with the key
 * that consumed the grant. Without it the outcome becomes unknown when the grant ends.
 */
import type { Client } from '@holdpoint/api/client'
import { signingKeyFromSeed } from '@holdpoint/api/node'
import { compareSources, type Digest, type Outcome, type SourceManifest } from '@holdpoint/core'
import { guarded } from './begin.ts'
import { tellOutcome } from './execute.ts'
import { type GateState, removeGateState, startedStates } from './gate-state.ts'
import { Interrupts } from './interrupts.ts'
import { copyPlanFile } from './plan-file.ts'
import type { OnEvent } from './run-event.ts'
import { type RunResult, resultOf } from './run-result.ts'
import { serverCalls } from './server-calls.ts'
import { lineageNow } from './terraform/execute.ts'
import { currentSource, environmentOf, type Job } from './terraform/facts.ts'
import { JobRefused } from './tool.ts'

export interface GateFinishOptions {
  readonly client: Client
  /** `givenPlan` names the plan file, or is `null` when there is one unfinished gate only. */
  readonly job: Job
  readonly stateFolder: string
  /** Of the pipeline's own apply. */
  readonly exitCode: number
  readonly onEvent: OnEvent
}

export async function finishGate(options: GateFinishOptions): Promise<RunResult> {
  return await guarded(() => finish(options), new Interrupts(options.onEvent))
}

async function finish(options: GateFinishOptions): Promise<RunResult> {
  const state = await findState(options)
  const { change, workspace, artifact } = state
  const key = signingKeyFromSeed(Buffer.from(state.keySeed, 'base64'))
  const calls = serverCalls({ client: options.client, key, change, workspace })
  const outcome = await describe(options, state)
  options.onEvent({ type: 'finished', outcome })
  if (!(await tellOutcome(calls, outcome))) {
    const sentence = 'The server did not take the outcome; run holdpoint gate finish again'
    return resultOf({ type: 'fault', sentence, cause: null }, change)
  }
  await removeGateState(options.stateFolder, artifact)
  return resultOf({ type: 'recorded', outcome }, change)
}

async function findState(options: GateFinishOptions): Promise<GateState> {
  const started = await startedStates(options.stateFolder)
  const path = options.job.givenPlan
  if (path === null) {
    const [only, ...others] = started
    if (only !== undefined && others.length === 0) return only
    throw new JobRefused(
      only === undefined
        ? 'No grant was consumed here by holdpoint gate, so there is nothing to finish'
        : 'Several gates are unfinished here; name the plan file',
    )
  }
  const copy = await copyPlanFile(path)
  const artifact = await copy.digest()
  await copy.close()
  const found = started.find((each) => each.artifact === artifact)
  if (found !== undefined) return found
  throw new JobRefused('No grant was consumed here for this plan file')
}

/** The plan file is no source, wherever the pipeline keeps a copy of it. */
function withoutPlan(source: SourceManifest, artifact: Digest): SourceManifest {
  return { ...source, files: source.files.filter((file) => file.sha256 !== artifact) }
}

async function describe(options: GateFinishOptions, state: GateState): Promise<Outcome> {
  const { exitCode, onEvent } = options
  // As the gate saw it, also where the plan file is not named this time, or was moved meanwhile.
  const job = { ...options.job, givenPlan: state.planPath }
  const environment = environmentOf(job)
  const planFiles = state.source.files.filter((file) => file.path.startsWith('plan:'))
  const { manifest } = await currentSource({ job, environment, planFiles })
  const approved = withoutPlan(state.source, state.artifact)
  const differences = compareSources(approved, withoutPlan(manifest, state.artifact))
  if (differences.length > 0) onEvent({ type: 'source_changed', differences })
  return {
    result: exitCode === 0 ? 'applied' : 'failed',
    exitCode,
    appliedCount: exitCode === 0 ? state.total : 0,
    totalCount: state.total,
    sourceChanged: differences.length > 0,
    lineage: await lineageNow(job, environment.env),
  }
}
