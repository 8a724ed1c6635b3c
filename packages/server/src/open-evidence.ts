/**
 * Holds what was uploaded against what the change claims: the plan document must give the plan's
 * digest, both manifests theirs, and all parts together the fingerprint. People approve what is
 * here, so nothing that does not fit is opened.
 */

import type { inputs } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  decodePlan,
  digestOf,
  digestPlan,
  fingerprintOf,
  inputDocument,
  NotCanonical,
  openJson,
  type Plan,
  parseDigest,
  type Refusal,
  sourceDocument,
  type WorkspaceId,
} from '@holdpoint/core'
import { z } from 'zod'
import type { Database } from './store/db.ts'
import { findEvidence } from './store/evidence.ts'

type OpenBody = z.output<typeof inputs.Open>

const DigestText = z.string().transform((text, context) => {
  const digest = parseDigest(text)
  if (digest !== null) return digest
  context.addIssue({ code: 'custom', message: 'must be a digest' })
  return z.NEVER
})

const SourceManifest = z.strictObject({
  v: z.literal(1),
  files: z.array(z.strictObject({ path: z.string(), executable: z.boolean(), sha256: DigestText })),
})
const InputManifest = z.strictObject({
  v: z.literal(1),
  inputs: z.array(
    z.strictObject({
      kind: z.enum(['variable', 'environment']),
      name: z.string(),
      token: z.string(),
    }),
  ),
})

/** `null` when everything fits together. */
export async function evidenceProblem(
  database: Database,
  workspace: WorkspaceId,
  body: OpenBody,
): Promise<Refusal | null> {
  const { planEvidence, sourceEvidence, inputsEvidence, binding } = body
  const load = (digest: OpenBody['planEvidence']) =>
    findEvidence(database.kysely, { workspace, digest })
  const [plan, source, inputs] = [
    await load(planEvidence),
    await load(sourceEvidence),
    await load(inputsEvidence),
  ]
  if (plan === null || source === null || inputs === null)
    return { code: 'invalid_input', problems: ['the plan and both manifests are uploaded first'] }
  try {
    if (!planFits(plan, body)) return differs('plan')
    // What the log names is the manifest itself: its bytes are the text its digest is of.
    if (sourceEvidence !== binding.source || !sourceFits(source, body)) return differs('source')
    if (inputsEvidence !== binding.inputs || !inputsFit(inputs, body)) return differs('inputs')
    return fingerprintFits(workspace, body) ? null : differs('fingerprint')
  } catch (error) {
    if (error instanceof NotCanonical) return differs('plan')
    throw error
  }
}

function differs(part: string): Refusal {
  return { code: 'evidence_differs', part }
}

function planFits(bytes: Uint8Array, body: OpenBody): boolean {
  const plan = readStoredPlan(bytes)
  if (plan === null || plan.tool !== body.tool) return false
  return digestPlan(plan, nodePrimitives).plan === body.binding.plan
}

/** Duplicate keys and bottomless nesting are refused before anything is read. */
function readStoredPlan(bytes: Uint8Array): Plan | null {
  if (!openJson(bytes, nodePrimitives).ok) return null
  const decoded = decodePlan(JSON.parse(nodePrimitives.text(bytes)))
  return decoded.ok ? decoded.plan : null
}

function sourceFits(bytes: Uint8Array, { binding }: OpenBody): boolean {
  const read = SourceManifest.safeParse(readJsonText(bytes))
  return read.success && digestOf(sourceDocument(read.data), nodePrimitives) === binding.source
}

function inputsFit(bytes: Uint8Array, { binding }: OpenBody): boolean {
  const read = InputManifest.safeParse(readJsonText(bytes))
  return read.success && digestOf(inputDocument(read.data), nodePrimitives) === binding.inputs
}

function readJsonText(bytes: Uint8Array): unknown {
  return openJson(bytes, nodePrimitives).ok ? JSON.parse(nodePrimitives.text(bytes)) : null
}

function fingerprintFits(workspace: WorkspaceId, body: OpenBody): boolean {
  const { tool, target, flags, binding } = body
  const { plan, source, inputs } = binding
  const parts = { tool, workspace, target, plan, source, inputs, flags }
  return fingerprintOf(parts, nodePrimitives) === binding.fingerprint
}
