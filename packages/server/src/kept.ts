/** Keeps evidence and typed texts before the entry that names them, and gives their digests. */
import { nodePrimitives } from '@holdpoint/api/node'
import type { Digest } from '@holdpoint/core'
import { randomSalt } from './io/random-ids.ts'
import type { Database } from './store/db.ts'
import { type EvidencePlace, putEvidence } from './store/evidence.ts'
import { addText } from './store/texts.ts'

export interface Kept {
  readonly workspace: EvidencePlace
  readonly text: string
}

export async function keepEvidence(database: Database, kept: Kept): Promise<Digest> {
  const bytes = nodePrimitives.utf8(kept.text)
  return putEvidence(database.kysely, { workspace: kept.workspace, bytes })
}

/** The salted digest of what a person typed; nothing typed is `null`. */
export async function keepText(database: Database, text: string | null): Promise<Digest | null> {
  if (text === null || text.trim() === '') return null
  return addText(database.kysely, { text, salt: randomSalt() })
}
