/**
 * From a root module to everything a change is opened with: plan, kill what planning left behind,
 * keep a private copy, make the JSON from that copy, redact, digest. Nothing here talks to the
 * server, and nothing in clear leaves in what it returns but the texts that redaction needs.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  canonicalText,
  digestPlan,
  encodePlan,
  type Hide,
  inputDocument,
  keyedHide,
  PLAN_BYTES_MAX,
  type Plan,
  readPlan,
  redact,
  sourceDocument,
  type WorkspaceId,
} from '@holdpoint/core'
import { Fault } from '../../io/fault.ts'
import type { Broker } from '../broker/broker.ts'
import type { Granted } from '../broker/granted.ts'
import { standingWarning } from '../broker/standing.ts'
import type { Facts } from '../facts.ts'
import { type RedactText, redactorOf } from '../output-redaction.ts'
import { copyPlanFile, newPlanFile, type PlanFile, sealCopy } from '../plan-file.ts'
import { JobRefused, type PrepareContext, type Prepared, ToolFailed } from '../tool.ts'
import { refuseCliConfig } from './cli-config.ts'
import { type ToolEnvironment, withheldWarning } from './environment.ts'
import { computeFacts, environmentOf, type FactsRequest, type Job } from './facts.ts'
import { secretTexts } from './secret-texts.ts'
import { callTool, followTool } from './tool-run.ts'

export interface TerraformPlan extends Prepared {
  readonly job: Job
  /** The environment as it was when planned; the tool applies with this one. */
  readonly environment: ToolEnvironment
  readonly granted: Granted | null
  readonly planFile: PlanFile
  readonly redactText: RedactText
  /** What the facts were computed from, for computing them again. */
  readonly factsRequest: FactsRequest
}

export async function prepare(job: Job, context: PrepareContext): Promise<TerraformPlan> {
  const granted = await context.granted()
  const environment = environmentOf(job, granted)
  const refused = await refuseCliConfig(environment.env)
  if (refused !== null) throw new JobRefused(refused)
  const warning = job.givenPlan === null ? withheldWarning(environment.withheld) : null
  if (warning !== null) context.onEvent({ type: 'warning', text: warning })
  const standing = standingWarning(granted?.standing ?? [])
  if (standing !== null) context.onEvent({ type: 'warning', text: standing })
  const planFile =
    job.givenPlan === null
      ? await planWithGrant({ job, environment, granted }, context)
      : await copyPlanFile(job.givenPlan)
  try {
    return await describePlan({ job, environment, granted, planFile }, context)
  } catch (cause) {
    await planFile.close()
    throw cause
  }
}

interface Planning {
  readonly job: Job
  readonly environment: ToolEnvironment
  readonly granted: Granted | null
}

/** The broker of the plan is closed before anything else happens: nothing of it lives on. */
async function planWithGrant(planning: Planning, context: PrepareContext): Promise<PlanFile> {
  const broker = (await planning.granted?.openForPlan()) ?? null
  try {
    return await makePlan(planning, broker, context)
  } finally {
    await broker?.close()
  }
}

async function makePlan(
  { job, environment }: Planning,
  broker: Broker | null,
  context: PrepareContext,
): Promise<PlanFile> {
  const { interrupts, onEvent, token } = context
  const { program } = job.tool
  onEvent({ type: 'planning', program })
  const sources = { environment: environment.env, arguments: job.arguments, token, plan: null }
  const redactText = withoutHandedOut(broker, redactorOf(secretTexts(sources), job.patterns))
  const env = { ...environment.env, ...broker?.env }
  const written = await newPlanFile()
  try {
    const args = ['plan', '-input=false', '-json', `-out=${written.path}`, ...job.arguments.plan]
    const call = { program, args, cwd: job.rootModule, env, planFile: written }
    const onHook = () => undefined
    const listener = { onEvent, redact: redactText, onHook, killGroupAtEnd: true }
    const child = followTool(call, listener)
    // The whole group is dead when this returns: no program of the plan lives on into the apply.
    const ended = await interrupts.during(child, child.ended)
    if (ended.exitCode !== 0) throw new ToolFailed('plan', ended, redactText)
    return await sealCopy(written.handle)
  } finally {
    await written.close()
  }
}

