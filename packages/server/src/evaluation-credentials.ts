/**
 * What a change would be granted, beside its verdict: asked of the child, which reads the plan, and
 * frozen. As long as the connections lead where they led, the document that was shown stays the one
 * that is shown, granted and signed, whatever a newer table of actions would give (threat B4).
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Change,
  connectionsOf,
  type Digest,
  isCurrentScope,
  parseScope,
} from '@holdpoint/core'
import type { CredentialFindings, CredentialJob } from './evaluation-process.ts'
import { keepEvidence } from './kept.ts'
import type { Gate } from './ports.ts'
import type { Database } from './store/db.ts'
import { findEvidence } from './store/evidence.ts'

export const NO_CREDENTIALS: CredentialFindings = { scope: null, gaps: [], own: [] }

export async function credentialJob(
  change: Change,
  { gate, database }: { readonly gate: Gate; readonly database: Database },
): Promise<CredentialJob | null> {
  const { workspace, target, runner } = change
  const connections = connectionsOf((await gate.access()).connections, workspace)
  if (connections.length === 0) return null
  const digest = change.evaluation?.scope
  const bytes =
    digest === undefined ? null : await findEvidence(database.kysely, { workspace, digest })
  const text = bytes === null ? null : nodePrimitives.text(bytes)
  const scope = text === null ? null : parseScope(text)
  const isCurrent = scope !== null && isCurrentScope(scope, connections)
  return { connections, target, trust: runner.trust, frozen: isCurrent ? text : null }
}

/** Kept before the entry that names it. */
export async function keepScope(
  { workspace }: Change,
  scope: string | null,
  database: Database,
): Promise<{ readonly scope?: Digest }> {
  if (scope === null) return {}
  return { scope: await keepEvidence(database, { workspace, text: scope }) }
}
