/** A runner's request about its change: it may execute, and its own key has signed what it asks. */
import type { Actor } from '@holdpoint/core'
import type { ChangeRecord } from '../ports.ts'
import type { Services } from '../services.ts'
import { problemOfAsking, seenChange } from './asked.ts'
import { done, type Result, refused } from './handler.ts'
import { isSignedBy, type SignedRequest } from './signature.ts'

export async function signedRecord(
  actor: Actor,
  request: SignedRequest,
  services: Services,
): Promise<Result<ChangeRecord>> {
  const seen = await seenChange(actor, request.change, services)
  if (!seen.ok) return seen
  const { change } = seen.value
  const asked = { action: 'execute_change', on: { workspace: change.workspace } } as const
  const problem = await problemOfAsking(actor, asked, services)
  if (problem !== null) return refused(problem)
  return isSignedBy(change.runner.publicKey, request)
    ? done(seen.value)
    : refused({ code: 'other_runner' })
}
