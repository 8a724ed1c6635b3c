/**
 * `gate <plan>` for pipelines that plan and apply themselves: opens or finds the change of this very
 * plan file, waits, checks everything again and consumes the grant exactly once. What the pipeline
 * does after that is its own word, and shown as such.
 */
import { randomBytes } from 'node:crypto'
import { nodePrimitives, type SigningKey, signingKeyFromSeed } from '@holdpoint/api/node'
import { type Digest, digestOf, inputDocument, sourceDocument } from '@holdpoint/core'
import { guarded } from './begin.ts'
import { claim } from './claim.ts'
import type { Facts } from './facts.ts'
import {
  type GateState,
  readGateState,
  removeGateState,
  withGateLock,
  writeGateState,
} from './gate-state.ts'
import { Interrupts } from './interrupts.ts'
import { openChange } from './open-change.ts'
import { copyPlanFile } from './plan-file.ts'
import { Progress } from './progress.ts'
import { AWAY, checkAgain, type Run, type RunSettings, reportRefusal, UNSURE } from './run.ts'
import type { ChangeView } from './run-event.ts'
import { type Ending, type RunResult, resultOf } from './run-result.ts'
import { reach, reserve, type ServerCalls, serverCalls } from './server-calls.ts'
import { environmentOf, type Job } from './terraform/facts.ts'
import { holdsPlan } from './terraform/plan-archive.ts'
import { prepare, type TerraformPlan } from './terraform/prepare.ts'
import { runnerKind } from './terraform/program.ts'
import { recheck } from './terraform/recheck.ts'
import { JobRefused } from './tool.ts'
import { waitForRelease } from './wait.ts'

type Unused = 'onDifference' | 'whenInterrupted' | 'environment' | 'program'

export interface GateOptions extends Omit<RunSettings, Unused> {
  /** `givenPlan` is the pipeline's plan file, absolute. */
  readonly job: Job & { readonly givenPlan: string }
  /** See `gateFolder`. */
  readonly stateFolder: string
}

export function startGate(options: GateOptions): Run {
  const interrupts = new Interrupts(options.onEvent)
  const work = async () => {
    refuseOverrides(options.job)
    const artifact = await artifactOf(options.job.givenPlan)
    const { stateFolder } = options
    return await withGateLock(stateFolder, artifact, () => gate({ options, interrupts, artifact }))
  }
  return { control: interrupts, ended: guarded(work, interrupts) }
}

/** The pipeline runs the tool itself, so what we would withhold has to be absent there. */
const OVERRIDES: readonly string[] = [
  'TF_CLI_ARGS',
  'TF_CLI_ARGS_apply',
  'TF_REATTACH_PROVIDERS',
  'TF_DATA_DIR',
]

function refuseOverrides(job: Job): void {
  const found = environmentOf(job).withheld.filter((name) => OVERRIDES.includes(name))
  if (found.length === 0) return
  throw new JobRefused(`${found.join(', ')} would change what a saved plan does; unset it first`)
}

async function artifactOf(path: string): Promise<Digest> {
  const copy = await copyPlanFile(path)
  try {
    if (!(await holdsPlan(copy.handle))) throw noPlan(path)
    return await copy.digest()
  } finally {
    await copy.close()
  }
}

function noPlan(path: string): JobRefused {
  const how = 'make one with terraform plan -out=plan.tfplan, or tofu plan -out=plan.tfplan'
  return new JobRefused(`${path} is not a saved plan file; ${how}`)
}

interface Gate {
  readonly options: GateOptions
  readonly interrupts: Interrupts
  readonly artifact: Digest
}

async function gate(gate: Gate): Promise<RunResult> {
  const kept = await readGateState(gate.options.stateFolder, gate.artifact)
  return kept === null ? await openHere(gate) : await goOn(gate, kept)
}

async function openHere(gate: Gate): Promise<RunResult> {
  const { options, artifact } = gate
  const { client, workspaceName: workspace, stateFolder } = options
  const reserved = await reserve(client, { workspace, sameAs: null })
  if (!reserved.ok) return resultOf({ type: 'refused', problem: reserved.problem }, null)
  const found = await elsewhere(gate, reserved.value.workspace)
  if (found !== null) return found
  const seed = randomBytes(32)
  const { hidingKey, change } = reserved.value
  const keys = { keySeed: seed.toString('base64'), hidingKey }
  const planPath = options.job.givenPlan
  const ids = { v: 1, artifact, planPath, change, workspace: reserved.value.workspace } as const
  const prepared = await prepareGate(gate, { ...ids, ...keys })
  try {
    const { source, inputs } = prepared.facts
    const { total } = new Progress(prepared.plan)
    const state: GateState = { ...ids, ...keys, source, inputs, total, started: false }
    await writeGateState(stateFolder, state)
    const calls = callsOf(gate, state, signingKeyFromSeed(seed))
    const request = { ...options.request, door: 'gate' } as const
    const { signal } = gate.interrupts
    const { onEvent, awayMsMax } = options
    const opened = await openChange({ calls, prepared, request, onEvent, signal, awayMsMax })
    if (!opened.ok) {
      await removeGateState(stateFolder, artifact)
      return resultOf({ type: 'refused', problem: opened.problem }, null)
    }
    const approved = prepared.facts
    const ending = await untilConsumed({ gate, calls, prepared, approved, state })
    return resultOf(ending, change)
  } finally {
    await prepared.close()
  }
}

