/**
 * Whether a change leaves an object behind that nobody manages afterwards, whatever it counts as.
 * Tools say it in words of their own, which are known here, beside the formats, and nowhere else.
 */
import type { ResourceChange } from '../plan.ts'

/** `forget` of Terraform, `ReplaceAndRetain` of CloudFormation. */
const WORDS: readonly string[] = ['forget', 'ReplaceAndRetain']

/** In `extra`: Pulumi's mark on a resource that is not deleted when it goes. */
const RETAINED = 'old.retainOnDelete'

export function leavesBehind(change: ResourceChange): boolean {
  if (change.actions.some((word) => WORDS.includes(word))) return true
  const goes = change.action === 'delete' || change.action === 'replace'
  return goes && (change.extra[RETAINED] ?? false) !== false
}
