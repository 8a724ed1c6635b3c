/**
 * The evidence bundle: all entries up to the newest checkpoint, and the evidence and texts they
 * name. With one change, the entries stay whole (or nothing could be verified) and only what
 * belongs to that change is added.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  BUNDLE_FORMAT,
  bundleEvidence,
  type ChangeId,
  type Digest,
  type Entry,
  encodeBase64,
  parseDigest,
  parseEntry,
  parseWorkspaceId,
  policyWithoutHidden,
  referencedEvidence,
  referencedTexts,
  writeBundle,
} from '@holdpoint/core'
import { digestOfHash } from './log-reads.ts'
import type { Services } from './services.ts'
import { findEvidence } from './store/evidence.ts'
import type { Tx } from './store/tables.ts'
import { leavesBetween, logSize, newestCheckpoint } from './views-queries.ts'

/** `null` when there is no such change, or no checkpoint yet. */
export async function exportBundle(
  services: Services,
  change: ChangeId | null,
): Promise<Uint8Array | null> {
  const { kysely } = services.database
  const size = await logSize(kysely)
  // What happened a moment ago belongs into the evidence too. While reads only nothing is signed.
  if (size > 0 && services.audit.watch.state() === 'ok')
    await services.audit.checkpointCovering(size - 1)
  const checkpoint = await newestCheckpoint(kysely)
  if (checkpoint === null) return null
  const leaves = await leavesBetween(kysely, { start: 0, end: checkpoint.size })
  const entries = leaves.map(({ seq, data }): Entry => {
    const parsed = parseEntry(data, nodePrimitives)
    if (!parsed.ok) throw new Error(`entry ${seq} cannot be read: ${parsed.problem}`)
    return parsed.entry
  })
  const named = change === null ? entries : entries.filter((entry) => entry.stream === change)
  if (named.length === 0) return null
  const bundle = {
    format: BUNDLE_FORMAT,
    v: 1,
    origin: services.audit.origin,
    verifierKey: services.audit.verifierKey,
    checkpoint: checkpoint.note,
    entries: leaves.map((leaf) => encodeBase64(leaf.data)),
    leafHashes: leaves.map((leaf) => digestOfHash(leaf.leafHash)),
    evidence: await evidenceOf(kysely, named),
    texts: await textsOf(kysely, referencedTexts(named)),
  } as const
  return writeBundle(bundle, nodePrimitives)
}

/** Whether any policy that was kept here has a hidden rule. */
export async function everHid(tx: Tx): Promise<boolean> {
  const workspace = 'policy'
  const kept = await tx
    .selectFrom('evidence')
    .select('digest')
    .where('workspace', '=', workspace)
    .execute()
  for (const { digest } of kept) {
    const bytes = await findEvidence(tx, { workspace, digest })
    const text = bytes === null ? '' : nodePrimitives.text(bytes)
    if (policyWithoutHidden(text) !== text) return true
  }
  return false
}

async function evidenceOf(tx: Tx, entries: readonly Entry[]) {
  const found = []
  for (const reference of referencedEvidence(entries)) {
    const [place = '', hash = ''] = reference.split(' ')
    const workspace = place === 'policy' || place === 'access' ? place : parseWorkspaceId(place)
    const digest = parseDigest(hash)
    if (workspace === null || digest === null) continue
    const bytes = await findEvidence(tx, { workspace, digest })
    if (bytes !== null) found.push(bundleEvidence({ workspace, digest }, bytes))
  }
  return found
}

/** Erased texts are left out: their digests say nothing any more. */
async function textsOf(tx: Tx, digests: ReadonlySet<Digest>) {
  if (digests.size === 0) return []
  const wanted = [...digests]
  const texts = await tx
    .selectFrom('text')
    .select(['digest', 'salt', 'text'])
    .where('digest', 'in', wanted)
    .execute()
  const profiles = await tx
    .selectFrom('person_profile')
    .select(['digest', 'salt', 'profile as text'])
    .where('digest', 'in', wanted)
    .execute()
  return [...texts, ...profiles].flatMap(({ digest, salt, text }) =>
    text === null || salt === null
      ? []
      : [{ digest, salt: encodeBase64(salt), text: nodePrimitives.text(text) }],
  )
}
