/**
 * What entries only point at comes back from an export with them: evidence by its hash, typed texts
 * and profiles with their salts. Nothing here can replace what is whole, and what was erased since
 * stays erased.
 */
import {
  type Bundle,
  type Digest,
  decodeBase64,
  type Entry,
  type PersonId,
  referencedEvidence,
} from '@holdpoint/core'
import { Fault } from './io/fault.ts'
import { type EvidenceKey, findEvidence, putEvidence, removeEvidence } from './store/evidence.ts'
import type { Tx } from './store/tables.ts'
import { profileOf } from './views-names.ts'

export interface ImportedContent {
  /** Documents and texts that were not here, or not whole, before. */
  readonly documents: number
  readonly texts: number
  /** Documents that entries name and that are neither here nor in the export. */
  readonly missing: number
}

/** `bundle` has been verified: every hash in it is that of its content. */
export async function importContent(
  tx: Tx,
  bundle: Bundle,
  entries: readonly Entry[],
): Promise<ImportedContent> {
  let documents = 0
  for (const { workspace, digest, data } of bundle.evidence) {
    const key = { workspace, digest }
    if (await isWhole(tx, key)) continue
    await removeEvidence(tx, key)
    const workspaceBytesMax = Number.MAX_SAFE_INTEGER
    await putEvidence(tx, { ...key, bytes: bytesOf(data), workspaceBytesMax })
    documents += 1
  }
  const texts = await importTexts(tx, bundle, entries)
  return { documents, texts, missing: await countMissing(tx, entries) }
}

async function isWhole(tx: Tx, key: EvidenceKey): Promise<boolean> {
  try {
    return (await findEvidence(tx, key)) !== null
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'database_failed') return false
    throw cause
  }
}

async function importTexts(tx: Tx, bundle: Bundle, entries: readonly Entry[]): Promise<number> {
  const owners = profileOwners(entries)
  let count = 0
  for (const each of bundle.texts) {
    const text = { digest: each.digest, salt: bytesOf(each.salt), bytes: utf8(each.text) }
    const person = owners.get(each.digest)
    const isNew =
      person === undefined ? await putText(tx, text) : await putProfile(tx, text, person)
    if (isNew) count += 1
  }
  return count
}

function profileOwners(entries: readonly Entry[]): ReadonlyMap<Digest, PersonId> {
  const owners = new Map<Digest, PersonId>()
  for (const { event } of entries)
    if (event.type === 'person_added') owners.set(event.profile, event.person)
  return owners
}

interface Text {
  readonly digest: Digest
  readonly salt: Uint8Array
  readonly bytes: Uint8Array
}

/** A row that is there stays: an erased one says that it was erased. */
async function putText(tx: Tx, { digest, salt, bytes }: Text): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('text')
    .values({ digest, salt, text: bytes })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

async function putProfile(tx: Tx, text: Text, person: PersonId): Promise<boolean> {
  const { digest, salt, bytes } = text
  const handle = profileOf(bytes)?.handle ?? null
  if (handle === null) return false
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('person_profile')
    .values({ person, digest, salt, handle, profile: bytes })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

async function countMissing(tx: Tx, entries: readonly Entry[]): Promise<number> {
  const rows = await tx.selectFrom('evidence').select(['workspace', 'digest']).execute()
  const there = new Set(rows.map(({ workspace, digest }) => `${workspace} ${digest}`))
  return [...referencedEvidence(entries)].filter((each) => !there.has(each)).length
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

export function bytesOf(base64: string): Uint8Array {
  const bytes = decodeBase64(base64)
  if (bytes === null) throw new Fault('recovery_failed', 'the export holds damaged base64')
  return bytes
}
