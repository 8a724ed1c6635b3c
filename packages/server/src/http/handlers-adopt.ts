/**
 * Going on with a change after planning again: the same person, the same plan, a new run. Behind a
 * token stand many, so what a token opened is never handed to another of its runs.
 */
import { type Actor, encodeBase64, isOwnRequest, refOf, type WorkspaceId } from '@holdpoint/core'
import type { Services } from '../services.ts'
import { EVERY_CHANGE } from '../views-queries.ts'
import { seenChange } from './asked.ts'
import { type Ask, type Handlers, refused } from './handler.ts'
import { passCommand } from './handlers-people.ts'
import { isSignedBy } from './signature.ts'

/** More than anybody may have open in a workspace. */
const OPEN_MAX = 100

/** The newest change that a plan of this actor could be equal to, with the key to compare under. */
export async function previousOf(actor: Actor, workspace: WorkspaceId, services: Services) {
  const records = await services.gate.changes({
    ...EVERY_CHANGE,
    sight: [workspace],
    statuses: ['held', 'released'],
    limit: OPEN_MAX,
  })
  const own = records.find(({ change }) => isOwnRequest(change, refOf(actor)))
  if (own === undefined) return null
  const { changeId, binding } = own.change
  return {
    change: changeId,
    fingerprint: binding.fingerprint,
    hidingKey: encodeBase64(services.hidingKey(workspace, changeId)),
  }
}

/** Signed by the key it carries: from now on that key speaks for the change. */
export async function adopt(
  { actor, params, body }: Ask<'adopt'>,
  services: Services,
): ReturnType<Handlers['adopt']> {
  const { change } = params
  const seen = await seenChange(actor, change, services)
  if (!seen.ok) return seen
  const signed = { action: 'adopt', change, ...body } as const
  if (!isSignedBy(body.body.runnerKey, signed)) return refused({ code: 'other_runner' })
  const command = { type: 'adopt', ...body.body } as const
  return passCommand({ actor, change, command }, services)
}