/** Closed without anybody having said no: the same plan file may be brought again. */
const OPENS_AGAIN: readonly string[] = ['expired', 'withdrawn']

/** A change for this file that was opened somewhere else; a closed one does not stand in the way. */
async function elsewhere(gate: Gate, workspace: GateState['workspace']): Promise<RunResult | null> {
  const params = { workspace, digest: gate.artifact }
  const answer = await reach(gate.options.client.call('findByArtifact', { params }))
  if (!answer.ok) {
    if (answer.problem.code === 'not_found') return null
    return resultOf({ type: 'refused', problem: answer.problem }, null)
  }
  const view = answer.value
  if (OPENS_AGAIN.includes(view.status)) return null
  if (view.execution !== null) return resultOf({ type: 'closed', view }, view.id)
  return resultOf({ type: 'refused', problem: otherRunner(view) }, view.id)
}

function otherRunner(view: ChangeView) {
  return {
    code: 'other_runner',
    title: 'This plan file was brought to the gate by another run',
    detail: `${view.id} is ${view.status}, and only the run that opened it can go on.`,
    remedy: 'Keep the folder of HOLDPOINT_STATE_DIR between the steps, or plan anew here.',
  }
}

/** A later step of the pipeline: everything is computed anew and held against what was approved. */
async function goOn(gate: Gate, state: GateState): Promise<RunResult> {
  const key = signingKeyFromSeed(Buffer.from(state.keySeed, 'base64'))
  const calls = callsOf(gate, state, key)
  const answer = await calls.view()
  const isGone = answer.ok
    ? OPENS_AGAIN.includes(answer.value.status)
    : answer.problem.code === 'not_found'
  if (isGone) {
    await removeGateState(gate.options.stateFolder, gate.artifact)
    return await openHere(gate)
  }
  if (!answer.ok) return resultOf({ type: 'refused', problem: answer.problem }, state.change)
  const prepared = await prepareGate(gate, state)
  try {
    const approved = approvedFacts(answer.value, state)
    const ending = await untilConsumed({ gate, calls, prepared, approved, state })
    return resultOf(ending, state.change)
  } finally {
    await prepared.close()
  }
}

function callsOf(gate: Gate, state: GateState, key: SigningKey): ServerCalls {
  const { client } = gate.options
  const { change, workspace } = state
  return serverCalls({ client, key, change, workspace })
}

async function prepareGate(
  gate: Gate,
  state: Pick<GateState, 'workspace' | 'hidingKey'>,
): Promise<TerraformPlan> {
  const { job, token, onEvent } = gate.options
  const { interrupts } = gate
  const hidingKey = Buffer.from(state.hidingKey, 'base64')
  return await prepare(job, {
    ...{ token, onEvent, interrupts },
    reserve: async () => ({ workspace: state.workspace, hidingKey, previous: null }),
    // The pipeline applies by itself, with credentials of its own: none are granted here.
    granted: async () => null,
  })
}

/** Names come from what we kept; whether they are the approved ones, the digests say. */
function approvedFacts(view: ChangeView, state: GateState): Facts {
  const { binding, target, flags } = view
  const tool = runnerKind(view.tool)
  const isKept =
    digestOf(sourceDocument(state.source), nodePrimitives) === binding.source &&
    digestOf(inputDocument(state.inputs), nodePrimitives) === binding.inputs
  if (!isKept) throw new JobRefused('The state of holdpoint gate is not of this change; plan anew')
  const { source, inputs } = state
  return { tool, binding, target, flags, source, inputs, warnings: [] }
}

interface Consuming {
  readonly gate: Gate
  readonly calls: ServerCalls
  readonly prepared: TerraformPlan
  readonly approved: Facts
  readonly state: GateState
}

async function untilConsumed(consuming: Consuming): Promise<Ending> {
  const { calls, gate } = consuming
  const { client, noWait, awayMsMax, onEvent } = gate.options
  const { signal } = gate.interrupts
  for (;;) {
    const waited = await waitForRelease({ client, calls, noWait, awayMsMax, signal, onEvent })
    if (waited.type === 'stopped') return { type: 'held' }
    if (waited.type === 'away') return AWAY
    if (waited.type !== 'released') return waited
    const ending = await consume(consuming)
    if (ending !== null) return ending
  }
}

async function consume(consuming: Consuming): Promise<Ending | null> {
  const { gate, calls, prepared, approved, state } = consuming
  const { onEvent, grantSeconds, awayMsMax, stateFolder } = gate.options
  const checked = await checkAgain(() => recheck(prepared, approved), onEvent)
  const { differences } = checked
  if (differences.length > 0) {
    await reportRefusal(calls, differences)
    return { type: 'differs', differences, isOutdated: false }
  }
  if (gate.interrupts.interrupted) return { type: 'held' }
  const body = { binding: checked.facts.binding, differences: [], grantSeconds }
  const claimed = await claim(calls, body, { signal: gate.interrupts.signal, awayMsMax })
  if (claimed.type === 'unsure') return UNSURE
  if (claimed.type === 'refused') return { type: 'refused', problem: claimed.problem }
  if (claimed.type === 'again') {
    if (claimed.busy) onEvent({ type: 'workspace_busy' })
    return null
  }
  await writeGateState(stateFolder, { ...state, started: true })
  onEvent({ type: 'started', grant: claimed.grant, until: claimed.until })
  return { type: 'go', until: claimed.until }
}