/** What the broker handed out hides like any other secret. */
export function withoutHandedOut(broker: Broker | null, redactText: RedactText): RedactText {
  return broker === null ? redactText : (text) => redactText(broker.hide(text))
}

interface Planned extends Planning {
  readonly planFile: PlanFile
}

async function describePlan(planned: Planned, context: PrepareContext): Promise<TerraformPlan> {
  const { job, environment, granted, planFile } = planned
  const { token, onEvent } = context
  const { workspace, hidingKey, previous } = await context.reserve()
  const clear = await showPlan(planned, context)
  const again =
    previous === null ? null : await hideUnder(previous.hidingKey, { clear, planned, workspace })
  const continues = previous !== null && again?.facts.binding.fingerprint === previous.fingerprint
  const hidden =
    continues && again !== null ? again : await hideUnder(hidingKey, { clear, planned, workspace })
  const { plan, facts } = hidden
  const warnings = [...facts.warnings, ...plan.warnings, ...lockWarnings(plan, facts)]
  for (const text of warnings) onEvent({ type: 'warning', text })
  onEvent({ type: 'planned', plan })
  const sources = { environment: environment.env, arguments: job.arguments, token, plan: clear }
  const redactText = redactorOf(secretTexts(sources), job.patterns)
  const evidence = {
    plan: canonicalText(encodePlan(plan)),
    source: canonicalText(sourceDocument(facts.source)),
    inputs: canonicalText(inputDocument(facts.inputs)),
  }
  const from = continues ? previous.change : null
  const { close } = planFile
  const kept = { job, environment, granted, planFile }
  return { ...kept, ...hidden, evidence, redactText, continues: from, close }
}

interface Clear {
  readonly clear: Plan
  readonly planned: Planned
  readonly workspace: WorkspaceId
}

/** The plan with its hidden values under one key, and the facts that go with it. */
async function hideUnder(key: Uint8Array, { clear, planned, workspace }: Clear) {
  const { job, environment, granted, planFile } = planned
  const hide: Hide = keyedHide(key, nodePrimitives)
  const plan = redact(clear, hide, job.patterns)
  const planDigest = digestPlan(plan, nodePrimitives).plan
  const { variables, providers } = clear
  const factsRequest: FactsRequest = {
    ...{ job, workspace, hide, planFile, planDigest, environment, granted },
    plan: { variables, providers },
  }
  return { plan, facts: await computeFacts(factsRequest), factsRequest }
}

/** The lock file is what binds provider programs: the tool refuses one that does not match it. */
function lockWarnings(plan: Plan, facts: Facts): readonly string[] {
  const installed = plan.providers.some(({ fullName }) => !fullName.includes('/builtin/'))
  const isLock = (path: string) => !path.startsWith('plan:') && path.endsWith('.terraform.lock.hcl')
  if (!installed || facts.source.files.some(({ path }) => isLock(path))) return []
  return ['There is no .terraform.lock.hcl here: nothing binds the provider programs']
}

/** In clear: what this returns is redacted before anything else sees it. */
async function showPlan(planned: Planned, context: PrepareContext): Promise<Plan> {
  const { job, environment, planFile } = planned
  const { interrupts, token } = context
  const { program, kind } = job.tool
  const args = ['show', '-json', planFile.path]
  const call = { program, args, cwd: job.rootModule, env: environment.env, planFile }
  const child = callTool(call, PLAN_BYTES_MAX)
  const ended = await interrupts.during(child, child.ended)
  const sources = { environment: environment.env, arguments: job.arguments, token, plan: null }
  if (ended.exitCode !== 0)
    throw new ToolFailed('show the plan', ended, redactorOf(secretTexts(sources), job.patterns))
  const parsed = readPlan(ended.stdout, nodePrimitives, kind)
  if (!parsed.ok) throw new Fault('plan_unreadable', parsed.refusal.message)
  return parsed.plan
}
