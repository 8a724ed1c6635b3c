/**
 * Previews with a saved plan, kills what that left running, keeps a private copy of the plan and
 * computes everything that the change is bound to. The preview that people read is the one that wrote
 * the plan.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { digestPlan, type Hide, type Plan, readPlan, redact as redactPlan } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { Fault } from '../../io/fault.ts'
import { hideUnder } from '../hide-under.ts'
import { type RedactText, redactorOf } from '../output-redaction.ts'
import { newPlanFile, type PlanFile, sealCopy } from '../plan-file.ts'
import { NothingToDo, type PrepareContext, type Prepared, ToolFailed } from '../tool.ts'
import { callPulumi } from './call.ts'
import { pulumiEnvironment } from './environment.ts'
import { factsOf, lookAround, type Now } from './facts.ts'
import type { PulumiJob } from './job.ts'

export interface PulumiPlan extends Prepared {
  readonly job: PulumiJob
  readonly planFile: PlanFile
  readonly redactText: RedactText
  /** The facts as they are now, under the same key. */
  readonly factsNow: () => Promise<Prepared['facts']>
}

export async function prepare(job: PulumiJob, context: PrepareContext): Promise<PulumiPlan> {
  const { secrets } = pulumiEnvironment(job.readEnvironment())
  const token = context.token === null ? [] : [context.token]
  const redactText = redactorOf([...secrets, ...token], job.patterns)
  context.onEvent({ type: 'planning', program: job.program })
  const { planFile, clear } = await preview(job, context, redactText)
  try {
    if (changesNothing(clear)) throw new NothingToDo()
    return await describe({ job, planFile, clear, redactText }, context)
  } catch (cause) {
    await planFile.close()
    throw cause
  }
}

/** The tool makes a plan of nothing as well, which could be followed: it is not worth anybody's time. */
function changesNothing(plan: Plan): boolean {
  const isNoop = (each: { readonly action: string }) => each.action === 'noop'
  const isWhole = !plan.errored && plan.complete !== false && plan.drift.length === 0
  return isWhole && plan.resources.every(isNoop) && plan.outputs.every(isNoop)
}

/** The broker of the plan is closed before anything else happens: nothing of it lives on. */
async function preview(job: PulumiJob, context: PrepareContext, redactText: RedactText) {
  const broker = (await (await context.granted())?.openForPlan()) ?? null
  try {
    const redact = (text: string) => redactText(broker?.hide(text) ?? text)
    return await previewWith(job, { context, granted: broker?.env ?? null, redact })
  } finally {
    await broker?.close()
  }
}

interface Previewing {
  readonly context: PrepareContext
  readonly granted: Environment | null
  readonly redact: RedactText
}

async function previewWith(job: PulumiJob, { context, granted, redact }: Previewing) {
  const written = await newPlanFile()
  try {
    const args = ['preview', '--json', `--save-plan=${written.path}`, ...job.arguments]
    const call = { args, planFile: written, onLine: null, killGroupAtEnd: true, granted }
    const child = callPulumi(job, call)
    context.reserve().catch(() => child.interruptOnce())
    const ended = await context.interrupts.during(child, child.ended)
    await context.reserve()
    if (ended.exitCode !== 0) throw new ToolFailed('preview', ended, redact)
    const parsed = readPlan(ended.stdout, nodePrimitives, 'pulumi')
    if (!parsed.ok) throw new Fault('plan_unreadable', parsed.refusal.message)
    return { clear: parsed.plan, planFile: await sealCopy(written.handle) }
  } finally {
    await written.close()
  }
}

interface Previewed {
  readonly job: PulumiJob
  readonly planFile: PlanFile
  readonly clear: Plan
  readonly redactText: RedactText
}

async function describe(previewed: Previewed, context: PrepareContext): Promise<PulumiPlan> {
  const { job, planFile, clear, redactText } = previewed
  const { workspace, hidingKey, previous } = await context.reserve()
  const look = () => lookAround(job, planFile, redactText)
  const planUnder = (hide: Hide, now: Now) => {
    const plan = redactPlan(clear, hide, job.patterns)
    const { plan: planDigest } = digestPlan(plan, nodePrimitives)
    return { plan, facts: factsOf(job, now, { hide, workspace, planDigest }) }
  }
  const first = await look()
  const { hide, ...hidden } = hideUnder({ hidingKey, previous }, (key) => planUnder(key, first))
  for (const text of hidden.plan.warnings) context.onEvent({ type: 'warning', text })
  context.onEvent({ type: 'planned', plan: hidden.plan })
  const factsNow = async () => planUnder(hide, await look()).facts
  return { job, planFile, redactText, ...hidden, factsNow, close: planFile.close }
}
