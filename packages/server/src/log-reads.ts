/**
 * The log as others read it: tiles and proofs computed from leaf hashes, up to the newest signed
 * checkpoint and never beyond it, because what is not signed is not yet the log.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Digest,
  formatEntryBundle,
  formatTlogProof,
  hex,
  inclusionProof,
  leavesOf,
  parseDigest,
  parseTilePath,
  tileBytes,
  treeRoot,
} from '@holdpoint/core'
import { Bug } from './io/fault.ts'
import type { Tx } from './store/tables.ts'
import { leafHashesBetween, leavesBetween, newestCheckpoint } from './views-queries.ts'

export function digestOfHash(hash: Uint8Array): Digest {
  const digest = parseDigest(hex(hash))
  if (digest === null) throw new Bug('a leaf hash has 32 bytes')
  return digest
}

/** A tlog-proof of one entry; `null` while no checkpoint covers it. */
export async function proofOf(tx: Tx, seq: number): Promise<string | null> {
  const checkpoint = await newestCheckpoint(tx)
  if (checkpoint === null || seq >= checkpoint.size) return null
  const leaves = await leafHashesBetween(tx, { start: 0, end: checkpoint.size })
  const hashes = inclusionProof(nodePrimitives, leaves, seq)
  const made = formatTlogProof({ index: seq, hashes, extra: null, checkpoint: checkpoint.note })
  if (!made.ok) throw new Bug(`the proof of entry ${seq} cannot be written: ${made.problem}`)
  return made.text
}

/** The bytes of a tile or an entry bundle; `null` where the signed log has no such place. */
export async function tileAt(tx: Tx, path: string): Promise<Uint8Array | null> {
  const place = parseTilePath(path)
  const size = (await newestCheckpoint(tx))?.size ?? 0
  if (place === null) return null
  if (place.kind === 'entries') {
    const { index, width } = place.bundle
    const start = index * TILE_WIDTH
    if (start + width > size) return null
    const leaves = await leavesBetween(tx, { start, end: start + width })
    const made = formatEntryBundle(leaves.map((leaf) => leaf.data))
    if (!made.ok) throw new Bug(`an entry bundle cannot be written: ${made.problem}`)
    return made.bytes
  }
  const { tile } = place
  const range = leavesOf(tile)
  if (range.end > size) return null
  const leaves = await leafHashesBetween(tx, range)
  return tileBytes(tile, nodesOf(leaves, tile.width))
}

const TILE_WIDTH = 256

/** The hashes of a tile: each the root over an equal share of the leaves below it. */
function nodesOf(leaves: readonly Uint8Array[], width: number): readonly Uint8Array[] {
  const share = leaves.length / width
  return Array.from({ length: width }, (_, index) =>
    treeRoot(nodePrimitives, leaves.slice(index * share, (index + 1) * share)),
  )
}
