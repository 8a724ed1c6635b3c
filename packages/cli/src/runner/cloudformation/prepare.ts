/**
 * From a template or a change set to everything a change is opened with. The change set is made
 * here, which changes nothing but that it exists, and it is the plan: the very thing that is executed
 * later, by its ARN.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { digestPlan, redact } from '@holdpoint/core'
import { hideUnder } from '../hide-under.ts'
import { JobRefused, type PrepareContext, type Prepared, ToolFailed } from '../tool.ts'
import { factsOf, type Hiding } from './facts.ts'
import { type CloudformationJob, Secrets, serviceOf } from './job.ts'
import { type AwsKeys, plannedKeys } from './keys.ts'
import { type Look, lookAt } from './look.ts'
import { sameAndDifferent } from './made-again.ts'
import { type Making, makeChangeSet, untilMade } from './make.ts'
import type { SetName } from './service.ts'

export interface CloudformationPlan extends Prepared {
  readonly job: CloudformationJob
  readonly look: Look
  readonly secrets: Secrets
  /** For describing it again. */
  readonly planKeys: AwsKeys
  /** The facts as of another look, under the same key. */
  readonly factsOf: (look: Look) => Prepared['facts']
}

/** `earlier`: what was prepared before and cannot be executed any more. */
export async function prepare(
  job: CloudformationJob,
  context: PrepareContext,
  earlier: CloudformationPlan | null,
): Promise<CloudformationPlan> {
  const { interrupts, onEvent } = context
  const secrets = new Secrets(job)
  const planKeys = plannedKeys(await context.granted(), job.planKeys)
  const service = serviceOf(job, planKeys, secrets)
  const { pollMs } = job
  onEvent({ type: 'planning', program: 'CloudFormation' })
  const making = { service, secrets, interrupts, pollMs }
  const [name] = await Promise.all([changeSetOf(job, making), context.reserve()])
  const look = await lookAt(service, name)
  await refuseUnusable(look, making)
  refuseWithoutRole(job, look)
  const plan = { ...(await describe({ job, look, secrets }, context)), planKeys }
  if (earlier !== null) onEvent({ type: 'made_again', ...sameAndDifferent(earlier.look, look) })
  tell(plan, context)
  return plan
}

async function changeSetOf({ wanted }: CloudformationJob, making: Making): Promise<SetName> {
  if (wanted.type === 'deploy') return await makeChangeSet(wanted, making)
  const name = { changeSet: wanted.changeSet, stack: null }
  await untilMade(name, making)
  return name
}

/** An empty one is no failure: the run ends with nothing to do. It is not left lying about. */
async function refuseUnusable(look: Look, { service }: Making): Promise<void> {
  const { clear, described, execution } = look
  const { Status: status, StatusReason: reason = 'no reason was given' } =
    described.sets[0]?.fields ?? {}
  if (status === 'FAILED') {
    await service.remove(described.name).catch(ignoreRefusal)
    if (!clear.errored) return
    const said = { exitCode: null, stderr: Buffer.from(`${status}: ${reason}`) }
    throw new ToolFailed('make the change set', said, String)
  }
  if (execution !== 'AVAILABLE')
    throw new JobRefused(`The change set cannot be executed: it is ${execution}; make a new one`)
}

function ignoreRefusal(cause: unknown): void {
  if (!(cause instanceof ToolFailed)) throw cause
}

/** Whoever may create a change set may name a role; without one it acts as whoever executes it. */
function refuseWithoutRole(job: CloudformationJob, look: Look): void {
  if (roleOf(job, look) !== null || job.acceptsNoRole || look.clear.applyable === false) return
  throw new JobRefused(
    'The stack has no service role, so CloudFormation would act as whoever executes the change ' +
      'set. Attach one with --role-arn; it stays with the stack. Or say --without-role',
  )
}

/** The service does not say which role a change set was made with; it says which the stack has. */
export function roleOf({ wanted }: CloudformationJob, { stack }: Look): string | null {
  return (wanted.type === 'deploy' ? wanted.roleArn : null) ?? stack.role
}

interface Looked {
  readonly job: CloudformationJob
  readonly look: Look
  readonly secrets: Secrets
}

async function describe(
  looked: Looked,
  context: PrepareContext,
): Promise<Omit<CloudformationPlan, 'planKeys'>> {
  const { job, secrets } = looked
  const { workspace, hidingKey, previous } = await context.reserve()
  const factsWith = (look: Look, hiding: Hiding) => {
    const where = { job, workspace, role: roleOf(job, look), isNew: look.stack.isNew }
    return factsOf(look.described, where, hiding)
  }
  const planUnder = (look: Look, hide: Hiding['hide']) => {
    const plan = redact(look.clear, hide, job.patterns)
    const { plan: planDigest } = digestPlan(plan, nodePrimitives)
    return { plan, facts: factsWith(look, { hide, planDigest }) }
  }
  const { hide, ...hidden } = hideUnder({ hidingKey, previous }, (key) =>
    planUnder(looked.look, key),
  )
  const now = (look: Look) => planUnder(look, hide).facts
  return { job, look: looked.look, secrets, ...hidden, factsOf: now, close: async () => undefined }
}

function tell({ plan, job, look, facts }: CloudformationPlan, { onEvent }: PrepareContext): void {
  for (const text of plan.warnings) onEvent({ type: 'warning', text })
  if (job.wanted.type === 'given') onEvent({ type: 'warning', text: STACKS_ROLE })
  onEvent({ type: 'planned', plan })
  const role = facts.target.backend.settings['acts-as'] ?? null
  onEvent({ type: 'acts_as', role })
  onEvent({ type: 'goes_on_with', command: `cfn execute ${look.described.name.changeSet}` })
}

const STACKS_ROLE =
  'CloudFormation does not say which service role a change set was made with; what is shown is the ' +
  'role of the stack'
