/**
 * A runner's request carries a signature over its canonical statement, made with the key that
 * opened the change: another holder of the workspace's token cannot speak for it.
 */
import { nodePrimitives, verifyEd25519 } from '@holdpoint/api/node'
import {
  type ChangeId,
  decodeBase64,
  type Json,
  type RunnerAction,
  runnerStatement,
} from '@holdpoint/core'

export interface SignedRequest {
  readonly action: RunnerAction
  readonly change: ChangeId
  readonly body: Json
  /** Base64. */
  readonly signature: string
}

export function isSignedBy(publicKey: string, request: SignedRequest): boolean {
  const { action, change, body } = request
  const key = decodeBase64(publicKey)
  const signature = decodeBase64(request.signature)
  if (key === null || signature === null) return false
  const message = nodePrimitives.utf8(runnerStatement({ action, change, body }))
  return verifyEd25519({ publicKey: key, message, signature })
}
