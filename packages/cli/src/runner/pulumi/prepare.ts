/**
 * Previews with a saved plan, kills what that left running, keeps a private copy of the plan and
 * computes everything that the change is bound to. The preview that people read is the one that wrote
 * the plan.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { digestPlan, type Hide, type Plan, readPlan, redact as redactPlan } from '@holdpoint/core'
import { Fault } from '../../io/fault.ts'
import type { Granted } from '../broker/granted.ts'
import { standingWarning } from '../broker/standing.ts'
import { hideUnder } from '../hide-under.ts'
import { type RedactText, redactorOf } from '../output-redaction.ts'
import { newPlanFile, type PlanFile, sealCopy } from '../plan-file.ts'
import { NothingToDo, type PrepareContext, type Prepared, ToolFailed } from '../tool.ts'
import { callPulumi } from './call.ts'
import { pulumiEnvironment } from './environment.ts'
import { type Asked, factsOf, lookAround, type Now } from './facts.ts'
import type { PulumiJob } from './job.ts'

export interface PulumiPlan extends Prepared {
  readonly job: PulumiJob
  readonly planFile: PlanFile
  readonly redactText: RedactText
  readonly granted: Granted | null
  /** The facts as they are now, under the same key. */
  readonly factsNow: () => Promise<Prepared['facts']>
}

export async function prepare(job: PulumiJob, context: PrepareContext): Promise<PulumiPlan> {
  const { secrets } = pulumiEnvironment(job.readEnvironment())
  const token = context.token === null ? [] : [context.token]
  const redactText = redactorOf([...secrets, ...token], job.patterns)
  context.onEvent({ type: 'planning', program: job.program })
  const granted = await context.granted()
  const standing = standingWarning(granted?.standing ?? [])
  if (standing !== null) context.onEvent({ type: 'warning', text: standing })
  const { planFile, clear } = await preview(job, { context, granted, redactText })
  try {
    if (changesNothing(clear)) throw new NothingToDo()
    return await describe({ job, planFile, clear, redactText, granted }, context)
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

interface WithPlanBroker<T> {
  readonly granted: Granted | null
  readonly redactText: RedactText
  readonly use: (asking: Omit<Asked, 'job'>) => Promise<T>
}

/** The broker of the plan is closed before anything else happens: nothing of it lives on. */
async function withPlanBroker<T>({ granted, redactText, use }: WithPlanBroker<T>): Promise<T> {
  if (granted === null) return await use({ granted: null, redact: redactText })
  const broker = await granted.openForPlan()
  try {
    const redact = (text: string) => redactText(broker.hide(text))
    return await use({ granted: { ...granted.env, ...broker.env }, redact })
  } finally {
    await broker.close()
  }
}

async function preview(
  job: PulumiJob,
  { context, ...around }: Omit<WithPlanBroker<unknown>, 'use'> & { context: PrepareContext },
) {
  return await withPlanBroker({
    ...around,
    use: (asking) => previewWith(job, { context, ...asking }),
  })
}

interface Previewing extends Omit<Asked, 'job'> {
  readonly context: PrepareContext
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
  readonly granted: Granted | null
}

async function describe(previewed: Previewed, context: PrepareContext): Promise<PulumiPlan> {
  const { job, planFile, clear, redactText, granted } = previewed
  const { workspace, hidingKey, previous } = await context.reserve()
  const use = (asking: Omit<Asked, 'job'>) => lookAround(job, planFile, asking)
  const look = () => withPlanBroker({ granted, redactText, use })
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
  return { job, planFile, redactText, granted, ...hidden, factsNow, close: planFile.close }
}
