/**
 * Evidence: plans, manifests, findings, by content hash and per workspace, so that knowing a digest
 * gives nothing away elsewhere. What is stored under a digest has been hashed here, and what is read
 * is hashed again: a policy or plan edited in the database must not be evaluated.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { type Digest, hex, parseDigest, type WorkspaceId } from '@holdpoint/core'
import { sql } from 'kysely'
import { Fault, invariant } from '../io/fault.ts'
import { databaseNow } from './db.ts'
import type { Tx } from './tables.ts'

/** The largest plan there may be (DESIGN §9). */
export const EVIDENCE_BYTES_MAX = 512 * 1024 * 1024
/** What one workspace may keep, unless told otherwise. */
export const WORKSPACE_BYTES_MAX = 20 * 1024 * 1024 * 1024
const PART_BYTES = 4 * 1024 * 1024

export type EvidencePlace = WorkspaceId | 'policy' | 'access'

export interface EvidenceKey {
  readonly workspace: EvidencePlace
  readonly digest: Digest
}

export interface NewEvidence {
  readonly workspace: EvidencePlace
  readonly bytes: Uint8Array
  /** What the sender says it hashes to; held against the bytes. */
  readonly digest?: Digest
  /** `WORKSPACE_BYTES_MAX` unless given. */
  readonly workspaceBytesMax?: number
}

/**
 * Keeps the bytes and gives their digest; the same again changes nothing. Faults: `too_large`,
 * `wrong_digest`, `quota_exceeded`.
 */
export async function putEvidence(tx: Tx, evidence: NewEvidence): Promise<Digest> {
  const { workspace, bytes } = evidence
  if (bytes.length > EVIDENCE_BYTES_MAX)
    throw new Fault(
      'too_large',
      `evidence is at most ${EVIDENCE_BYTES_MAX} bytes, this is ${bytes.length}`,
    )
  const digest = digestOf(bytes)
  if (evidence.digest !== undefined && evidence.digest !== digest)
    throw new Fault('wrong_digest', `what was sent does not hash to ${evidence.digest}`)
  if (await hasEvidence(tx, { workspace, digest })) return digest
  if (tx.isTransaction) await insertWhole(tx, evidence, digest)
  else await tx.transaction().execute(async (inner) => await insertWhole(inner, evidence, digest))
  return digest
}

async function insertWhole(tx: Tx, evidence: NewEvidence, digest: Digest): Promise<void> {
  const { workspace, bytes } = evidence
  await requireRoom(tx, evidence)
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('evidence')
    .values({ workspace, digest, size: bytes.length, added_at: await databaseNow(tx) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) return
  for (let part = 0; part * PART_BYTES < bytes.length; part += 1) {
    const piece = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
    await tx
      .insertInto('evidence_chunk')
      .values({ workspace, digest, part, bytes: piece })
      .execute()
  }
}

function digestOf(bytes: Uint8Array): Digest {
  const digest = parseDigest(hex(nodePrimitives.sha256(bytes)))
  invariant(digest !== null, 'SHA-256 gives 64 hex digits')
  return digest
}

async function requireRoom(tx: Tx, evidence: NewEvidence): Promise<void> {
  const max = evidence.workspaceBytesMax ?? WORKSPACE_BYTES_MAX
  const used = await tx
    .selectFrom('evidence')
    .select(sql<number>`coalesce(sum(size), 0)::bigint`.as('bytes'))
    .where('workspace', '=', evidence.workspace)
    .executeTakeFirstOrThrow()
  if (used.bytes + evidence.bytes.length > max)
    throw new Fault(
      'quota_exceeded',
      `the workspace holds ${used.bytes} of ${max} bytes of evidence; there is no room for more`,
    )
}

/** For recovery only, which puts the whole document into the place of a damaged one. */
export async function removeEvidence(tx: Tx, { workspace, digest }: EvidenceKey): Promise<void> {
  for (const table of ['evidence_chunk', 'evidence'] as const)
    await tx
      .deleteFrom(table)
      .where('workspace', '=', workspace)
      .where('digest', '=', digest)
      .execute()
}

/** The bytes, or `null` where this workspace has none that hash to it: others are not evidence. */
export async function findEvidence(tx: Tx, key: EvidenceKey): Promise<Uint8Array | null> {
  const found = await tx
    .selectFrom('evidence')
    .select('size')
    .where('workspace', '=', key.workspace)
    .where('digest', '=', key.digest)
    .executeTakeFirst()
  if (found === undefined) return null
  const bytes = new Uint8Array(found.size)
  for (let part = 0; part * PART_BYTES < found.size; part += 1)
    bytes.set(await readPart(tx, key, part), part * PART_BYTES)
  return digestOf(bytes) === key.digest ? bytes : null
}

async function readPart(tx: Tx, key: EvidenceKey, part: number): Promise<Uint8Array> {
  const row = await tx
    .selectFrom('evidence_chunk')
    .select('bytes')
    .where('workspace', '=', key.workspace)
    .where('digest', '=', key.digest)
    .where('part', '=', part)
    .executeTakeFirst()
  if (row === undefined)
    throw new Fault('database_failed', `part ${part} of evidence ${key.digest} is gone`)
  return row.bytes
}

export async function hasEvidence(tx: Tx, key: EvidenceKey): Promise<boolean> {
  const row = await tx
    .selectFrom('evidence')
    .select('digest')
    .where('workspace', '=', key.workspace)
    .where('digest', '=', key.digest)
    .executeTakeFirst()
  return row !== undefined
}
