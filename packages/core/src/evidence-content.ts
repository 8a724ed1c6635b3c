/**
 * What entries point at: evidence by content hash, texts by salted digest, and the fingerprint of
 * every change, which is recomputed from the log alone.
 */
import { decodeBase64 } from './base64.ts'
import { joinBytes } from './bytes.ts'
import { isDecided } from './change.ts'
import type { Entry } from './entry.ts'
import type { Bundle } from './evidence-bundle.ts'
import type { EvidenceFault } from './evidence-fault.ts'
import { planFault } from './evidence-plan.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Digest } from './ids.ts'
import { hex, type Primitives } from './primitives.ts'

export function contentFault(
  bundle: Bundle,
  entries: readonly Entry[],
  primitives: Primitives,
): EvidenceFault | null {
  return (
    fingerprintFault(entries, primitives) ??
    evidenceFault(bundle, entries, primitives) ??
    planFault(bundle, entries, primitives) ??
    textFault(bundle, entries, primitives)
  )
}

function fingerprintFault(entries: readonly Entry[], primitives: Primitives): EvidenceFault | null {
  for (const { seq, event } of entries) {
    if (event.type !== 'change_opened') continue
    const { tool, workspace, target, flags, binding } = event
    const parts = { tool, workspace, target, flags, ...binding }
    if (fingerprintOf(parts, primitives) !== binding.fingerprint)
      return { what: `entry ${seq}`, problem: 'its fingerprint is not that of its parts' }
  }
  return null
}

function evidenceFault(
  bundle: Bundle,
  entries: readonly Entry[],
  primitives: Primitives,
): EvidenceFault | null {
  const known = referencedEvidence(entries)
  const seen = new Set<string>()
  for (const { workspace, digest, data } of bundle.evidence) {
    const what = `evidence ${digest}`
    if (seen.has(`${workspace} ${digest}`)) return { what, problem: 'it is there twice' }
    seen.add(`${workspace} ${digest}`)
    const bytes = decodeBase64(data)
    if (bytes === null) return { what, problem: 'it is not base64' }
    if (hex(primitives.sha256(bytes)) !== digest)
      return { what, problem: 'its content does not have that hash' }
    if (!known.has(`${workspace} ${digest}`))
      return { what, problem: 'no entry of its workspace names it' }
  }
  return null
}

function textFault(
  bundle: Bundle,
  entries: readonly Entry[],
  primitives: Primitives,
): EvidenceFault | null {
  const known = referencedTexts(entries)
  const seen = new Set<Digest>()
  for (const { digest, salt, text } of bundle.texts) {
    const what = `text ${digest}`
    if (seen.has(digest)) return { what, problem: 'it is there twice' }
    seen.add(digest)
    const bytes = decodeBase64(salt)
    if (bytes === null) return { what, problem: 'its salt is not base64' }
    if (saltedDigest({ salt: bytes, text }, primitives) !== digest)
      return { what, problem: 'salt and text do not have that digest' }
    if (!known.has(digest)) return { what, problem: 'no entry names it' }
  }
  return null
}

/** SHA-256(salt ‖ text): with a random 128-bit salt it says nothing once the text is erased. */
export function saltedDigest(
  typed: { readonly salt: Uint8Array; readonly text: string },
  primitives: Primitives,
): string {
  return hex(primitives.sha256(joinBytes([typed.salt, primitives.utf8(typed.text)])))
}

/** `workspace digest` of all evidence that entries name. */
export function referencedEvidence(entries: readonly Entry[]): ReadonlySet<string> {
  const known = new Set<string>()
  const homes = new Map<string, string>()
  for (const { stream, event } of entries) {
    if (event.type === 'change_opened') {
      homes.set(stream, event.workspace)
      const { source, inputs } = event.binding
      for (const digest of [event.planDocument, source, inputs])
        known.add(`${event.workspace} ${digest}`)
    }
    const home = homes.get(stream) ?? 'policy'
    if (event.type === 'evaluated') known.add(`${home} ${event.findings}`)
    if (event.type === 'execution_refused' && event.names !== null)
      known.add(`${home} ${event.names}`)
    const proof = isDecided(event) ? (event.signed?.proof ?? null) : null
    if (proof !== null) known.add(`${home} ${proof}`)
    if (event.type === 'policy_pushed') known.add(`policy ${event.document}`)
    if (event.type === 'key_enrolled' && event.vouched !== null)
      known.add(`access ${event.vouched.proof}`)
  }
  return known
}

/** Digests of all typed texts and profiles that entries name. */
export function referencedTexts(entries: readonly Entry[]): ReadonlySet<Digest> {
  const known = new Set<Digest>()
  for (const { event } of entries) {
    if (event.type === 'change_opened') {
      if (event.words !== null) known.add(event.words)
      if (event.agentName !== undefined) known.add(event.agentName)
    }
    if (isDecided(event) && event.reason !== null) known.add(event.reason)
    if (event.type === 'outcome_resolved') known.add(event.reason)
    if (event.type === 'person_added') known.add(event.profile)
  }
  return known
}
