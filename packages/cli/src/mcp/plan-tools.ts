/** Tools that need no server: what a plan would do, and what a policy says of it. */
import { realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { agentInputs } from '@holdpoint/api'
import { type Action, evaluatePolicy } from '@holdpoint/core'
import { badInput, usage } from '../commands/ended.ts'
import { instantOf, offlineFacts } from '../commands/evaluate.ts'
import { hidingOf } from '../commands/hiding.ts'
import { type InspectedRow, inspectRows, offlinePlanOf } from '../commands/offline-plan.ts'
import { readPolicyFile } from '../commands/policy-file.ts'
import { readInput } from '../commands/read-input.ts'
import { agentTool } from './tool.ts'

export const inspectPlan = agentTool({
  name: 'inspect_plan',
  title: 'Inspect a plan',
  says:
    'Says what a Terraform, OpenTofu, CloudFormation or Pulumi plan would do: counts, resources, ' +
    'digest, warnings. Secrets are hidden. Needs no server and changes nothing.',
  input: agentInputs.InspectPlan,
  routes: [],
  writes: false,
  run: async (args, { call }) => {
    const patterns = await hidingOf(call.flags)
    const kept = new DangerFirst()
    const about = inspectRows(await planBytes(args), patterns, (row) => kept.add(row))
    return { ...about, ...kept.document() }
  },
})

export const evaluatePlan = agentTool({
  name: 'evaluate_plan',
  title: 'Evaluate a plan against a policy file',
  says:
    'Holds a plan against a policy on this machine: verdict, findings, requirement. It tells what ' +
    'the rules would say; it releases nothing. Facts that only a server knows are unknown.',
  input: agentInputs.EvaluatePlan,
  routes: [],
  writes: false,
  run: async (args, { call }) => {
    const now = instantOf(args.at ?? null)
    const facts = offlineFacts(call.settings.workspace, args.labels ?? null)
    const policy = await readPolicyFile(await inFolder(args.policy_file))
    const offline = offlinePlanOf(await planBytes(args), await hidingOf(call.flags))
    const evaluated = evaluatePolicy({ plan: offline.plan, facts, policy, now })
    const { verdict, allowedBy, requirement, findings, trace } = evaluated
    const { summary, digest } = offline
    return { verdict, allowedBy, requirement, summary, digest, findings, trace }
  },
})

interface GivenPlan {
  readonly plan_file?: string
  readonly plan_text?: string
}

async function planBytes(given: GivenPlan): Promise<Uint8Array> {
  if (given.plan_text !== undefined && given.plan_file !== undefined)
    throw usage('Give either plan_file or plan_text')
  if (given.plan_text !== undefined) return new TextEncoder().encode(given.plan_text)
  if (given.plan_file !== undefined) return await readInput(await inFolder(given.plan_file))
  throw usage('Give plan_file or plan_text')
}

/** An agent reads the folder it works in, and no file beside it by way of an error message. */
async function inFolder(file: string): Promise<string> {
  const shown = JSON.stringify(file)
  const folder = await realpath(process.cwd())
  const path = await realpath(resolve(folder, file)).catch(() => null)
  if (path === null) throw badInput(`${shown} cannot be read: there is no such file`)
  if (!path.startsWith(`${folder}${sep}`))
    throw badInput(`${shown} is not below the folder that holdpoint mcp runs in`)
  if (!(await stat(path)).isFile()) throw badInput(`${shown} is no file`)
  return path
}

const ORDER: readonly Action[] = [
  'delete',
  'replace',
  'forget',
  'unknown',
  'update',
  'import',
  'move',
  'create',
  'read',
  'noop',
]
/** What destroys stands first, so that it is never what is cut. */
class DangerFirst {
  readonly #rows = new Map<Action, InspectedRow[]>()

  add(row: InspectedRow): void {
    const rows = this.#rows.get(row.action) ?? []
    rows.push(row)
    this.#rows.set(row.action, rows)
  }

  document(): object {
    const resources = ORDER.flatMap((action) => this.#rows.get(action) ?? [])
    return { resourceCount: resources.length, resources }
  }
}
