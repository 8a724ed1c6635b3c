/**
 * What people were shown is what they approved: the plan document of a change, read again from the
 * bundle, must give the plan digest that its fingerprint is made of.
 */
import { decodeBase64 } from './base64.ts'
import { NotCanonical } from './canonical.ts'
import type { Entry } from './entry.ts'
import type { Bundle } from './evidence-bundle.ts'
import type { EvidenceFault } from './evidence-fault.ts'
import type { Digest } from './ids.ts'
import { openJson } from './json.ts'
import { decodePlan } from './plan-codec.ts'
import { digestPlan } from './plan-digest.ts'
import type { Primitives } from './primitives.ts'

/** Looks only at documents that the bundle holds; their content hashes are checked elsewhere. */
export function planFault(
  bundle: Bundle,
  entries: readonly Entry[],
  primitives: Primitives,
): EvidenceFault | null {
  const held = new Map(bundle.evidence.map((each) => [`${each.workspace} ${each.digest}`, each]))
  for (const { seq, event } of entries) {
    if (event.type !== 'change_opened') continue
    const document = held.get(`${event.workspace} ${event.planDocument}`)
    if (document === undefined) continue
    if (planOf(document.data, primitives) !== event.binding.plan)
      return { what: `entry ${seq}`, problem: 'its plan document is not the plan it speaks of' }
  }
  return null
}

/** The digest of a stored plan, `null` when it cannot be read as one. */
function planOf(data: string, primitives: Primitives): Digest | null {
  const bytes = decodeBase64(data)
  if (bytes === null || !openJson(bytes, primitives).ok) return null
  const decoded = decodePlan(JSON.parse(primitives.text(bytes)))
  if (!decoded.ok) return null
  try {
    return digestPlan(decoded.plan, primitives).plan
  } catch (error) {
    if (error instanceof NotCanonical) return null
    throw error
  }
}
