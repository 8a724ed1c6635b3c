/**
 * A change with its plan, and whether what is shown is what would be approved: the fingerprint is
 * computed here, from the plan that is printed, and never taken from the server's word.
 */
import { type Client, problemOf, type Reply } from '@holdpoint/api/client'
import { nodePrimitives } from '@holdpoint/api/node'
import { type ChangeId, decodePlan, digestPlan, fingerprintOf, type Plan } from '@holdpoint/core'
import { explain, take } from './connection.ts'
import { Ended, EXIT, fault } from './ended.ts'

export interface LoadedChange {
  readonly view: Reply<'change'>
  readonly plan: Plan
  /** Plan, target, source, inputs and flags as shown give the fingerprint that is asked about. */
  readonly checked: boolean
}

export async function loadChange(client: Client, change: ChangeId): Promise<LoadedChange> {
  const view = take(await client.call('change', { params: { change } }))
  const plan = await loadPlan(client, change)
  return { view, plan, checked: fits(view, plan) }
}

async function loadPlan(client: Client, change: ChangeId): Promise<Plan> {
  const response = await client.raw('plan', { params: { change } })
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => null)
    const problem = problemOf(body, response.status)
    throw new Ended(problem.code === 'fault' ? EXIT.fault : EXIT.refused, explain(problem))
  }
  const decoded = decodePlan(await readDocument(response))
  if (decoded.ok) return decoded.plan
  throw fault(
    'The plan that the server sent cannot be read',
    'Nothing was decided. Use a holdpoint of the server’s version, and tell the operator.',
  )
}

async function readDocument(response: Response) {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw fault('The plan that the server sent is not JSON', 'Try again; nothing was done.', cause)
  }
}

function fits(view: Reply<'change'>, plan: Plan): boolean {
  const fingerprint = fingerprintOf(
    {
      tool: view.tool,
      workspace: view.workspace.id,
      target: view.target,
      plan: digestPlan(plan, nodePrimitives).plan,
      source: view.binding.source,
      inputs: view.binding.inputs,
      flags: view.flags,
    },
    nodePrimitives,
  )
  return fingerprint === view.binding.fingerprint
}
